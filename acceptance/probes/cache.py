"""Reading a key value store (Redis, Valkey): is it there, which one, and what does it evict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from acceptance.outcomes import Unverified

TIMEOUT_S = 5.0


@dataclass(frozen=True)
class CacheReading:
    """What the store says of itself: `flavour` is redis or valkey; memory in bytes, a limit of 0 means none."""

    flavour: str
    version: str
    eviction_policy: str
    memory_limit: int
    memory_used: int
    connected_clients: int


def read_cache(url: str) -> CacheReading:
    """Ask the store that `url` names for PING and INFO, in one round trip.

    Raises:
        Unverified: it can't be reached or refuses; says why, never the password.
    """
    import redis

    where = _described(url)
    try:
        with redis.Redis.from_url(
            url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, decode_responses=True
        ) as store:
            pong, info = store.pipeline(transaction=False).ping().info().execute()
    except (redis.RedisError, ValueError, OSError) as error:
        raise Unverified(f"the key value store {where} can't be read: {_reason(error)}") from None
    if pong is not True:
        raise Unverified(f"the key value store {where} did not answer PING with PONG")
    return _reading(info)


def _reading(info: Mapping[str, Any]) -> CacheReading:
    valkey = info.get("valkey_version")
    return CacheReading(
        flavour="valkey" if valkey else "redis",
        version=str(valkey or info.get("redis_version", "")),
        eviction_policy=str(info.get("maxmemory_policy", "")),
        memory_limit=int(info.get("maxmemory", 0)),
        memory_used=int(info.get("used_memory", 0)),
        connected_clients=int(info.get("connected_clients", 0)),
    )


def _described(url: str) -> str:
    parts = urlsplit(url)
    return f"on {parts.hostname}" if parts.scheme in ("redis", "rediss") and parts.hostname else "of REDIS_URL"


def _reason(error: Exception) -> str:
    import redis

    if isinstance(error, redis.AuthenticationError | redis.exceptions.NoPermissionError):
        return "the user name or password is wrong, or the user may not send PING and INFO"
    if isinstance(error, redis.TimeoutError | TimeoutError):
        return "it did not answer in time; is access from here allowed?"
    if isinstance(error, redis.ConnectionError | OSError):
        return "no connection could be made; is it up, and is access from here allowed?"
    if isinstance(error, ValueError):
        return "REDIS_URL is no redis:// or rediss:// address"
    return f"it answered with an error ({type(error).__name__})"
