"""Serving an ASGI application on one of our ports, in this process."""

import asyncio
import logging
import ssl
from contextlib import suppress

from hypercorn.asyncio import serve
from hypercorn.config import Config
from starlette.types import ASGIApp

from reference.ports import Port

_log = logging.getLogger(__name__)


class _Config(Config):
    """Hypercorn's settings with a TLS context of our own, which may change while it serves."""

    def __init__(self, descriptor: int, context: ssl.SSLContext | None) -> None:
        super().__init__()
        self.bind = [f"fd://{descriptor}"]
        self.context = context
        self.include_server_header = False
        self.include_date_header = False
        # Longer and more than any client keeps: the client closes, so no request meets a closing connection.
        self.keep_alive_timeout = 120
        self.keep_alive_max_requests = 1_000_000_000
        self.graceful_timeout = 0.3
        self.errorlog = _log

    @property
    def ssl_enabled(self) -> bool:
        """Whether it speaks TLS."""
        return self.context is not None

    def create_ssl_context(self) -> ssl.SSLContext | None:
        """The context that was given."""
        return self.context


class Listener:
    """Serves an application on a port, over HTTP/2 and HTTP/1.1 with TLS, else over HTTP/1.1."""

    def __init__(self, app: ASGIApp, port: Port, context: ssl.SSLContext | None = None) -> None:
        self._app = app
        self._port = port
        self._context = context
        self._stopping = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Listen: from now on connections are taken."""
        config = _Config(self._port.listen().detach(), self._context)
        # mypy: Hypercorn has its own names for the same ASGI types.
        self._task = asyncio.create_task(
            serve(self._app, config, shutdown_trigger=self._stopping.wait)  # type: ignore[arg-type]
        )

    async def stop(self) -> None:
        """End; requests under way get a moment."""
        self._stopping.set()
        if self._task is not None:
            _, late = await asyncio.wait([self._task], timeout=1.5)
            for task in late:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
