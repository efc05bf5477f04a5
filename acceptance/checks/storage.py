"""Whether what the application accepted is where it is looked for."""

from __future__ import annotations

from typing import Protocol

from acceptance.findings import Finding


class Counted(Protocol):
    """How many events were accepted, and how many the tested database holds."""

    @property
    def accepted(self) -> int:
        """Events that the application says it has accepted."""

    @property
    def found(self) -> int:
        """Events of the run in the database."""


def missing_events(stored: Counted) -> list[Finding]:
    """Return a finding when fewer events are stored than were accepted, or none was accepted at all."""
    where = "table analytics_events of DATABASE_URL"
    if stored.accepted < 1:
        return [Finding("synthetic events to be accepted", "none was", "POST /api/v1/analytics/track/...")]
    if stored.found < stored.accepted:
        lost = f"{stored.found} of {stored.accepted} accepted events; is this the application's own database?"
        return [Finding(f"{stored.accepted} events of this run", lost, where)]
    return []
