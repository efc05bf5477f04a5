"""Serving an ASGI application on one of our ports, in this process.

Hypercorn speaks the protocols. Its own `serve` waits for clients that keep their connections open, and
complains about those that it cancels; a deployment that ends has to end at once, so we accept and end ourselves.
"""

import asyncio
import logging
import ssl
from contextlib import suppress

from hypercorn.asyncio.lifespan import Lifespan
from hypercorn.asyncio.tcp_server import TCPServer
from hypercorn.asyncio.worker_context import WorkerContext
from hypercorn.config import Config
from hypercorn.utils import wrap_app
from starlette.types import ASGIApp

from reference.ports import Port

_HANDSHAKE_SECONDS = 10.0
_SHUTDOWN_SECONDS = 1.0


def _config() -> Config:
    config = Config()
    config.include_server_header = False
    config.include_date_header = False
    # Longer and more than any client keeps: the client closes, so no request meets a closing connection.
    config.keep_alive_timeout = 120
    config.keep_alive_max_requests = 1_000_000_000
    config.errorlog = logging.getLogger(__name__)
    return config


class Listener:
    """Serves an application on a port, over HTTP/2 and HTTP/1.1 with TLS, else over HTTP/1.1."""

    def __init__(self, app: ASGIApp, port: Port, context: ssl.SSLContext | None = None) -> None:
        self._config = _config()
        # mypy: Hypercorn has its own names for the same ASGI types.
        self._app = wrap_app(app, self._config.wsgi_max_body_size, "asgi")  # type: ignore[arg-type]
        self._port = port
        self._context = context
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}
        self._server: asyncio.Server | None = None

    async def start(self) -> None:
        """Listen: from now on connections are taken."""
        self._lifespan = Lifespan(self._app, self._config, asyncio.get_running_loop(), {})
        self._life = asyncio.create_task(self._lifespan.handle_lifespan())
        await self._lifespan.wait_for_startup()
        self._server = await asyncio.start_server(
            self._connected,
            sock=self._port.listen(),
            ssl=self._context,
            ssl_handshake_timeout=_HANDSHAKE_SECONDS if self._context else None,
            ssl_shutdown_timeout=_SHUTDOWN_SECONDS if self._context else None,
        )

    async def stop(self) -> None:
        """End at once, whoever is connected."""
        if self._server is None:
            return
        self._server.close()
        for task, writer in list(self._connections.items()):
            # A client would be waited for until it agrees to end its TLS session.
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*self._connections)
        await self._lifespan.wait_for_shutdown()
        await self._life

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a connection until the client leaves or we stop."""
        task = asyncio.current_task()
        assert task is not None
        self._connections[task] = writer
        loop = asyncio.get_running_loop()
        try:
            with suppress(asyncio.CancelledError, OSError):
                await TCPServer(self._app, loop, self._config, WorkerContext(None), {}, reader, writer)
        finally:
            del self._connections[task]
