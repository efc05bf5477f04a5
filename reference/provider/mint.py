"""Ids, keys, times and commits as the provider mints them."""

import itertools
import secrets
import string
import time
from base64 import b32hexencode
from datetime import UTC, datetime

_MACHINE = secrets.token_bytes(5)
_COUNTER = itertools.count(secrets.randbelow(2**22))


def now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.now(UTC)


def new_id(prefix: str, at: datetime | None = None, suffix: str = "") -> str:
    """An id such as `srv-d0ibmo4fu1ps73eu3nf0`: 20 characters of 0-9 and a-v that sort by the second `at`."""
    second = int(at.timestamp() if at else time.time())
    raw = second.to_bytes(4, "big") + _MACHINE + (next(_COUNTER) % 2**24).to_bytes(3, "big")
    return f"{prefix}-{b32hexencode(raw).decode().rstrip('=').lower()}{suffix}"


def new_instance_id(service_id: str) -> str:
    """An instance's id: the service's and five more characters, `srv-<20>-<5>`."""
    letters = string.digits + string.ascii_lowercase
    return f"{service_id}-{''.join(secrets.choice(letters) for _ in range(5))}"


def new_commit_id() -> str:
    """Forty hexadecimal digits."""
    return secrets.token_hex(20)


def new_api_key() -> str:
    """A bearer key, `rnd_` and 28 more characters."""
    return "rnd_" + secrets.token_urlsafe(21).replace("-", "a").replace("_", "b")


def stamp(moment: datetime) -> str:
    """RFC 3339 in UTC with microseconds, `2025-05-14T15:48:48.664356Z`."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
