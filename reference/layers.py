"""An ASGI application inside wrappers that come and go while it serves."""

from collections.abc import Callable
from typing import TypeAlias

from starlette.types import ASGIApp, Receive, Scope, Send

Wrapper: TypeAlias = Callable[[ASGIApp], ASGIApp]
"""Takes an application and returns one that stands around it."""


class Layers:
    """An application and its wrappers; the one that was added last stands outermost.

    Only HTTP requests pass through them: a wrapper need not know the protocol's other scopes.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._outermost = app
        self._count = 0

    def append(self, wrapper: Wrapper) -> None:
        """Put one more wrapper around everything; requests under way are not affected."""
        self._outermost = wrapper(self._outermost)
        self._count += 1

    def clear(self) -> None:
        """Take all wrappers away."""
        self._outermost, self._count = self._app, 0

    def replace(self, app: ASGIApp) -> None:
        """Serve another application, without wrappers."""
        self._app = app
        self.clear()

    def __len__(self) -> int:
        """How many wrappers there are."""
        return self._count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one scope."""
        app = self._outermost if scope["type"] == "http" else self._app
        await app(scope, receive, send)
