"""Asking the dependencies how they are, within a bounded time."""

import asyncio
import logging
from collections.abc import Awaitable
from dataclasses import dataclass
from typing import Literal, cast

from redis.asyncio import Redis
from redis.exceptions import RedisError
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from reference.app.database import UNAVAILABLE

_LOG = logging.getLogger("app.health")
_PATIENCE_S = 2.0

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
        _state("database", _ask_database(engine)), _state("redis", cast("Awaitable[object]", store.ping()))
    )
    return Health(database=database, redis=redis)


async def _ask_database(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(text("SELECT 1"))


async def _state(name: str, question: Awaitable[object]) -> State:
    try:
        async with asyncio.timeout(_PATIENCE_S):
            await question
    except (*UNAVAILABLE, RedisError, OSError, TimeoutError) as error:
        _LOG.error("%s does not answer: %s", name, type(error).__name__)
        return "disconnected"
    return "connected"
