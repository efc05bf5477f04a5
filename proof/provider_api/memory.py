"""A provider without processes: an engine that moves nothing but the state, served on loopback."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from starlette.types import ASGIApp

from proof.background import Background
from reference.ports import Port
from reference.provider.api import create_api
from reference.provider.mint import new_instance_id, now
from reference.provider.model import (
    Commit,
    Database,
    Deploy,
    Image,
    LogLine,
    MetricSeries,
    Service,
    Store,
    Workspace,
)
from reference.serving import Listener

GAUGES = {"cpu": 0.2, "cpu-limit": 0.5, "memory": 2e8, "memory-limit": 5e8, "instance-count": 1.0}


@dataclass
class MemoryEngine:
    """Walks deploys along their path; a commit whose message is `broken` fails its health check."""

    lines: list[LogLine] = field(default_factory=list)
    done: list[str] = field(default_factory=list)
    running: bool = True

    async def deploy(self, service: Service, deploy: Deploy) -> None:
        """Build, update, and go live with a new instance."""
        for status in ("build_in_progress", "update_in_progress"):
            deploy.move(status)
            await asyncio.sleep(0.01)
        broken = deploy.commit is not None and deploy.commit.message == "broken"
        if not broken:
            service.set_instances(new_instance_id(service.id))
        service.end_deploy(deploy, "update_failed" if broken else "live")
        self.done.append("deploy")

    async def restart(self, service: Service) -> None:
        """Give the service a new instance."""
        service.set_instances(new_instance_id(service.id))
        self.done.append("restart")

    async def suspend(self, service: Service) -> None:
        """Take the service's instances away."""
        service.set_instances()
        self.done.append("suspend")

    async def resume(self, service: Service) -> None:
        """Give the service an instance."""
        service.set_instances(new_instance_id(service.id))
        self.done.append("resume")

    def status_of_database(self, database: Database) -> str:
        """As `running` says."""
        return "available" if self.running and database.id else "unavailable"

    def status_of_store(self, store: Store) -> str:
        """As `running` says."""
        return "available" if self.running and store.id else "unavailable"

    async def policy_of_store(self, _store: Store) -> str:
        """The plan's."""
        return "allkeys_lru"

    def logs(self, resource: str) -> Sequence[LogLine]:
        """The resource's share of `lines`."""
        return [line for line in self.lines if line.resource == resource]

    def samples(self, metric: str, resource: str) -> Sequence[MetricSeries]:
        """Three observations: a second apart for gauges; for requests, one in ten is a 404."""
        if metric.startswith("http-"):
            return [_requests(metric, "200", 9), _requests(metric, "404", 1)] if "srv-" in resource else []
        applies = (metric == "active-connections") == resource.startswith("dpg-")
        moments = [now() - timedelta(seconds=seconds) for seconds in (5, 4, 3)]
        value = GAUGES.get(metric, 4.0)
        return [MetricSeries({"instance": "a"}, [(at, value) for at in moments])] if applies else []


def _requests(metric: str, status: str, count: int) -> MetricSeries:
    at = now() - timedelta(seconds=5)
    values = [(at, 1.0 if metric == "http-requests" else float(number)) for number in range(1, count + 1)]
    return MetricSeries({"statusCode": status, "host": "api.example", "path": "/health"}, values)


def make_workspace() -> Workspace:
    """The plan's workspace and beside it one service of each other type, so that lists have pages."""
    workspace = Workspace.planned(
        url="https://api.example",
        env={f"NAME_{number}": f"value {number}" for number in range(25)},
        group_env={"LOG_LEVEL": "INFO"},
        database_url="postgresql://app:s3cret@127.0.0.1:5432/ecomdash",
        store_url="redis://127.0.0.1:6379",
    )
    owner = workspace.owner.id
    for kind in ("private_service", "background_worker", "cron_job", "static_site"):
        workspace.services.append(Service(f"other-{kind}", owner, kind, region="ohio"))
    image = Service("imaged", owner, runtime="image", image_path="registry.example/app:1", open_port=None)
    image.begin_deploy(Deploy("build_in_progress", image=Image("registry.example/app:1", "sha256:00")))
    workspace.services.append(image)
    return workspace


def make_engine(workspace: Workspace) -> MemoryEngine:
    """An engine in which the api has printed a few lines, some of them in the same microsecond."""
    api = workspace.services[0]
    start = now() - timedelta(minutes=5)
    lines = [
        LogLine(
            start + timedelta(milliseconds=number // 4),
            api.id,
            api.instances[0].id,
            "error" if number % 10 == 0 else "info",
            "app",
            f"line {number}",
        )
        for number in range(50)
    ]
    return MemoryEngine([*lines, LogLine(now(), api.id, None, None, "build", "==> Your service is live")])


def broken_commit() -> Commit:
    """A commit that MemoryEngine can't bring up."""
    return Commit(message="broken")


@asynccontextmanager
async def _listening(app: ASGIApp) -> AsyncIterator[str]:
    port = Port()
    listener = Listener(app, port)
    await listener.start()
    try:
        yield f"http://{port.address}"
    finally:
        await listener.stop()
        port.close()


@contextmanager
def serving(app: ASGIApp) -> Iterator[str]:
    """Serve an application on a free port of loopback, in a thread; gives its address."""
    with Background(lambda: _listening(app)) as background:
        yield background.value


def main() -> None:
    """Serve until interrupted; print the address and the key."""
    workspace = make_workspace()
    with serving(create_api(workspace, make_engine(workspace))) as address:
        print(f"{address}/v1", workspace.api_key, flush=True)
        threading.Event().wait()


if __name__ == "__main__":
    main()
