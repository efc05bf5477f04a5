"""Deploys and rollbacks run after their answer and end as the engine says."""

import pytest

from proof.provider_api.client import Provider, validate
from proof.provider_api.memory import broken_commit
from proof.waiting import wait_for
from reference.provider.model import Commit, Deploy


@pytest.fixture
def path(provider: Provider) -> str:
    """The api's path."""
    return f"/services/{provider.api.id}"


def status(provider: Provider, deploy_id: str) -> str:
    """How a deploy of the api stands."""
    return str(provider.get(f"/services/{provider.api.id}/deploys/{deploy_id}")["status"])


def test_a_deploy_goes_live_and_supersedes(provider: Provider, path: str) -> None:
    """201 with the new deploy; it goes live, the former one is deactivated, the instance is new."""
    former, (instance,) = provider.api.live_deploy, provider.get(f"{path}/instances")
    assert former is not None
    answer = provider.http.post(f"{path}/deploys", json={})
    assert answer.status_code == 201
    deploy = answer.json()
    validate(f"{path}/deploys/{deploy['id']}", deploy)
    assert (deploy["status"], deploy["trigger"]) == ("created", "api")
    assert deploy["commit"]["id"] == former.commit.id if former.commit else None
    wait_for(lambda: status(provider, deploy["id"]) == "live", "the deploy is live")
    assert status(provider, former.id) == "deactivated"
    assert provider.get(f"{path}/instances")[0]["id"] != instance["id"]
    assert provider.get(f"{path}/deploys/{deploy['id']}")["finishedAt"] > deploy["createdAt"]


def test_a_named_commit_is_deployed(provider: Provider, path: str) -> None:
    """The commit of the body is the deploy's."""
    deploy = provider.http.post(f"{path}/deploys", json={"commitId": "a" * 40}).json()
    assert deploy["commit"]["id"] == "a" * 40


def test_a_failed_deploy_leaves_the_former_live(provider: Provider, path: str) -> None:
    """A deploy whose service never gets healthy ends as update_failed; the event tells it."""
    former = provider.api.live_deploy
    assert former is not None
    bad = Deploy("deactivated", commit=broken_commit())
    provider.api.deploys.append(bad)
    assert bad.commit is not None
    deploy = provider.http.post(f"{path}/deploys", json={"commitId": bad.commit.id}).json()
    wait_for(lambda: status(provider, deploy["id"]) == "update_failed", "the deploy is update_failed")
    assert status(provider, former.id) == "live"
    (event, *_) = provider.get(f"{path}/events", type="deploy_ended")
    assert event["event"]["details"]["deployId"] == deploy["id"]
    assert event["event"]["details"]["deployStatus"] == "failed"


def test_every_third_answer_has_no_body(provider: Provider, path: str) -> None:
    """202 and nothing, no content type either; the deploy is found by listing anew."""
    known = {each["id"] for each in provider.walk(f"{path}/deploys", "deploy")}
    answers = [provider.http.post(f"{path}/deploys", json={}) for _ in range(3)]
    assert [each.status_code for each in answers] == [201, 201, 202]
    assert (answers[2].content, answers[2].headers.get("content-type")) == (b"", None)
    known |= {each.json()["id"] for each in answers[:2]}
    (queued,) = {each["id"] for each in provider.walk(f"{path}/deploys", "deploy")} - known
    wait_for(lambda: status(provider, queued) == "live", "the deploy is live")
    assert provider.engine.done == ["deploy"] * 3


def test_deploys_of_a_service_take_turns(provider: Provider, path: str) -> None:
    """Two deploys in quick succession end in their order: the last one is live, one alone."""
    first, second = (provider.http.post(f"{path}/deploys", json={}).json()["id"] for _ in range(2))
    wait_for(lambda: status(provider, second) == "live", "the deploy is live")
    assert status(provider, first) == "deactivated"
    assert [each.status for each in provider.api.deploys].count("live") == 1


def test_rollback_is_a_new_deploy_of_the_old_commit(provider: Provider, path: str) -> None:
    """201 with a new id, trigger rollback and the target's commit; it goes live."""
    target = provider.api.deploys[0]
    assert target.commit is not None
    answer = provider.http.post(f"{path}/rollback", json={"deployId": target.id})
    assert answer.status_code == 201
    deploy = answer.json()
    assert deploy["id"] not in {each.id for each in provider.api.deploys[:2]}
    assert (deploy["trigger"], deploy["commit"]["id"]) == ("rollback", target.commit.id)
    wait_for(lambda: status(provider, deploy["id"]) == "live", "the deploy is live")
    (event, *_) = provider.get(f"{path}/events", type="deploy_started")
    assert event["event"]["details"]["trigger"]["rollbackTargetDeployId"] == target.id
    assert provider.api.auto_deploy


def test_rollbacks_that_are_refused(provider: Provider, path: str) -> None:
    """No target: 400; an unknown one: 404; one that never was live: 400."""
    failed = Deploy("build_failed", commit=Commit())
    provider.api.deploys.append(failed)
    assert "deployId" in provider.refused(400, "POST", f"{path}/rollback", json={})
    unknown = "dep-00000000000000000000"
    assert unknown in provider.refused(404, "POST", f"{path}/rollback", json={"deployId": unknown})
    assert "build_failed" in provider.refused(400, "POST", f"{path}/rollback", json={"deployId": failed.id})


@pytest.mark.parametrize(
    "options",
    [
        {"content": b""},
        {"content": b"{"},
        {"json": []},
        {"json": {"commitId": 7}},
        {"json": {"clearCache": "yes"}},
        {"json": {"deployMode": "deploy_only", "commitId": "abc"}},
    ],
)
def test_bad_bodies_deploy_nothing(provider: Provider, path: str, options: dict[str, object]) -> None:
    """A body that isn't an object or holds what can't be taken is 400."""
    assert provider.refused(400, "POST", f"{path}/deploys", **options)
    assert len(provider.api.deploys) == 2


def test_status_filter_is_repeated(provider: Provider, path: str) -> None:
    """Deploys of several statuses are asked for by repeating the key."""
    provider.api.deploys.append(Deploy("canceled"))
    found = provider.walk(f"{path}/deploys", "deploy", status=["live", "canceled"])
    assert {each["status"] for each in found} == {"live", "canceled"}
