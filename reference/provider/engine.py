"""What the API asks of the deployment behind it: moving the real processes, and telling what they did."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from reference.provider.resources import Database, Store
from reference.provider.service import Deploy, Service

UNITS = {
    "cpu": "cpu",
    "cpu-limit": "cpu",
    "memory": "bytes",
    "memory-limit": "bytes",
    "instance-count": "instances",
    "http-requests": "unitless",
    "http-latency": "ms",
    "active-connections": "connections",
}
"""The metrics that are served, each with the unit of its values (`cpu`: cores, `http-requests`: a count)."""


@dataclass(frozen=True)
class LogLine:
    """A line that a process printed. `level` and `instance` are None for the provider's own lines."""

    timestamp: datetime
    resource: str
    instance: str | None
    level: str | None
    type: str
    message: str


@dataclass(frozen=True)
class MetricSeries:
    """What was observed, in the metric's unit (UNITS), oldest first.

    `http-requests` and `http-latency` take one value a request (1 and the milliseconds); the API adds them up
    or takes the quantile. Labels are for example resource, instance, host, statusCode.
    """

    labels: Mapping[str, str]
    values: Sequence[tuple[datetime, float]]


class Engine(Protocol):
    """What moves the real processes, and what they tell."""

    async def deploy(self, service: Service, deploy: Deploy) -> None:
        """Perform it: `deploy.move` along the provider's path, then `service.end_deploy` with its outcome.

        The outcome is `live`, or `update_failed` when the new process never answers its health check.
        """

    async def restart(self, service: Service) -> None:
        """Replace the service's processes by new ones of the same deploy."""

    async def suspend(self, service: Service) -> None:
        """Stop the service's processes."""

    async def resume(self, service: Service) -> None:
        """Start the service's processes."""

    def status_of_database(self, database: Database) -> str:
        """`available` or `unavailable`, from the actual process."""

    def status_of_store(self, store: Store) -> str:
        """`available` or `unavailable`, from the actual process."""

    async def policy_of_store(self, store: Store) -> str:
        """What it does when it is full (`allkeys_lru`, `noeviction` and so on), from the actual process."""

    def logs(self, resource: str) -> Sequence[LogLine]:
        """What the resource's processes printed, oldest first."""

    def samples(self, metric: str, resource: str) -> Sequence[MetricSeries]:
        """What the resource used; empty when the metric does not apply to it."""
