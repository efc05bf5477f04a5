"""The catch matrix of `docs/proof.md`: which fault turns which criterion, generated from the catalogue of faults.

`python -m proof.matrix` (part of `make docs`) writes it between the page's markers.
"""

from __future__ import annotations

import re
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from acceptance.catalogue import load_catalogue
from acceptance.paths import ROOT
from reference.faults import CATALOGUE, Fault

PAGE = ROOT / "docs" / "proof.md"
OUTCOMES = ("failed", "unverified", "noted")
_MATRIX = re.compile(r"(?<=<!-- matrix: begin -->\n).*?(?=<!-- matrix: end -->)", re.DOTALL)


def page(current: str) -> str:
    """Return the page with the matrix of today between its markers."""
    return _MATRIX.sub(lambda _: "\n".join([*_counts(), "", *_matrix()]) + "\n", current)


def faults_of(criterion_id: str) -> list[Fault]:
    """Return the faults that turn a criterion."""
    return [fault for fault in CATALOGUE.values() if criterion_id in fault.breaks]


def _proven() -> list[str]:
    """The criteria that faults turn, in the plan's order."""
    return [criterion.id for criterion in load_catalogue() if faults_of(criterion.id)]


def _counts() -> list[str]:
    rows = [f"| criterion | faults | {' | '.join(OUTCOMES)} |", f"| --- |{' --- |' * (len(OUTCOMES) + 1)}"]
    for criterion_id in _proven():
        endings = Counter(fault.breaks[criterion_id] for fault in faults_of(criterion_id))
        numbers = " | ".join(str(endings[outcome]) for outcome in OUTCOMES)
        rows.append(f"| {criterion_id} | {endings.total()} | {numbers} |")
    return [f"{len(CATALOGUE)} faults. One may turn several criteria.", "", *rows]


def _matrix() -> list[str]:
    """A row a fault, by the first criterion that it turns; its mark is the outcome's first letter."""
    proven = _proven()
    head = [f"| fault | what it is | {' | '.join(proven)} |", f"| --- | --- |{' --- |' * len(proven)}"]
    faults = sorted(CATALOGUE.values(), key=lambda fault: min(proven.index(each) for each in fault.breaks))
    rows = [f"| `{f.name}` | {_cell(f.summary)} | {' | '.join(_marks(f.breaks, proven))} |" for f in faults]
    return ["F: failed, U: unverified, N: noted; an empty cell: as on the healthy deployment.", "", *head, *rows]


def _marks(breaks: Mapping[str, str], proven: list[str]) -> list[str]:
    return [breaks.get(criterion_id, "")[:1].upper() for criterion_id in proven]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def main(path: Path = PAGE) -> int:
    """Write the page anew."""
    path.write_text(page(path.read_text()))
    return 0


if __name__ == "__main__":
    sys.exit(main())
