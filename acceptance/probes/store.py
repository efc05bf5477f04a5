"""Reading a key value store (Redis, Valkey): does it answer, which one is it, and what does it evict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import redis

from acceptance.outcomes import Unverified
from acceptance.probes.addresses import split_address

TIMEOUT_S = 5.0


@dataclass(frozen=True)
class StoreReading:
    """What the store says of itself: whether it answered PING with PONG; the policy is in its own words."""

    pong: bool
    flavour: str
    version: str
    eviction_policy: str


def read_store(url: str) -> StoreReading:
    """Ask the store that `url` names for PING and INFO, in one round trip.

    Raises:
        Unverified: it can't be reached or refuses; says why, never the password.
    """
    where = _described(url)
    try:
        with redis.Redis.from_url(
            url, socket_timeout=TIMEOUT_S, socket_connect_timeout=TIMEOUT_S, decode_responses=True
        ) as store:
            pong, info = store.pipeline(transaction=False).ping().info().execute()
    except (redis.RedisError, ValueError, OSError) as error:
        raise Unverified(f"the key value store {where} can't be asked: {_reason(error)}") from None
    return _reading(info, pong=pong is True)


def _reading(info: Mapping[str, Any], *, pong: bool) -> StoreReading:
    valkey = info.get("valkey_version")
    return StoreReading(
        pong=pong,
        flavour="Valkey" if valkey else "Redis",
        version=str(valkey or info.get("redis_version", "of an unknown version")),
        eviction_policy=str(info.get("maxmemory_policy", "")),
    )


def _described(url: str) -> str:
    parts = split_address(url)
    return (
        f"on {parts.hostname}" if parts and parts.scheme in ("redis", "rediss") and parts.hostname else "of REDIS_URL"
    )


def _reason(error: Exception) -> str:
    if isinstance(error, redis.AuthenticationError | redis.exceptions.NoPermissionError):
        return "the user name or password is wrong, or the user may not send PING and INFO"
    if isinstance(error, redis.TimeoutError | TimeoutError):
        return "it did not answer in time; is access from here allowed?"
    if isinstance(error, redis.ConnectionError | OSError):
        return "no connection could be made; is it up, and is access from here allowed?"
    if isinstance(error, ValueError):
        return "REDIS_URL is no redis:// or rediss:// address"
    return f"it answered with an error ({type(error).__name__})"
