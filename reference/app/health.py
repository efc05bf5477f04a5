"""Asking the dependencies how they are, within a bounded time."""

import asyncio
import logging
from collections.abc import Awaitable, Coroutine
from dataclasses import dataclass
from typing import Any, Literal, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from reference.app.database import UNAVAILABLE

_LOG = logging.getLogger("app.health")
_PATIENCE_S = 2.0
_UNFINISHED: set[asyncio.Task[object]] = set()  # the event loop itself does not keep tasks alive

State = Literal["connected", "disconnected"]


@dataclass(frozen=True)
class Health:
    """How each dependency answered just now."""

    database: State
    redis: State

    @property
    def good(self) -> bool:
        """Whether everything that the application needs is there."""
        return self.database == self.redis == "connected"


async def examine(engine: AsyncEngine, store: Redis) -> Health:
    """Asks PostgreSQL and Valkey at once; takes two seconds at most."""
    database, redis = await asyncio.gather(
        _state("database", _ask_database(engine)), _state("redis", _ask_store(store))
    )
    return Health(database=database, redis=redis)


async def _ask_database(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))


async def _ask_store(store: Redis) -> None:
    await cast("Awaitable[object]", store.ping())


async def _state(name: str, question: Coroutine[Any, Any, object]) -> State:
    """Waits for an answer; a driver that is slow to give up is left to do so on its own."""
    task = asyncio.create_task(question)
    _UNFINISHED.add(task)
    task.add_done_callback(_UNFINISHED.discard)
    await asyncio.wait({task}, timeout=_PATIENCE_S)
    if not task.done():
        task.add_done_callback(_look_away)
        task.cancel()
        _LOG.error("%s does not answer within %s s", name, _PATIENCE_S)
        return "disconnected"
    try:
        task.result()
    except (*UNAVAILABLE, RedisError, OSError) as error:
        _LOG.error("%s does not answer: %s", name, type(error).__name__)
        return "disconnected"
    return "connected"


def _look_away(task: asyncio.Task[object]) -> None:
    """Takes the late error of an answer that nobody waits for any more."""
    if not task.cancelled():
        task.exception()
