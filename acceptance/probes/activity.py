"""What a service did of late, as the hosting provider keeps it: its log lines and its events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from acceptance.probes.provider_client import ProviderApi
from acceptance.probes.provider_models import Event, LogLine, LogPage, Service

LINES_A_PAGE = 100
MOST_PAGES = 10
TROUBLE = ("warning", "warn", "error", "critical", "fatal", "alert", "emergency", "panic")


@dataclass(frozen=True)
class Activity:
    """What a service did since two moments.

    `lines` are the newest ones (at most MOST_PAGES full pages) and every one whose level tells of trouble; `whole` is
    whether nothing since `lines_since` is left out.
    """

    service: str
    lines_since: datetime
    lines: tuple[LogLine, ...]
    whole: bool
    events_since: datetime
    events: tuple[Event, ...]


def read_activity(api: ProviderApi, service: Service, *, lines_since: datetime, events_since: datetime) -> Activity:
    """Read a service's log lines and events.

    Raises:
        Unverified: something could not be read; says why and what to do.
    """
    newest, whole = _lines(api, service, lines_since)
    troubled = () if whole else _lines(api, service, lines_since, TROUBLE)[0]
    query = {"startTime": _moment(events_since)}
    events = api.pages(f"/services/{service.id}/events", "event", Event, query)
    return Activity(
        service=service.name,
        lines_since=lines_since,
        lines=tuple({line.id: line for line in (*newest, *troubled)}.values()),
        whole=whole,
        events_since=events_since,
        events=tuple(event for event in events if event.timestamp >= events_since),
    )


def _lines(
    api: ProviderApi, service: Service, since: datetime, levels: Sequence[str] = ()
) -> tuple[tuple[LogLine, ...], bool]:
    """The lines of these levels, or of all, newest first, and whether they are all that there are."""
    lines: list[LogLine] = []
    for page in _pages(api, {"ownerId": service.owner_id, "resource": service.id, "level": levels}, since):
        lines += page.logs
        if not page.has_more:
            return tuple(lines), True
    return tuple(lines), False


def _pages(api: ProviderApi, query: Mapping[str, str | Sequence[str]], since: datetime) -> Iterator[LogPage]:
    """The first pages of the log; a page says from when to when the next one reaches."""
    window = {"startTime": _moment(since)}
    for _ in range(MOST_PAGES):
        page = api.get("/logs", LogPage, {**query, **window, "limit": str(LINES_A_PAGE)})
        yield page
        window = {"startTime": page.next_start_time, "endTime": page.next_end_time}


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
