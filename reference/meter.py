"""What the deployment's processes use, measured every second."""

import asyncio
from collections import defaultdict, deque
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import NamedTuple, TypeAlias

import psutil

from reference.provider.model import MetricSeries

PERIOD_SECONDS = 1.0
_KEPT = 7200

Series: TypeAlias = deque[tuple[datetime, float]]


class Watched(NamedTuple):
    """A process and its children: one instance of a resource."""

    resource: str
    instance: str
    pid: int


class _Usage(NamedTuple):
    at: datetime
    cpu_seconds: float
    memory_bytes: float


class Meter:
    """Measures the processes that `watched` names, and the database's connections."""

    def __init__(
        self,
        watched: Callable[[], list[Watched]],
        connections: Callable[[], Awaitable[Mapping[str, int]]],
    ) -> None:
        self._watched = watched
        self._connections = connections
        self._former: dict[Watched, _Usage] = {}
        self._series: dict[tuple[str, str, str], Series] = defaultdict(lambda: deque(maxlen=_KEPT))

    async def run(self) -> None:
        """Measure until cancelled."""
        while True:
            await self.measure()
            await asyncio.sleep(PERIOD_SECONDS)

    async def measure(self) -> None:
        """Measure once; CPU is what was used since the time before."""
        watched = self._watched()
        usages = await asyncio.to_thread(lambda: {each: _usage(each.pid) for each in watched})
        found = {each: usage for each, usage in usages.items() if usage is not None}
        for each, usage in found.items():
            self._note(each, usage)
        self._former = found
        self._count("instance-count", {each.resource: 0 for each in watched}, found)
        for resource, count in (await self._connections()).items():
            self._add("active-connections", resource, "", count)

    async def restart(self) -> None:
        """Forget what was measured and measure at once."""
        self._series.clear()
        await self.measure()

    def series(self, metric: str, resource: str) -> list[MetricSeries]:
        """What was measured: `cpu` (cores), `memory` (bytes), `instance-count`, `active-connections`."""
        return [
            MetricSeries({"instance": instance} if instance else {}, tuple(values))
            for (named, owner, instance), values in self._series.items()
            if (named, owner) == (metric, resource)
        ]

    def _note(self, each: Watched, usage: _Usage) -> None:
        former = self._former.get(each)
        if former is not None:
            seconds = (usage.at - former.at).total_seconds()
            self._add("cpu", each.resource, each.instance, (usage.cpu_seconds - former.cpu_seconds) / seconds)
        self._add("memory", each.resource, each.instance, usage.memory_bytes)

    def _count(self, metric: str, counts: dict[str, int], found: Mapping[Watched, _Usage]) -> None:
        for each in found:
            counts[each.resource] += 1
        for resource, count in counts.items():
            self._add(metric, resource, "", count)

    def _add(self, metric: str, resource: str, instance: str, value: float) -> None:
        self._series[metric, resource, instance].append((datetime.now(UTC), value))


def _usage(pid: int) -> _Usage | None:
    """What a process and its children have used so far; None when one of them is just ending.

    Memory that the children share with it (PostgreSQL's buffers) counts once.
    """
    try:
        top = psutil.Process(pid)
        children = top.children(recursive=True)
        times = [process.cpu_times() for process in (top, *children)]
        memory = top.memory_info().rss + sum(child.memory_full_info().uss for child in children)
    except psutil.NoSuchProcess:
        return None
    ended = times[0].children_user + times[0].children_system
    return _Usage(datetime.now(UTC), ended + sum(each.user + each.system for each in times), memory)
