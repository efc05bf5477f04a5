"""Filters of the services' list, and what moves a service."""

from datetime import timedelta
from typing import Any

import pytest

from proof.provider_api.client import Provider
from proof.waiting import wait_for
from reference.provider.mint import stamp


def names(provider: Provider, **parameters: Any) -> set[str]:
    """The services that a filter leaves, without their common beginning."""
    found = provider.walk("/services", "service", **parameters)
    return {each["name"].removeprefix("other-") for each in found}


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"name": "ecomdash-api"}, {"ecomdash-api"}),
        ({"name": "ecomdash-api,imaged"}, {"ecomdash-api", "imaged"}),
        ({"name": ["ecomdash-api", "imaged"]}, {"ecomdash-api", "imaged"}),
        ({"name": "ecomdash"}, set()),
        ({"type": "cron_job,static_site"}, {"cron_job", "static_site"}),
        ({"region": "oregon"}, {"ecomdash-api", "imaged"}),
        ({"region": "oregon", "name": "imaged"}, {"imaged"}),
        ({"suspended": "suspended"}, set()),
        ({"ownerId": "tea-00000000000000000000"}, set()),
    ],
)
def test_filters(provider: Provider, parameters: dict[str, Any], expected: set[str]) -> None:
    """Values are joined by commas or repeated; different filters must all fit."""
    assert names(provider, **parameters) == expected


def test_filters_by_time_and_owner(provider: Provider) -> None:
    """The api was created before the others; all are of the workspace's owner."""
    middle = stamp(provider.api.created_at + timedelta(hours=1))
    assert names(provider, createdBefore=middle) == {"ecomdash-api"}
    assert "ecomdash-api" not in names(provider, createdAfter=middle)
    assert len(names(provider, ownerId=provider.workspace.owner.id)) == len(provider.workspace.services)


def test_restart_gives_a_new_instance(provider: Provider) -> None:
    """200 without a body; then the instance is another, and an event says so."""
    path = f"/services/{provider.api.id}"
    (before,) = provider.get(f"{path}/instances")
    answer = provider.http.post(f"{path}/restart")
    assert (answer.status_code, answer.content) == (200, b"")
    assert "content-type" not in answer.headers
    wait_for(lambda: provider.engine.done == ["restart"], "it is restarted")
    (after,) = provider.get(f"{path}/instances")
    assert before["id"] != after["id"]
    assert provider.get(f"{path}/events", limit=1)[0]["event"]["type"] == "server_restarted"


def test_suspend_and_resume(provider: Provider) -> None:
    """202 without a body; the state is told at once, the engine moves once for each."""
    path = f"/services/{provider.api.id}"
    for _ in range(2):
        answer = provider.http.post(f"{path}/suspend")
        assert (answer.status_code, answer.content, answer.headers.get("content-type")) == (202, b"", None)
    service = provider.get(path)
    assert (service["suspended"], service["suspenders"]) == ("suspended", ["user"])
    assert names(provider, suspended="suspended") == {"ecomdash-api"}
    wait_for(lambda: provider.get(f"{path}/instances") == [], "no instance is left")
    for _ in range(2):
        assert provider.http.post(f"{path}/resume").status_code == 202
    assert provider.get(path)["suspended"] == "not_suspended"
    wait_for(lambda: provider.engine.done == ["suspend", "resume"], "it is resumed")
    kinds = [each["event"]["type"] for each in provider.get(f"{path}/events")]
    assert kinds[:2] == ["service_resumed", "service_suspended"]


def test_events_keep_to_the_window_and_type(provider: Provider) -> None:
    """By default the last hour; a type and a window narrow it."""
    path = f"/services/{provider.api.id}/events"
    kinds = [each["event"]["type"] for each in provider.get(path)]
    assert kinds == ["server_available", "deploy_ended", "deploy_started"]
    (ended,) = provider.get(path, type="deploy_ended")
    assert ended["event"]["details"]["deployStatus"] == "succeeded"
    assert provider.get(path, endTime=stamp(provider.api.events[0].timestamp - timedelta(seconds=1))) == []
    provider.api.events[0].timestamp -= timedelta(hours=2)
    assert len(provider.get(path)) == 2
