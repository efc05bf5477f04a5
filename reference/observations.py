"""The provider's metrics, from what the meter and the edge saw."""

from collections.abc import Mapping, Sequence

import psycopg

from reference.edge import Edge
from reference.fleet import Fleet
from reference.meter import Meter, Watched
from reference.provider.model import Database, MetricSeries, Service, Store, Workspace
from reference.servers import Servers

_MIB = 1024.0 * 1024.0
_LIMITS = {
    "starter": {"cpu-limit": 0.5, "memory-limit": 512 * _MIB},
    "standard": {"cpu-limit": 1.0, "memory-limit": 2048 * _MIB},
    "basic_256mb": {"cpu-limit": 0.1, "memory-limit": 256 * _MIB},
    "free": {"cpu-limit": 0.1, "memory-limit": 25 * _MIB},
}
"""What a plan gives, in cores and bytes."""


class Observations:
    """Answers for every metric of every resource of the workspace; empty where one does not apply."""

    def __init__(self, workspace: Workspace, fleet: Fleet, servers: Servers, edge: Edge) -> None:
        self._workspace = workspace
        # As they were planned: a fault may take a resource away from the provider while its process runs.
        self._api_id, self._database_id, self._store_id = (
            workspace.services[0].id,
            workspace.databases[0].id,
            workspace.stores[0].id,
        )
        self._fleet = fleet
        self._servers = servers
        self._traffic = edge.traffic
        self._meter = Meter(self._processes, self._connections)

    async def run(self) -> None:
        """Measure until cancelled."""
        await self._meter.run()

    async def restart(self) -> None:
        """Forget what was measured and measure at once."""
        await self._meter.restart()

    def samples(self, metric: str, resource: str) -> Sequence[MetricSeries]:
        """One metric of one resource, oldest value first."""
        match metric:
            case "http-requests" | "http-latency" | "instance-count" if resource != self._api_id:
                return []
            case "http-requests":
                return self._traffic.counts()
            case "http-latency":
                return self._traffic.latencies()
            case "cpu-limit" | "memory-limit":
                return self._limits(metric, resource)
        return self._meter.series(metric, resource)

    def _limits(self, metric: str, resource: str) -> list[MetricSeries]:
        """The plan's limit at the times at which the use was measured."""
        held: list[Service | Database | Store] = [
            *self._workspace.services,
            *self._workspace.databases,
            *self._workspace.stores,
        ]
        plan = next((each.plan for each in held if each.id == resource), "")
        if plan not in _LIMITS:
            return []
        limit = _LIMITS[plan][metric]
        return [
            MetricSeries(series.labels, [(at, limit) for at, _ in series.values])
            for series in self._meter.series(metric.removesuffix("-limit"), resource)
        ]

    def _processes(self) -> list[Watched]:
        """Every process that is measured."""
        serving = self._fleet.serving
        candidates = (
            (self._api_id, serving.id if serving else "", serving.process.pid if serving else None),
            (self._database_id, "", self._servers.postgres.pid),
            (self._store_id, "", self._servers.valkey.pid),
        )
        return [Watched(resource, instance, pid) for resource, instance, pid in candidates if pid is not None]

    async def _connections(self) -> Mapping[str, int]:
        """The sessions of the application's database."""
        if not self._servers.postgres.running:
            return {}
        try:
            sessions = await self._servers.postgres.sessions()
        except psycopg.OperationalError:
            # It is just stopping: there is nothing to count.
            return {}
        return {self._database_id: sessions}
