"""What a check finds wrong, in the words that a failure is shown with: the one renderer of failures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MOST_SHOWN = 12


@dataclass(frozen=True)
class Finding:
    """One thing that is not as promised."""

    expected: str
    found: str
    where: str
    reproduce: str = ""

    def __str__(self) -> str:
        """Return it as labelled lines."""
        lines = [f"Expected: {self.expected}", f"Found: {self.found}", f"Where: {self.where}"]
        return "\n".join([*lines, f"Reproduce with: {self.reproduce}"] if self.reproduce else lines)


def render(findings: Sequence[Finding]) -> str:
    """Return the findings for people, the first dozen in full."""
    shown = "\n\n".join(str(finding) for finding in findings[:MOST_SHOWN])
    rest = len(findings) - MOST_SHOWN
    return f"{shown}\n\nand {rest} more of the kind" if rest > 0 else shown
