"""What a service did of late, as the hosting provider keeps it: its log lines and its events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

from acceptance.outcomes import Unverified
from acceptance.probes.provider_client import ProviderApi, Query
from acceptance.probes.provider_models import Deploy, Event, LogLine, LogPage, Service

LOG_WINDOW = timedelta(minutes=10)
EVENTS_WINDOW = timedelta(hours=1)
LINES_A_PAGE = 100
MOST_PAGES = 10
# What is asked for apart when a log is longer than is read: so many lines of one kind hide none of another.
_APART: tuple[Query, ...] = (
    {"level": ("error", "err", "critical", "crit", "fatal", "alert", "emergency", "panic")},
    {"text": ("Traceback", "ERROR", "CRITICAL", "FATAL", "Health check", "health check", "become healthy")},
    {"level": ("warning", "warn")},
)


@dataclass(frozen=True)
class Activity:
    """What a service did since two moments.

    `lines` are the newest ones (at most MOST_PAGES full pages) and as many again of each kind that tells of trouble;
    `whole` is whether nothing since `lines_since` is left out. `asked` is when the run began to ask the service, whose
    setting of LOG_LEVEL is `log_level`.
    """

    service: str
    asked: datetime
    log_level: str
    lines_since: datetime
    lines: tuple[LogLine, ...]
    whole: bool
    events_since: datetime
    events: tuple[Event, ...]


@dataclass(frozen=True)
class Span:
    """What is of interest of a service's activity: see `Activity`."""

    asked: datetime
    lines_since: datetime
    events_since: datetime
    log_level: str = ""

    @classmethod
    def of(cls, deploys: Sequence[Deploy], *, asked: datetime, log_level: str) -> Self:
        """Return the span of the deploy that is live: what was before it took over is not its own.

        Args:
            deploys: newest first.
            asked: when the run began to ask the service.
            log_level: the service's setting.
        """
        live = next((deploy for deploy in deploys if deploy.status == "live"), None)
        since = (live.finished_at or live.created_at) if live else datetime.min.replace(tzinfo=UTC)
        return cls(asked, max(since, asked - LOG_WINDOW), max(since, asked - EVENTS_WINDOW), log_level)


def read_activity(api: ProviderApi, service: Service, span: Span) -> Activity:
    """Read a service's log lines and events.

    Raises:
        Unverified: something could not be read; says why and what to do.
    """
    lines, whole = _lines(api, service, span.lines_since, {})
    for kind in () if whole else _APART:
        lines |= _lines(api, service, span.lines_since, kind)[0]
    events = api.pages(f"/services/{service.id}/events", "event", Event, {"startTime": _moment(span.events_since)})
    return Activity(
        service=service.name,
        asked=span.asked,
        log_level=span.log_level,
        lines_since=span.lines_since,
        lines=tuple(lines.values()),
        whole=whole,
        events_since=span.events_since,
        events=tuple(event for event in events if event.timestamp >= span.events_since),
    )


def _lines(api: ProviderApi, service: Service, since: datetime, kind: Query) -> tuple[dict[str, LogLine], bool]:
    """The lines of a kind by id, newest first, and whether they are all that there are."""
    lines: dict[str, LogLine] = {}
    for page in _pages(api, {"ownerId": service.owner_id, "resource": service.id, **kind}, since):
        known = len(lines)
        lines |= {line.id: line for line in page.logs}
        if not page.has_more:
            return lines, True
        if len(lines) == known:
            raise Unverified("The provider's log can't be read: it says that there is more, and shows nothing new.")
    return lines, False


def _pages(api: ProviderApi, query: Query, since: datetime) -> Iterator[LogPage]:
    """The first pages of the log; a page says from when to when the next one reaches."""
    window = {"startTime": _moment(since)}
    for _ in range(MOST_PAGES):
        page = api.get("/logs", LogPage, {**query, **window, "limit": str(LINES_A_PAGE)})
        yield page
        window = {"startTime": page.next_start_time, "endTime": page.next_end_time}


def _moment(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
