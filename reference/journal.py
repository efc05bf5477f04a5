"""What the deployment's processes printed, as the provider keeps it."""

import json
from collections import defaultdict, deque
from collections.abc import Sequence
from datetime import UTC, datetime

from reference.processes import OnLine
from reference.provider.model import LogLine

_KEPT = 20_000
_TROUBLE = frozenset({"warning", "error", "critical", "fatal"})
_POSTGRES = {"WARNING:": "warning", "ERROR:": "error", "FATAL:": "critical", "PANIC:": "critical"} | dict.fromkeys(
    ("LOG:", "NOTICE:", "INFO:", "DETAIL:", "HINT:", "CONTEXT:", "STATEMENT:", "QUERY:"), "info"
)
"""What PostgreSQL's lines begin with."""


class Journal:
    """The latest lines of each resource."""

    def __init__(self) -> None:
        self._lines: dict[str, deque[LogLine]] = defaultdict(lambda: deque(maxlen=_KEPT))

    def lines(self, resource: str) -> Sequence[LogLine]:
        """A resource's lines, oldest first."""
        return tuple(self._lines[resource])

    def forgive(self) -> None:
        """Forget the lines that tell of trouble, and the provider's own, which may."""
        for resource, lines in self._lines.items():
            quiet = [line for line in lines if line.level is not None and line.level not in _TROUBLE]
            self._lines[resource] = deque(quiet, maxlen=_KEPT)

    def reader(self, resource: str, instance: str | None = None) -> OnLine:
        """Takes the lines of a process of the resource."""

        def read(stream: str, line: str) -> None:
            self._add(resource, instance, _level(stream, line), line)

        return read

    def note(self, resource: str, message: str) -> None:
        """Add a line of the provider's own about a resource."""
        self._add(resource, None, None, f"==> {message}")

    def _add(self, resource: str, instance: str | None, level: str | None, message: str) -> None:
        self._lines[resource].append(LogLine(datetime.now(UTC), resource, instance, level, "app", message))


def _level(stream: str, line: str) -> str:
    """The level that a line names, in JSON or in front; else that of its stream."""
    if line.startswith("{"):
        try:
            named = json.loads(line).get("level")
        except (json.JSONDecodeError, RecursionError):
            named = None
        if isinstance(named, str):
            return named.lower()
    return _POSTGRES.get(line.partition(" ")[0], "info" if stream == "stdout" else "error")
