"""What every operation works with: the state, the engine, and the work that goes on after an answer."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field

from starlette.requests import Request
from starlette.responses import Response

from reference.provider.answers import ApiError, find, not_found
from reference.provider.model import Database, Engine, Service, Store, Workspace

_log = logging.getLogger(__name__)


@dataclass
class Context:
    """One workspace and the engine that moves its processes."""

    workspace: Workspace
    engine: Engine
    deploy_requests: int = 0
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _turns: dict[str, asyncio.Lock] = field(default_factory=lambda: defaultdict(asyncio.Lock))

    def service(self, request: Request) -> Service:
        """The service that the path names."""
        return find(self.workspace.services, request.path_params["service_id"])

    def resource(self, wanted: str, error: Callable[[str], ApiError] = not_found) -> Service | Database | Store:
        """A service, database or store by its id."""
        held: list[Service | Database | Store] = [
            *self.workspace.services,
            *self.workspace.databases,
            *self.workspace.stores,
        ]
        return find(held, wanted, error)

    def go_on(self, service: Service, work: Coroutine[object, object, None]) -> None:
        """Do the engine's work after the answer; one thing at a time for each service."""
        task = asyncio.create_task(self._in_turn(service, work))
        self._tasks.add(task)
        task.add_done_callback(self._done)

    async def _in_turn(self, service: Service, work: Coroutine[object, object, None]) -> None:
        async with self._turns[service.id]:
            await work

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _log.error("the engine failed: %s", error, exc_info=error)

    async def close(self) -> None:
        """End the work that is under way."""
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


Handler = Callable[[Context, Request], Awaitable[Response]]
Operation = tuple[str, str, Handler]
"""A method, a path below `/v1`, and what answers."""
