"""The provider's rate limits: fixed windows, told in the headers of every answer."""

import math
import time
from dataclasses import dataclass

from reference.provider.model import RateLimits

_ACTIONS = {"deploys", "suspend", "resume"}


@dataclass(frozen=True)
class Standing:
    """How a bucket stands after a request: its limit, what remains and the seconds until it is full again."""

    limit: int
    remaining: int
    reset_seconds: int
    exceeded: bool

    @property
    def headers(self) -> dict[str, str]:
        """The provider's header names and values."""
        told = {
            "Ratelimit-Limit": str(self.limit),
            "Ratelimit-Remaining": str(self.remaining),
            "Ratelimit-Reset": str(self.reset_seconds),
        }
        return told | ({"Retry-After": str(max(1, self.reset_seconds))} if self.exceeded else {})


class Meter:
    """Counts requests by bucket: reads, writes, and each kind of action on each service."""

    def __init__(self) -> None:
        self._windows: dict[str, tuple[float, int]] = {}

    def take(self, limits: RateLimits, method: str, path: str) -> Standing:
        """Count one request; a request beyond the limit is not counted but told."""
        bucket, limit = _bucket(limits, method, path)
        now = time.monotonic()
        started, used = self._windows.get(bucket, (now, 0))
        if now - started >= limits.window_seconds:
            started, used = now, 0
        exceeded = used >= limit
        used += not exceeded
        self._windows[bucket] = started, used
        left = started + limits.window_seconds - now
        return Standing(limit, max(0, limit - used), math.ceil(left), exceeded)


def _bucket(limits: RateLimits, method: str, path: str) -> tuple[str, int]:
    if method in {"GET", "HEAD"}:
        return "reads", limits.reads
    parent, _, action = path.rpartition("/")
    if method == "POST" and action in _ACTIONS and "/services/" in parent:
        return path, limits.actions
    return "writes", limits.writes
