"""Deploys of the real processes: no request is lost, a bad one changes nothing, a crash is repaired."""

import os
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import httpx

from proof.platform.background import Running
from proof.waiting import wait_for

_PATHS = ("/health/live", "/api/v1/analytics/realtime")


@contextmanager
def watching(up: Running, per_second: int = 50) -> Iterator[list[int | str]]:
    """Probe the edge many times a second from the load's address; the statuses, or the errors, in order."""
    seen: list[int | str] = []
    end = threading.Event()

    def watch() -> None:
        transport = httpx.HTTPTransport(local_address="127.0.0.2", verify=up.trust)
        with httpx.Client(transport=transport, base_url=up.settings["APEX_BASE_URL"], timeout=10) as client:
            while not end.wait(1 / per_second):
                try:
                    seen.append(client.get(_PATHS[len(seen) % len(_PATHS)]).status_code)
                except httpx.TransportError as error:
                    seen.append(repr(error))

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield seen
    finally:
        end.set()
        thread.join()


def _posted(up: Running, path: str, body: Mapping[str, object] | None = None) -> httpx.Response:
    """Post below the api's own address at the provider."""
    return up.provider.post(f"/services/{up.deployment.api.id}/{path}", json=body)


def _finished(up: Running, deploy_id: str) -> str:
    """Wait until the deploy is finished; its status."""
    path = f"/services/{up.deployment.api.id}/deploys/{deploy_id}"

    def done() -> bool:
        return "finishedAt" in up.provider.get(path).json()

    wait_for(done, "the deploy is finished")
    return str(up.provider.get(path).json()["status"])


def test_a_redeploy_loses_no_request(up: Running) -> None:
    """While the process is replaced every one of some fifty requests a second is answered with 200."""
    before = up.deployment.api.instances[0].id
    with watching(up) as seen:
        wait_for(lambda: len(seen) > 20, "the watch has begun")
        deploy = up.do(up.deployment.redeploy())
        enough = len(seen) + 40
        wait_for(lambda: len(seen) > enough, "the watch saw what came after")
    assert deploy.status == "live"
    assert set(seen) == {200}
    assert up.deployment.api.instances[0].id != before
    assert up.do(up.deployment.heal()) is None


def test_a_deploy_through_the_api_moves_the_commit(up: Running) -> None:
    """A deploy of a commit goes live, is what answers then, and a rollback brings the former commit back."""
    former = up.commit
    quirks = up.deployment.workspace.quirks
    quirks.accept_without_body = 0
    started = _posted(up, "deploys", {"commitId": "c" * 40})
    assert _finished(up, started.json()["id"]) == "live"
    moved = up.commit
    target = next(each for each in up.deployment.api.deploys if each.commit and each.commit.id == former)
    rolled = _posted(up, "rollback", {"deployId": target.id})
    assert _finished(up, rolled.json()["id"]) == "live"
    assert (moved, up.commit) == ("c" * 40, former)
    assert [each.status for each in up.deployment.api.deploys[-2:]] == ["deactivated", "live"]


def test_a_bad_deploy_leaves_the_old_one_serving(up: Running) -> None:
    """Variables with which the application cannot start fail the deploy; not one request is lost."""
    with watching(up) as seen:
        deploy = up.do(up.deployment.set_env({"DATABASE_URL": None}))
        enough = len(seen) + 20
        wait_for(lambda: len(seen) > enough, "the watch saw what came after")
    statuses = [each.status for each in up.deployment.api.deploys]
    events = [(each.type, each.details.get("deployStatus")) for each in up.deployment.api.events]
    assert deploy.status == "update_failed"
    assert statuses == ["deactivated", "live", "update_failed"]
    assert events[-1] == ("deploy_ended", "failed")
    assert set(seen) == {200}


def test_healing_takes_a_bad_deploy_back(up: Running) -> None:
    """Healing forgets the deploy and its variables, and does not replace the process that served all along."""
    instance = up.deployment.api.instances[0].id
    up.do(up.deployment.set_env({"DATABASE_URL": None}))
    up.do(up.deployment.heal())
    assert "DATABASE_URL" in up.deployment.api.env
    assert [each.status for each in up.deployment.api.deploys] == ["deactivated", "live"]
    assert up.deployment.api.instances[0].id == instance


def test_changed_variables_reach_the_process(up: Running) -> None:
    """What is set goes live with a real deploy, also when a group held it; healing brings it back."""
    deploy = up.do(up.deployment.set_env({"RATE_LIMIT_REQUESTS": "7", "LOG_LEVEL": None}))
    statuses = [up.edge.get("/health/live").status_code for _ in range(10)]
    group = up.deployment.workspace.env_groups[0].env
    assert deploy.status == "live"
    assert statuses == [200] * 7 + [429] * 3
    assert "LOG_LEVEL" not in group
    up.do(up.deployment.heal())
    assert {up.edge.get("/health/live").status_code for _ in range(20)} == {200}
    assert "LOG_LEVEL" in up.deployment.workspace.env_groups[0].env


def test_a_crash_is_repaired_and_told(up: Running) -> None:
    """A killed process is replaced by itself, and the provider's events say so."""
    former, told = up.deployment.api.instances[0].id, len(up.deployment.api.events)
    os.kill(_pid(up), signal.SIGKILL)
    wait_for(lambda: len(up.deployment.api.events) == told + 2, "the end and the return are told")
    assert [event.type for event in up.deployment.api.events[told:]] == ["server_failed", "server_available"]
    assert up.deployment.api.instances[0].id != former
    assert up.edge.get("/health").status_code == 200


def _pid(up: Running) -> int:
    serving = up.deployment._fleet.serving
    assert serving is not None
    return serving.process.pid


def test_suspending_stops_the_process(up: Running) -> None:
    """Suspended, the edge answers 503 and nothing runs; resumed, it serves again; healing resumes as well."""
    pid = _pid(up)
    assert _posted(up, "suspend").status_code == 202
    wait_for(lambda: not up.deployment.api.instances, "no instance is left")
    suspended = up.edge.get("/health").status_code
    gone = not _exists(pid)
    assert _posted(up, "resume").status_code == 202
    wait_for(lambda: bool(up.deployment.api.instances), "an instance serves")
    assert (suspended, gone, up.edge.get("/health").status_code) == (503, True, 200)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_a_request_under_way_survives_the_switch(up: Running) -> None:
    """A request that the old process has not answered when the edge switches is still answered by it."""
    statuses: list[int] = []

    def ask() -> None:
        with httpx.Client(verify=up.trust, base_url=up.settings["APEX_BASE_URL"], timeout=60) as client:
            statuses.append(client.get("/api/v1/analytics/realtime").status_code)

    serving = up.deployment._fleet.serving
    assert serving is not None
    os.kill(serving.process.pid, signal.SIGSTOP)
    asking = threading.Thread(target=ask)
    asking.start()
    try:
        wait_for(lambda: serving.upstream._under_way, "the request is under way")
        deploy = up.do(up.deployment.redeploy())
        assert (serving.process.running, statuses) == (True, [])
    finally:
        os.kill(serving.process.pid, signal.SIGCONT)
        asking.join()
    assert (deploy.status, statuses) == ("live", [200])
