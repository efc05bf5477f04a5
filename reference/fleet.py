"""The application's processes: starting one, asking for its health, letting it serve, retiring it."""

import asyncio
import secrets
import signal
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from reference.edge import Edge
from reference.journal import Journal
from reference.paths import ROOT
from reference.ports import LOOPBACK, Port
from reference.processes import Launch, Process
from reference.provider.mint import new_instance_id
from reference.provider.model import Deploy, Service
from reference.upstream import Answer, Unreachable, Upstream
from reference.waiting import TooLateError, until
from reference.world import World, bare_environment

APPLICATION = (sys.executable, "-m", "reference.app")
HEALTH_SECONDS = 15.0
"""How long a new instance may take to become healthy; the real platform waits 15 minutes."""
_PROBE_SECONDS = 5.0
_SHUTDOWN_SECONDS = 30.0


def _private_address() -> str:
    return f"10.{secrets.randbelow(256)}.{secrets.randbelow(256)}.{secrets.randbelow(254) + 1}"


@dataclass(eq=False)
class Instance:
    """One process of the application, and what it was started with."""

    id: str
    process: Process
    port: Port
    upstream: Upstream
    deploy: Deploy
    env: Mapping[str, str]
    prober: str = field(default_factory=_private_address)
    """Where the platform asks for its health from: the application may limit each address's requests."""
    retired: bool = False


class Fleet:
    """The instance that serves, and those that come before and after it."""

    def __init__(self, world: World, edge: Edge, journal: Journal, command: Sequence[str] = APPLICATION) -> None:
        self._world = world
        self._edge = edge
        self._journal = journal
        self._command = tuple(command)
        self._folder = world.room("application")
        self._instances: set[Instance] = set()
        self._retiring: set[asyncio.Task[None]] = set()
        self.serving: Instance | None = None

    async def launch(self, service: Service, deploy: Deploy, env: Mapping[str, str]) -> Instance:
        """Start a process with the variables; nothing is sent to it yet."""
        port, name = Port(), new_instance_id(service.id)
        provided = {
            "PORT": str(port.number),
            "RENDER": "true",
            "RENDER_SERVICE_ID": service.id,
            "RENDER_SERVICE_NAME": service.name,
            "RENDER_INSTANCE_ID": name,
            "RENDER_EXTERNAL_URL": service.url,
            "RENDER_GIT_COMMIT": deploy.commit.id if deploy.commit else "",
            "RENDER_GIT_BRANCH": service.branch,
            "PYTHONPATH": str(ROOT),
            "PYTHONUNBUFFERED": "1",
        }
        # It works in the world's folder: whoever still works there when the deployment is gone is ended.
        launch = Launch(self._command, self._folder, bare_environment() | dict(env) | provided)
        process = await self._world.start(launch, self._journal.reader(service.id, name))
        instance = Instance(name, process, port, Upstream(port.number), deploy, dict(env))
        self._instances.add(instance)
        return instance

    async def becomes_healthy(self, instance: Instance, path: str) -> bool:
        """Ask until it answers with 2xx or 3xx, at most HEALTH_SECONDS; an empty path: until its port is open."""

        async def decided() -> bool:
            return not instance.process.running or await (_answers(instance, path) if path else _listens(instance))

        with suppress(TooLateError):
            await until(decided, what="the instance is healthy", seconds=HEALTH_SECONDS, every=0.05)
            return instance.process.running
        return False

    def serve(self, instance: Instance) -> Instance | None:
        """Send the edge's requests to it; the former one, which finishes what it has begun."""
        former, self.serving = self.serving, instance
        self._edge.switch(instance.upstream)
        return former

    def leave(self) -> Instance | None:
        """Send the edge's requests nowhere; the former instance."""
        former, self.serving = self.serving, None
        self._edge.switch(None)
        return former

    def retire(self, instance: Instance) -> None:
        """Let it finish, then end it, without waiting for that."""
        instance.retired = True
        task = asyncio.create_task(self.end(instance))
        self._retiring.add(task)
        task.add_done_callback(self._retiring.discard)

    async def end(self, instance: Instance, *, at_once: bool = False) -> None:
        """End it after the requests under way, or at once."""
        instance.retired = True
        if not at_once:
            with suppress(TimeoutError):
                await asyncio.wait_for(instance.upstream.drained(), _SHUTDOWN_SECONDS)
        await instance.upstream.close()
        ending = signal.SIGKILL if at_once else signal.SIGTERM
        await instance.process.stop(ending, grace_seconds=_SHUTDOWN_SECONDS)
        instance.port.close()
        self._instances.discard(instance)

    async def stop(self) -> None:
        """End all instances at once, also those that retire."""
        for task in self._retiring:
            task.cancel()
        await asyncio.gather(*self._retiring, return_exceptions=True)
        await asyncio.gather(*(self.end(instance, at_once=True) for instance in list(self._instances)))


async def ask(instance: Instance, path: str) -> Answer:
    """Send a GET to it as the platform does, past the edge.

    Raises:
        Unreachable: one of these.
    """
    headers = [
        (b"host", f"{LOOPBACK}:{instance.port.number}".encode()),
        (b"user-agent", b"Render/1.0"),
        (b"x-forwarded-for", instance.prober.encode()),
    ]
    return await instance.upstream.forward("GET", path.encode(), headers, b"")


async def _answers(instance: Instance, path: str) -> bool:
    try:
        async with asyncio.timeout(_PROBE_SECONDS):
            answer = await ask(instance, path)
    except (*Unreachable, TimeoutError):
        return False
    return 200 <= answer.status < 400


async def _listens(instance: Instance) -> bool:
    try:
        _, writer = await asyncio.open_connection(LOOPBACK, instance.port.number)
    except OSError:
        return False
    writer.close()
    await writer.wait_closed()
    return True
