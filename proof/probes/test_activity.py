"""The reader of a service's log and events, against the embedded provider's API."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from acceptance.probes.activity import LINES_A_PAGE, MOST_PAGES, Activity, read_activity
from acceptance.probes.provider_client import ProviderApi
from acceptance.probes.provider_models import Service
from proof.provider_api.memory import make_engine, make_workspace, serving
from reference.provider.api import create_api
from reference.provider.mint import now
from reference.provider.model import LogLine, Workspace


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
        return read_activity(api, service, lines_since=since, events_since=since)


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
        replace(flood[0], timestamp=now() - timedelta(minutes=9), level=level, message=level)
        for level in ("error", "warning", "critical", "info")
    ]
    found = read(workspace, [*early, *flood])
    assert not found.whole
    assert len(found.lines) == MOST_PAGES * LINES_A_PAGE + 3
    assert {line.message for line in found.lines} >= {"error", "warning", "critical"}


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
