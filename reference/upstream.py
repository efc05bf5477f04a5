"""One instance of the application as the edge sees it."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpcore

from reference.ports import LOOPBACK

Headers = Sequence[tuple[bytes, bytes]]

# The application closes a connection that is idle for 5 s. We do so earlier, so that no request meets that moment.
_IDLE_SECONDS = 2.0
_TIMEOUTS = {"connect": 5.0, "read": 100.0, "write": 30.0, "pool": 30.0}
_HOP_BY_HOP = frozenset(
    {b"connection", b"keep-alive", b"proxy-authenticate", b"proxy-authorization", b"proxy-connection"}
    | {b"te", b"trailer", b"transfer-encoding", b"upgrade"}
)

Unreachable = (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError)
"""What `Upstream.forward` raises when the instance does not answer."""


@dataclass(frozen=True)
class Answer:
    """An answer as it goes to the client."""

    status: int
    headers: Headers
    body: bytes


class Upstream:
    """Forwards requests to a port of the loopback interface, and knows when none is under way."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._pool = httpcore.AsyncConnectionPool(max_connections=200, keepalive_expiry=_IDLE_SECONDS)
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    async def forward(self, method: str, target: bytes, headers: Headers, body: bytes) -> Answer:
        """Send a request, byte for byte as it came, and read the whole answer.

        Raises:
            Unreachable: one of these.
        """
        url = httpcore.URL(scheme=b"http", host=LOOPBACK.encode(), port=self._port, target=target)
        request = httpcore.Request(method, url, headers=headers, content=body, extensions={"timeout": _TIMEOUTS})
        async with self._counted():
            response = await self._pool.handle_async_request(request)
            try:
                content = await response.aread()
            finally:
                await response.aclose()
        return Answer(response.status, end_to_end(response.headers), content)

    async def drained(self) -> None:
        """Wait until no request is under way."""
        await self._idle.wait()

    async def close(self) -> None:
        """Close the connections."""
        await self._pool.aclose()

    @asynccontextmanager
    async def _counted(self) -> AsyncIterator[None]:
        self._under_way += 1
        self._idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if self._under_way == 0:
                self._idle.set()


def end_to_end(headers: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers that are not about one connection alone, their names in lower case."""
    headers = [(name.lower(), value) for name, value in headers]
    named = {word.strip().lower() for name, value in headers if name == b"connection" for word in value.split(b",")}
    return [(name, value) for name, value in headers if name not in _HOP_BY_HOP | named]
