"""The words in which the reports name verdicts, outcomes, levels, moments and durations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple


class OutcomeWords(NamedTuple):
    """How an outcome is named and explained; the mark decorates the word and never stands alone."""

    word: str
    mark: str
    explanation: str


# From the worst to the best: the order of the report's sections.
OUTCOMES: Mapping[str, OutcomeWords] = {
    "failed": OutcomeWords("Failed", "✕", "Measured, and not as the plan promises."),
    "unverified": OutcomeWords("Not verified", "?", "Not measured, so not known. Never counted as passed."),
    "waived": OutcomeWords("Waived", "»", "Failed or not verified, and let through by name until a date."),
    "noted": OutcomeWords("Noted", "!", "The plan lets these proceed with a note."),
    "attested": OutcomeWords("Attested", "§", "Checked by a person, by name, date and evidence."),
    "passed": OutcomeWords("Passed", "✓", "Measured, and as the plan promises."),
}

LEVELS: Mapping[str, str] = {
    "must_have": "must-have",
    "decision_point": "decision point",
    "kpi": "KPI",
    "nice_to_have": "nice-to-have",
    "predeploy": "pre-deployment check",
    "rollback": "rollback scenario",
    "objective": "objective",
}

EXIT_STATUSES: Mapping[int, str] = {
    0: "GO",
    1: "NO-GO",
    2: "interrupted",
    3: "internal error",
    4: "usage error",
    5: "nothing collected",
    20: "UNVERIFIED",
}


def level_words(level: str) -> str:
    """Name a criterion's level; one that is unknown here stands as it is."""
    return LEVELS.get(level, level)


def selection_words(selection: str) -> str:
    """Name what a run selected: `must_have` reads "must-have criteria", an expression stands as it is."""
    if selection == "every level":
        return "every criterion"
    return f"{LEVELS[selection]} criteria" if selection in LEVELS else selection


def moment(text: str) -> str:
    """Write an ISO 8601 moment as `2026-01-14 09:32:08 UTC`; text that is none stands as it is."""
    parsed = _parsed(text)
    return f"{parsed:%Y-%m-%d %H:%M:%S} UTC" if parsed else text or "not recorded"


def day(text: str) -> str:
    """Write an ISO 8601 moment's day in UTC as `14 January 2026`; text that is none stands as it is."""
    parsed = _parsed(text)
    return f"{parsed.day}\N{NO-BREAK SPACE}{parsed:%B %Y}" if parsed else text


def elapsed(started: str, finished: str) -> str:
    """Write the time between two ISO 8601 moments, or that it isn't known."""
    begin, end = _parsed(started), _parsed(finished)
    return seconds((end - begin).total_seconds()) if begin and end else "not known"


def seconds(duration_s: float) -> str:
    """Write a duration, given in seconds: `0.84 s`, `12.3 s`, `4 min 05 s`."""
    if duration_s >= 60:
        whole = round(duration_s)
        return f"{whole // 60} min {whole % 60:02} s"
    return f"{duration_s:.1f} s" if duration_s >= 10 else f"{duration_s:.2f} s"


def count(number: int, thing: str, things: str = "") -> str:
    """Write a number with its noun: `1 test`, `3 tests`, `1,204 judgements`."""
    return f"{number:,} {thing if number == 1 else things or thing + 's'}"


def listed(names: Iterable[str]) -> str:
    """Join names as a sentence does: `MH-1`, `MH-1 and MH-2`, `MH-1, MH-2 and MH-3`."""
    *head, last = list(names) or [""]
    return f"{', '.join(head)} and {last}" if head else last


def _parsed(text: str) -> datetime | None:
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError:
        return None
    return parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
