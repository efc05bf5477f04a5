"""The reader of a service's log and events, against the embedded provider's API."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from acceptance.outcomes import Unverified
from acceptance.probes.activity import LINES_A_PAGE, MOST_PAGES, Activity, Span, read_activity
from acceptance.probes.provider_client import ProviderApi
from acceptance.probes.provider_models import Deploy, Service
from proof.provider_api.memory import make_engine, make_workspace, serving
from reference.faults.wrappers import JSON, answering, at
from reference.layers import Layers
from reference.provider.api import create_api
from reference.provider.mint import now
from reference.provider.model import LogLine, Workspace
from reference.upstream import Answer


def read(workspace: Workspace, lines: list[LogLine], minutes: float = 10) -> Activity:
    """Return what the reader makes of the api's lines and events of the last minutes."""
    engine = make_engine(workspace)
    engine.lines[:] = lines
    since = now() - timedelta(minutes=minutes)
    with (
        serving(create_api(workspace, engine)) as url,
        ProviderApi(f"{url}/v1", workspace.api_key) as api,
    ):
        service = api.get(f"/services/{workspace.services[0].id}", Service)
        return read_activity(api, service, Span(asked=now(), lines_since=since, events_since=since))


def lines(workspace: Workspace, number: int, level: str = "info") -> list[LogLine]:
    """Return lines of the api, a millisecond apart, the last one of now."""
    api, last = workspace.services[0].id, now()
    return [
        LogLine(last - timedelta(milliseconds=number - 1 - n), api, None, level, "app", f"{level} {n}")
        for n in range(number)
    ]


def test_every_line_of_the_window_is_read() -> None:
    """Page after page, each once, the newest first; older ones and those of others are left out."""
    workspace = make_workspace()
    number = 2 * LINES_A_PAGE + 17
    wanted = lines(workspace, number)
    old = replace(wanted[0], timestamp=now() - timedelta(minutes=11), message="too old")
    other = replace(wanted[0], resource=workspace.services[1].id, message="another's")
    found = read(workspace, [old, other, *wanted])
    assert found.whole
    assert [line.message for line in found.lines] == [f"info {n}" for n in reversed(range(number))]
    assert {line.label("level") for line in found.lines} == {"info"}


def test_of_a_long_log_the_newest_part_and_all_trouble_are_read() -> None:
    """An error behind more lines than are read is found by its level."""
    workspace = make_workspace()
    flood = lines(workspace, MOST_PAGES * LINES_A_PAGE + 50)
    early = [
        replace(flood[0], timestamp=now() - timedelta(minutes=9), level=level, message=text)
        for level, text in (
            ("error", "by its level"),
            ("warning", "a warning"),
            ("info", "Traceback (most recent call last):"),
            ("info", "2026-11-24 12:00:00 CRITICAL gone"),
            ("info", "nothing"),
        )
    ]
    found = read(workspace, [*early, *flood])
    assert not found.whole
    assert len(found.lines) == MOST_PAGES * LINES_A_PAGE + 4
    assert {line.message for line in found.lines} >= {each.message for each in early[:4]}


def test_no_number_of_warnings_hides_an_error() -> None:
    """Each kind is asked for apart."""
    workspace = make_workspace()
    flood = lines(workspace, MOST_PAGES * LINES_A_PAGE + 50, "warning")
    error = replace(flood[0], timestamp=now() - timedelta(minutes=9), level="error", message="gone")
    assert "gone" in {line.message for line in read(workspace, [error, *flood]).lines}


def test_pages_that_bring_nothing_new_are_unverified() -> None:
    """A log whose next page is the same again was not read."""
    workspace = make_workspace()
    page = {"hasMore": True, "nextStartTime": "2026-11-24T12:00:00Z", "nextEndTime": "2026-11-24T12:01:00Z"}
    line = {"id": "1", "message": "again", "timestamp": "2026-11-24T12:00:30Z", "labels": []}
    answer = Answer(200, [JSON], json.dumps({**page, "logs": [line]}).encode())
    layers = Layers(create_api(workspace, make_engine(workspace)))
    layers.append(answering(at("/v1/logs"), answer))
    span = Span(asked=now(), lines_since=now() - timedelta(minutes=10), events_since=now() - timedelta(minutes=10))
    with serving(layers) as url, ProviderApi(f"{url}/v1", workspace.api_key) as api:
        service = api.get(f"/services/{workspace.services[0].id}", Service)
        with pytest.raises(Unverified, match="it says that there is more, and shows nothing new"):
            read_activity(api, service, span)


@pytest.mark.parametrize(("minutes", "number"), [(10, 1), (0.5, 0)])
def test_events_of_the_window_are_read(minutes: float, number: int) -> None:
    """With their details; what lies before the window is left out, whatever the provider lists."""
    workspace = make_workspace()
    api = workspace.services[0]
    api.events.clear()
    api.record("server_failed", reason={"nonZeroExit": 137})
    api.events[-1] = replace(api.events[-1], timestamp=now() - timedelta(minutes=1))
    found = read(workspace, [], minutes)
    assert [(event.type, event.details["reason"]) for event in found.events] == [
        ("server_failed", {"nonZeroExit": 137})
    ] * number


DEPLOYED = now().replace(microsecond=0)


@pytest.mark.parametrize(
    ("deploys", "asked_after", "lines_after", "events_after"),
    [
        ([("live", 0, None)], 5, 0, 0),
        ([("live", -9, 0)], 5, 0, 0),
        ([("canceled", 3, 4), ("live", -9, 0), ("deactivated", -50, -40)], 5, 0, 0),
        ([("live", 0, 1)], 30, 20, 1),
        ([("live", 0, 1)], 90, 80, 30),
        ([("build_failed", 0, 1)], 5, -5, -55),
        ([], 5, -5, -55),
    ],
)
def test_a_span_begins_when_the_live_deploy_took_over(
    deploys: list[tuple[str, int, int | None]], asked_after: int, lines_after: int, events_after: int
) -> None:
    """In minutes; ten of the log and an hour of events at most, whatever was tried since."""

    def at_minute(minute: int) -> datetime:
        return DEPLOYED + timedelta(minutes=minute)

    known = [
        Deploy(
            id=status,
            status=status,
            created_at=at_minute(created),
            finished_at=None if finished is None else at_minute(finished),
        )
        for status, created, finished in deploys
    ]
    span = Span.of(known, asked=at_minute(asked_after), log_level="INFO")
    assert span == Span(at_minute(asked_after), at_minute(lines_after), at_minute(events_after), "INFO")
