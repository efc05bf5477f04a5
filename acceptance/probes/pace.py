"""Waiting out a rate limit: as long as the other side asked, once, and all requests together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def retry_after_s(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Return the seconds that a `Retry-After` header asks to wait; None when it is missing or unreadable.

    The header holds seconds or a date (RFC 9110, 10.2.3).
    """
    text = headers.get("retry-after", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        until = parsedate_to_datetime(text)
    except ValueError:
        return None
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - (now or datetime.now(UTC))).total_seconds())


class Gate:
    """The moment before which nothing is sent, shared by all requests of a client.

    Once a request that had waited was refused again, waiting is known to be of no use: from then on none waits.

    Args:
        patience_s: the longest that one request may wait.
    """

    def __init__(self, patience_s: float) -> None:
        self.patience_s = patience_s
        self._opens_at = 0.0
        self._given_up = False

    def close_for(self, wait_s: float, waited_s: float = 0.0) -> bool:
        """Close for that many seconds; False when that, after `waited_s`, is longer than the patience, or of no use."""
        if self._given_up or waited_s + wait_s > self.patience_s:
            return False
        self._opens_at = max(self._opens_at, asyncio.get_running_loop().time() + wait_s)
        return True

    def give_up(self, wait_s: float) -> None:
        """Close for that many seconds, and let nobody wait any more."""
        self._given_up = True
        self._opens_at = max(self._opens_at, asyncio.get_running_loop().time() + wait_s)

    async def passed(self) -> float | None:
        """Wait until it is open; return the seconds that it took, 0 when it was open; None when nobody is to wait."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while (left := self._opens_at - loop.time()) > 0:
            if self._given_up:
                return None
            await asyncio.sleep(left)
        return max(0.0, min(self._opens_at, loop.time()) - began)
