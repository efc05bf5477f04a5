"""What the provider does with the real processes: the API's engine."""

import asyncio
from collections.abc import Coroutine, Sequence

from reference.fleet import Fleet, Instance
from reference.journal import Journal
from reference.observations import Observations
from reference.provider.model import Database, Deploy, LogLine, MetricSeries, Service, Store, Workspace
from reference.servers import Servers

_CRASH_PAUSES = (0.0, 1.0, 2.0, 4.0, 8.0)
"""Seconds before a crashed instance is replaced; the last one for every further attempt."""


class Operations:
    """Moves the application's processes as the API is asked to, and tells what all processes do.

    One service has processes: the plan's api. A deploy of any other fails: there is nothing to run.
    """

    def __init__(
        self, workspace: Workspace, fleet: Fleet, servers: Servers, journal: Journal, observed: Observations
    ) -> None:
        self._workspace = workspace
        self._api_id = workspace.services[0].id
        self._fleet = fleet
        self._servers = servers
        self._journal = journal
        self._observed = observed
        self._turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def api(self) -> Service:
        """The plan's api in the workspace."""
        return next(service for service in self._workspace.services if service.id == self._api_id)

    def environment(self, service: Service) -> dict[str, str]:
        """A service's variables: its own before those of the groups that it links."""
        linked = [group for group in self._workspace.env_groups if group.id in service.group_ids]
        shared = {name: value for group in linked for name, value in group.env.items()}
        return shared | service.env

    def outdated(self) -> bool:
        """Whether the api's process is not what its settings ask for."""
        serving, live = self._fleet.serving, self.api.live_deploy
        if serving is None or not serving.process.running or live is None:
            return True
        return serving.env != self.environment(self.api) or serving.deploy.commit != live.commit

    async def close(self) -> None:
        """Stop replacing what crashes."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def deploy(self, service: Service, deploy: Deploy) -> None:
        """Perform a deploy: new process, health gate, switch of the edge, the old process drained."""
        deploy.move("build_in_progress")
        if service.id != self._api_id:
            self._journal.note(service.id, "Nothing to build: this service has no program here")
            service.end_deploy(deploy, "build_failed")
            return
        deploy.move("update_in_progress")
        self._journal.note(service.id, "Deploying...")
        replaced = await self._replace(service, deploy)
        service.end_deploy(deploy, "live" if replaced else "update_failed")
        self._journal.note(service.id, "Your service is live" if replaced else "Exited or did not become healthy")

    async def restart(self, service: Service) -> None:
        """Replace the api's process by a new one of the same deploy."""
        if service.id == self._api_id and service.live_deploy is not None:
            await self._replace(service, service.live_deploy)

    async def suspend(self, service: Service) -> None:
        """Stop the api's process; the edge answers 503."""
        if service.id == self._api_id and (former := self._fleet.leave()):
            await self._fleet.end(former)
            service.set_instances()

    async def resume(self, service: Service) -> None:
        """Start the api's process again."""
        await self.restart(service)

    def status_of_database(self, database: Database) -> str:
        """`available` while PostgreSQL's process runs."""
        if database.suspended:
            return "suspended"
        return "available" if self._servers.postgres.running else "unavailable"

    def status_of_store(self, _store: Store) -> str:
        """`available` while Valkey's process runs."""
        return "available" if self._servers.valkey.running else "unavailable"

    async def policy_of_store(self, _store: Store) -> str:
        """The policy that Valkey itself names, with the provider's underscores."""
        return (await self._servers.valkey.policy()).replace("-", "_")

    def logs(self, resource: str) -> Sequence[LogLine]:
        """What the resource's processes printed, oldest first."""
        return self._journal.lines(resource)

    def samples(self, metric: str, resource: str) -> Sequence[MetricSeries]:
        """What the resource used; empty when the metric does not apply to it."""
        return self._observed.samples(metric, resource)

    async def admit(self, service: Service, instance: Instance) -> bool:
        """Let a started instance serve once it is healthy, else end it; whether it serves."""
        if not await self._fleet.becomes_healthy(instance, service.health_check_path):
            self._journal.note(service.id, "Service did not pass health check")
            await self._fleet.end(instance)
            return False
        former = self._fleet.serve(instance)
        service.set_instances(instance.id)
        self._go_on(self._watch(instance))
        if former is not None:
            self._fleet.retire(former)
        return True

    async def _replace(self, service: Service, deploy: Deploy) -> bool:
        async with self._turn:
            return await self.admit(service, await self._fleet.launch(service, deploy, self.environment(service)))

    async def _watch(self, instance: Instance) -> None:
        """Replace the instance should it end by itself."""
        status = await instance.process.wait()
        if instance.retired or self._fleet.serving is not instance:
            return
        self._fleet.leave()
        service = self.api
        service.record("server_failed", instanceID=instance.id, reason={"nonZeroExit": status, "evicted": False})
        service.set_instances()
        await self._fleet.end(instance)
        await self._revive(service, instance.deploy)

    async def _revive(self, service: Service, deploy: Deploy) -> None:
        attempt = 0
        while self._fleet.serving is None and not service.suspended:
            await asyncio.sleep(_CRASH_PAUSES[min(attempt, len(_CRASH_PAUSES) - 1)])
            attempt += 1
            if await self._replace(service, deploy):
                service.record("server_available")

    def _go_on(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
