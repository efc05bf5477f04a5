"""The connection to Valkey and what the application keeps there."""

from dataclasses import dataclass
from hashlib import sha256
from typing import cast

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError  # noqa: A004 - the client's own, no relation of the built-in one

from reference.app.settings import Settings


def create_store(settings: Settings) -> Redis:
    """Makes the client; nothing is opened before the first use.

    Time-outs are short because no request may wait for a cache; one retry replaces a connection that a restart broke.
    """
    return Redis.from_url(
        settings.redis_url.get_secret_value(),
        socket_timeout=0.5,
        socket_connect_timeout=0.5,
        retry=Retry(NoBackoff(), retries=1, supported_errors=(ConnectionError,)),
        max_connections=50,
    )


@dataclass(frozen=True)
class Hit:
    """One more request of an address: how many in this window, and the seconds until the window ends."""

    count: int
    seconds_left: int


async def count_request(store: Redis, address: str, *, period_s: int) -> Hit:
    """Counts a request of an address in its fixed window, which begins with the address' first request.

    Raises:
        redis.exceptions.RedisError: the store can't be reached or refuses to write.
    """
    key = f"ratelimit:{sha256(address.encode()).hexdigest()[:32]}"
    async with store.pipeline(transaction=True) as commands:
        commands.set(key, 0, ex=period_s, nx=True)
        commands.incr(key)
        commands.pttl(key)
        _, count, left_ms = cast("tuple[object, int, int]", tuple(await commands.execute()))
    return Hit(count=count, seconds_left=max(1, -(-left_ms // 1000)))
