"""Whether accepted events are stored: fewer than were accepted is a finding, more is none, none accepted is one."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from acceptance.checks.storage import missing_events
from acceptance.findings import Finding


@dataclass(frozen=True)
class Events:
    """How many were accepted, and found in the database."""

    accepted: int
    found: int


@pytest.mark.parametrize("events", [Events(1, 1), Events(3, 3), Events(3, 5)])
def test_what_was_accepted_and_is_stored_passes(events: Events) -> None:
    """An answer that was lost on its way may leave one event more than were seen accepted."""
    assert missing_events(events) == []


@pytest.mark.parametrize("events", [Events(1, 0), Events(3, 2)])
def test_an_accepted_event_that_is_not_stored_is_found(events: Events) -> None:
    """The sentence says how many, and what the likely reason is."""
    lost = f"{events.found} of {events.accepted} accepted events; is this the application's own database?"
    wanted = f"{events.accepted} events of this run"
    assert missing_events(events) == [Finding(wanted, lost, "table analytics_events of DATABASE_URL")]


@pytest.mark.parametrize("events", [Events(0, 0), Events(0, 1)])
def test_no_accepted_event_at_all_proves_nothing(events: Events) -> None:
    """A comparison of nothing with nothing is no pass."""
    asked = "POST /api/v1/analytics/track/..."
    assert missing_events(events) == [Finding("synthetic events to be accepted", "none was", asked)]
