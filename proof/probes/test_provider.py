"""The provider's reader, against the embedded provider's API and servers that fail in every way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from starlette.types import Receive, Scope, Send

from acceptance.contract import Contract
from acceptance.outcomes import Unverified
from acceptance.probes import provider_models as models
from acceptance.probes.provider import MOST_DEPLOY_PAGES, ProviderClient, ProviderReading, merged
from acceptance.probes.provider_client import PAGE_SIZE
from acceptance.target import Target
from proof.provider_api.memory import make_engine, make_workspace, serving
from reference.provider.api import create_api
from reference.provider.model import Deploy, EnvGroup, Service, Workspace

SERVICES = Contract().services


def read(workspace: Workspace, name: str = "ecomdash-api") -> ProviderReading:
    """Return what the reader makes of a workspace."""
    engine = make_engine(make_workspace())
    with (
        serving(create_api(workspace, engine)) as url,
        ProviderClient(f"{url}/v1", workspace.api_key) as client,
    ):
        return client.read(name, SERVICES)


def test_the_plan_s_workspace_is_read() -> None:
    """Services, deploys, environment with its group, database and store."""
    workspace = make_workspace()
    found = read(workspace)
    assert found.api is not None
    assert (found.api.suspended, found.api.details.region) == ("not_suspended", "oregon")
    assert found.deploys[0].status == "live"
    assert found.databases["ecomdash-db"].status == "available"
    assert found.databases["ecomdash-db"].ip_allow_list == ()
    assert found.stores["ecomdash-redis"].options.maxmemory_policy == "allkeys_lru"
    own, shared = workspace.services[0].env, workspace.env_groups[0].env
    assert dict(found.env) == {**shared, **own}


def test_the_service_s_own_variable_wins_over_a_group_s() -> None:
    """And a linked group's counts."""
    group = models.EnvGroup(
        id="evg-1",
        env_vars=(models.EnvVar(key="A", value="group"), models.EnvVar(key="B", value="group")),
    )
    found = merged([models.EnvVar(key="A", value="own")], [group])
    assert found == {"A": "own", "B": "group"}


def test_a_group_of_another_service_does_not_count() -> None:
    """Only what is linked."""
    workspace = make_workspace()
    workspace.env_groups.append(EnvGroup("other", workspace.owner.id, {"STRAY": "value"}))
    assert "STRAY" not in read(workspace).env


def test_more_than_one_page_of_services_is_read() -> None:
    """The plan's service may stand on the last one."""
    workspace = make_workspace()
    api = workspace.services[0]
    others = [Service(f"other-{n}", workspace.owner.id) for n in range(2 * PAGE_SIZE + 7)]
    workspace.services[:] = [*others, api]
    assert read(workspace).api is not None


def test_deploys_are_sorted_by_their_creation() -> None:
    """Whatever the order in which the provider lists them."""
    workspace = make_workspace()
    api = workspace.services[0]
    latest = max(deploy.created_at for deploy in api.deploys)
    api.deploys.insert(0, Deploy(created_at=latest - timedelta(days=30), status="deactivated"))
    api.deploys.append(Deploy(created_at=latest + timedelta(minutes=1), status="update_failed"))
    found = read(workspace).deploys
    assert found[0].status == "update_failed"
    assert [d.created_at for d in found] == sorted((d.created_at for d in found), reverse=True)


class Counting:
    """An application that is asked, and how often for a path."""

    def __init__(self, workspace: Workspace, ending: str) -> None:
        self._app, self._ending = create_api(workspace, make_engine(workspace)), ending
        self.asked = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on."""
        self.asked += str(scope.get("path", "")).endswith(self._ending)
        await self._app(scope, receive, send)


@pytest.mark.parametrize(
    ("newest_first", "live_at", "pages"),
    [(True, 0, 1), (True, 99, 1), (True, 130, 2), (True, None, MOST_DEPLOY_PAGES), (False, 0, 8), (False, None, 8)],
)
def test_as_few_pages_of_deploys_are_read_as_tell(*, newest_first: bool, live_at: int | None, pages: int) -> None:
    """The first, or until one is live, five at most; the whole, and the empty page behind it, of any other order."""
    workspace = make_workspace()
    workspace.quirks.newest_first = newest_first
    api = workspace.services[0]
    latest = max(deploy.created_at for deploy in api.deploys)
    made = [Deploy(created_at=latest + timedelta(minutes=n), status="update_failed") for n in range(650)]
    if live_at is not None:
        made[-1 - live_at].status = "live"
    api.deploys[:] = made
    counting = Counting(workspace, "/deploys")
    with serving(counting) as url, ProviderClient(f"{url}/v1", workspace.api_key) as client:
        found = client.read("ecomdash-api", SERVICES).deploys
    assert found[0].created_at == made[-1].created_at
    assert counting.asked == pages


def test_what_bears_the_name_of_another_kind_is_not_the_plan_s() -> None:
    """A database with the API's name, and the planned API beside the one that the target names."""
    workspace = make_workspace()
    workspace.services.append(Service("shop-api", workspace.owner.id))
    workspace.databases.append(replace(workspace.databases[0], id="dpg-other-a", name="shop-api"))
    found = read(workspace, "shop-api")
    assert set(found.services) == {"shop-api"}
    assert set(found.databases) == {"ecomdash-db"}


def test_a_service_that_is_not_there_is_none() -> None:
    """Its environment can't be read, and that is unverified."""
    found = read(make_workspace(), "ecomdash-api-2")
    assert (found.api, found.deploys) == (None, ())
    with pytest.raises(Unverified, match="no service 'ecomdash-api-2'"):
        _ = found.env


def test_two_services_of_one_name_are_unverified() -> None:
    """Which one is the plan's can't be told."""
    workspace = make_workspace()
    workspace.services.append(Service("ecomdash-api", workspace.owner.id))
    with pytest.raises(Unverified, match="two resources of one kind named 'ecomdash-api'"):
        read(workspace)


def test_the_embedded_deployment_is_read(target: Target) -> None:
    """The same reader, against the provider that tells of real processes."""
    key = target.provider_key
    assert key is not None
    with ProviderClient(target.provider_url, key.get_secret_value()) as client:
        found = client.read(target.service, SERVICES)
    assert found.deploys[0].status == "live"
    assert found.env["ENVIRONMENT"] == "production"
