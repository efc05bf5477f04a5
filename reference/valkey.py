"""A real Valkey server of our own, set as the plan sets the key value store."""

import asyncio
import secrets
import signal
from contextlib import suppress
from typing import cast

from reference.binaries import valkey
from reference.ports import LOOPBACK, Port
from reference.processes import Launch, OnLine, Process, unheard
from reference.waiting import until
from reference.world import World, bare_environment

POLICY = "allkeys-lru"
MAX_MEMORY = "25mb"
_PATIENCE_SECONDS = 2.0


class Valkey:
    """A server without persistence, with a password, 25 MB and the eviction policy `allkeys-lru`."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._port = Port()
        self._password = secrets.token_urlsafe(24)
        self._process: Process | None = None
        self.on_line: OnLine = unheard
        """Takes what the server prints."""

    @property
    def url(self) -> str:
        """Where it answers, with the password."""
        return f"redis://default:{self._password}@{self._port.address}/0"

    @property
    def running(self) -> bool:
        """Whether the server's process runs."""
        return self._process is not None and self._process.running

    @property
    def pid(self) -> int | None:
        """The server's process, None when it does not run."""
        return self._process.pid if self._process and self._process.running else None

    async def start(self) -> None:
        """Start the server.

        Raises:
            TooLateError: it does not answer; its lines say why.
        """
        folder = self._world.folder / f"valkey-{self._port.number}"
        folder.mkdir(mode=0o700, exist_ok=True)
        # The configuration goes through a pipe: the command line and its password would be for all to see.
        settings = (
            f"bind {LOOPBACK}",
            f"port {self._port.number}",
            f"requirepass {self._password}",
            f"maxmemory {MAX_MEMORY}",
            f"maxmemory-policy {POLICY}",
            'save ""',
            "appendonly no",
        )
        launch = Launch((str(valkey()), "-"), folder, bare_environment(), text="\n".join(settings) + "\n")
        self._process = await self._world.start(launch, self.on_line)
        await until(self._open, what="Valkey answers", seconds=20)

    async def stop(self) -> None:
        """Stop the server; what it held is gone."""
        if self._process is not None:
            await self._process.stop(signal.SIGTERM, grace_seconds=2)

    def close(self) -> None:
        """Give the port back, after `stop`."""
        self._port.close()

    async def execute(self, *command: str | int) -> object:
        """Execute one command, for example `execute("CONFIG", "SET", "maxmemory-policy", "noeviction")`.

        Raises:
            redis.RedisError: it failed.
        """
        from redis.asyncio import Redis

        async with Redis.from_url(self.url, decode_responses=True) as client:
            answer: object = await client.execute_command(*command)  # type: ignore[no-untyped-call]
            return answer

    async def reset(self) -> None:
        """Make it empty, with the plan's memory and policy."""
        await self.execute("FLUSHALL")
        await self.execute("CONFIG", "SET", "maxmemory-policy", POLICY, "maxmemory", MAX_MEMORY)

    async def policy(self) -> str:
        """The eviction policy, asked of the server; when that does not answer, the one that it was started with."""
        from redis.exceptions import RedisError

        try:
            async with asyncio.timeout(_PATIENCE_SECONDS):
                answer = await self.execute("CONFIG", "GET", "maxmemory-policy")
        except (RedisError, TimeoutError):
            return POLICY
        return cast("dict[str, str]", answer)["maxmemory-policy"]

    async def _open(self) -> bool:
        """Whether it answers PING."""
        if not self.running:
            raise RuntimeError("Valkey ended while it was starting; its lines say why")
        with suppress(ConnectionError):
            reader, writer = await asyncio.open_connection(LOOPBACK, self._port.number)
            writer.write(f"AUTH {self._password}\r\nPING\r\n".encode())
            answers = [await reader.readline(), await reader.readline()]
            writer.close()
            await writer.wait_closed()
            return answers == [b"+OK\r\n", b"+PONG\r\n"]
        return False
