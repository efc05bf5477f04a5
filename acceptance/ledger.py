"""The ledger of what a run writes on a target: entered before it is created, so that a killed run can be cleaned up."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from acceptance.paths import ROOT

REPORTS_DIR = ROOT / "reports"
_PREFIX = re.compile(r"^apexacc-\d{8}t\d{6}-[0-9a-f]{8}-$")


def new_prefix(now: datetime | None = None) -> str:
    """Return a run's prefix for every session and visitor id that it makes up."""
    moment = (now or datetime.now(UTC)).strftime("%Y%m%dt%H%M%S")
    return f"apexacc-{moment}-{secrets.token_hex(4)}-"


class Ledger:
    """The runs' prefixes for a target that may have left rows behind, one file a prefix."""

    def __init__(self, target: str, root: Path = REPORTS_DIR) -> None:
        """Keep the ledger of a target (its name) in `ledger/` of a folder of reports."""
        self.target = target
        self.root = root
        self._folder = root / "ledger" / target

    def enter(self, prefix: str) -> None:
        """Record a prefix before anything that carries it is created."""
        self._folder.mkdir(parents=True, exist_ok=True)
        self._file(prefix).touch()

    def account(self, prefix: str, accepted: int) -> None:
        """Record how many more events the application has accepted under a prefix."""
        with self._file(prefix).open("a") as file:
            file.write(f"{accepted}\n")

    def accepted(self, prefix: str) -> int | None:
        """Return how many events the application has accepted under a prefix; None while that is not known."""
        counts = self._file(prefix).read_text().split()
        return sum(map(int, counts)) if counts else None

    def strike(self, prefix: str) -> None:
        """Forget a prefix whose rows are gone."""
        self._file(prefix).unlink(missing_ok=True)

    def __iter__(self) -> Iterator[str]:
        """Iterate over the open prefixes, oldest first."""
        names = sorted(path.name for path in self._folder.glob("apexacc-*")) if self._folder.is_dir() else []
        return (name for name in names if _PREFIX.match(name))

    def _file(self, prefix: str) -> Path:
        if not _PREFIX.match(prefix):
            raise ValueError(f"{prefix!r} is no run's prefix")
        return self._folder / prefix
