"""Ids, times and the planned workspace."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

from proof.provider_api.memory import make_engine, make_workspace
from reference.provider.context import Context
from reference.provider.mint import new_id, new_instance_id, stamp
from reference.provider.model import Deploy, Service


def test_ids_look_like_the_providers() -> None:
    """Twenty characters of 0-9 and a-v behind the prefix, never the same, in the order of their second."""
    ids = [new_id("srv") for _ in range(1000)]
    assert all(re.fullmatch(r"srv-[0-9a-v]{20}", each) for each in ids)
    assert len(set(ids)) == 1000
    assert new_id("dep", datetime(2026, 1, 1, tzinfo=UTC)) < new_id("dep", datetime(2026, 1, 2, tzinfo=UTC))
    assert re.fullmatch(r"dpg-[0-9a-v]{20}-a", new_id("dpg", suffix="-a"))
    assert re.fullmatch(r"srv-[0-9a-v]{20}-[0-9a-z]{5}", new_instance_id(ids[0]))


def test_times_are_utc_with_microseconds() -> None:
    """A whole second keeps its six zeros."""
    assert stamp(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC)) == "2026-01-02T03:04:05.000000Z"


def test_the_planned_workspace_has_something_to_roll_back_to() -> None:
    """The newest deploy is live and seconds old; the one before is a day older and of another commit."""
    api = make_workspace().services[0]
    old, new = api.deploys
    assert api.newest_deploy is api.live_deploy is new
    assert (old.status, new.created_at - old.created_at > timedelta(hours=23)) == ("deactivated", True)
    assert old.commit != new.commit


def test_work_under_way_ends_with_the_api() -> None:
    """Closing cancels what the engine is doing."""

    async def scenario() -> Deploy:
        workspace = make_workspace()
        context = Context(workspace, make_engine(workspace))
        service, deploy = Service("x", workspace.owner.id), Deploy()
        context.go_on(service, context.engine.deploy(service, deploy))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        await context.close()
        return deploy

    assert asyncio.run(scenario()).status == "build_in_progress"
