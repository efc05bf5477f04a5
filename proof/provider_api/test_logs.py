"""Logs are read by window, filtered by labels and text, and paged by time without loss."""

from datetime import timedelta
from typing import Any

import pytest

from proof.provider_api.client import Provider
from reference.provider.mint import now, stamp


def read(provider: Provider, **parameters: Any) -> Any:
    """One page of the api's lines."""
    fixed = {"ownerId": provider.workspace.owner.id, "resource": provider.api.id}
    return provider.get("/logs", **(fixed | parameters))


def walk(provider: Provider, **parameters: Any) -> list[str]:
    """The messages of all pages, in the order of reading."""
    messages: list[str] = []
    while True:
        page = read(provider, **parameters)
        messages += [each["message"] for each in page["logs"]]
        if not page["hasMore"]:
            return messages
        parameters |= {"startTime": page["nextStartTime"], "endTime": page["nextEndTime"]}


@pytest.mark.parametrize("limit", [1, 3, 7, 50, 51, 100])
def test_a_walk_meets_every_line_once(provider: Provider, limit: int) -> None:
    """Lines of the same microsecond are neither lost nor repeated, in either direction."""
    written = [line.message for line in provider.engine.lines]
    assert walk(provider, limit=limit, direction="forward") == written
    assert walk(provider, limit=limit) == written[::-1]


def test_a_page_holds_the_newest_twenty(provider: Provider) -> None:
    """Twenty lines by default, the newest first, with the labels that they have."""
    page = read(provider)
    assert (len(page["logs"]), page["hasMore"]) == (20, True)
    newest, former = page["logs"][:2]
    assert newest["labels"] == [
        {"name": "resource", "value": provider.api.id},
        {"name": "type", "value": "build"},
    ]
    assert [each["name"] for each in former["labels"]] == ["resource", "instance", "level", "type"]


@pytest.mark.parametrize(
    ("parameters", "count"),
    [
        ({"level": "error"}, 5),
        ({"level": "ERROR"}, 5),
        ({"level": ["error", "info"]}, 50),
        ({"level": "err"}, 0),
        ({"level": "e*"}, 5),
        ({"type": "app"}, 50),
        ({"type": "build"}, 1),
        ({"text": "line 4"}, 11),
        ({"text": "LINE 49"}, 1),
        ({"text": "line*9"}, 5),
        ({"text": "/line [12]$/"}, 2),
        ({"text": "line ["}, 0),
        ({"statusCode": "500"}, 0),
        ({"level": "error", "text": "line 30"}, 1),
    ],
)
def test_filters(provider: Provider, parameters: dict[str, Any], count: int) -> None:
    """Labels are compared whole, text in part; wildcards and regular expressions are taken; case is not."""
    assert len(read(provider, limit=100, **parameters)["logs"]) == count


def test_windows(provider: Provider) -> None:
    """A window holds its start and not its end; without one it is the last hour."""
    first = provider.engine.lines[0].timestamp
    span = {"startTime": stamp(first), "endTime": stamp(first + timedelta(milliseconds=1))}
    assert walk(provider, **span, direction="forward") == [f"line {number}" for number in range(4)]
    hour = timedelta(hours=1)
    assert walk(provider, startTime=stamp(first - hour), endTime=stamp(first)) == []


def test_refusals(provider: Provider) -> None:
    """Owner and resource are required and must be known; the window must be sound and recent."""
    owner, resource = provider.workspace.owner.id, provider.api.id

    def refused(status: int, **parameters: Any) -> str:
        return provider.refused(status, "GET", "/logs", params=parameters)

    assert "required" in refused(400, ownerId=owner)
    assert "required" in refused(400, resource=resource)
    assert refused(404, ownerId="tea-x", resource=resource) == "not found: tea-x"
    assert refused(404, ownerId=owner, resource="srv-x") == "not found: srv-x"
    elsewhere = provider.workspace.services[1].id
    assert "region" in refused(400, ownerId=owner, resource=[resource, elsewhere])
    assert "direction" in refused(400, ownerId=owner, resource=resource, direction="up")
    assert "expression" in refused(400, ownerId=owner, resource=resource, text="/(/")
    old = stamp(now() - timedelta(days=31))
    assert "30 days" in refused(400, ownerId=owner, resource=resource, startTime=old)
    assert "endTime" in refused(400, ownerId=owner, resource=resource, endTime=old)
