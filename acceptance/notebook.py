"""What a test records beside its judgement."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Notebook:
    """What a test records beside its judgement; tests get it as the fixture `evidence`."""

    entries: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    judgements: int = 0
    duration_s: float = 0.0

    def add(self, title: str, detail: str = "") -> None:
        """Record one measured fact: a title that fits into a table, and the detail behind it."""
        self.entries.append((title, detail))

    def note(self, sentence: str) -> None:
        """Let the test end noted instead of passed: the plan lets the deployment proceed, and people should know."""
        self.notes.append(sentence)

    def fact(self, name: str, value: Any) -> None:  # noqa: ANN401 - text, or a list of rows
        """Record a fact of the whole run, such as the version that answers."""
        self.facts[name] = value
