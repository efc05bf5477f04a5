"""Storing events, and what follows from them: sessions and conversions, in one transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, UUID, uuid4, uuid5

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncEngine

from reference.app.bots import is_bot
from reference.app.events import Event
from reference.app.models import analytics_events
from reference.app.sessions import CONVERSION, LOCK_SESSIONS, REFRESH_SESSIONS

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Clients' clocks run ahead a little; what claims to come from later than this happened when it arrived.
_CLOCK_TOLERANCE = timedelta(minutes=5)
_TAKEN_AS_THEY_ARE = (
    "event_type", "event_name", "session_id", "visitor_id", "url", "path", "referrer", "utm_source", "utm_medium",
    "utm_campaign", "utm_term", "utm_content", "device_type", "browser", "browser_version", "os", "os_version",
    "viewport_width", "viewport_height", "screen_width", "screen_height", "properties", "consent_given",
)  # fmt: skip


@dataclass(frozen=True)
class Origin:
    """Where a request came from: the client's address, already hashed, and its country if the edge told it."""

    address_hash: str
    country_code: str | None


def hash_address(address: str, *, salt: str) -> str:
    """Gives the SHA-256 (64 hex digits) that stands for an address; salted, for there are few addresses to guess."""
    return sha256(f"{salt}{address}".encode()).hexdigest()


async def store_events(engine: AsyncEngine, events: Sequence[Event], origin: Origin) -> list[UUID]:
    """Stores the events, all or none, and brings their sessions and conversions up to date.

    Returns:
        The ids of the stored events, in their order.
    """
    arrival = datetime.now(UTC).replace(tzinfo=None)
    rows = [_row(event, origin, arrival + timedelta(microseconds=i)) for i, event in enumerate(events)]
    people = [(event, row) for event, row in zip(events, rows, strict=True) if not row["is_bot"]]
    session_ids = sorted({row["session_id"] for _, row in people})
    async with engine.begin() as connection:
        await connection.execute(LOCK_SESSIONS, {"session_ids": session_ids})
        await connection.execute(insert(analytics_events), rows)
        await connection.execute(REFRESH_SESSIONS, {"session_ids": session_ids})
        purchases = [_conversion(event, row) for event, row in people if event.is_purchase]
        if purchases:
            await connection.execute(CONVERSION, purchases)
    return [row["id"] for row in rows]


def _row(event: Event, origin: Origin, arrival: datetime) -> dict[str, Any]:
    """Gives an event's row; without consent nothing that leads to the person is kept."""
    return {name: getattr(event, name) for name in _TAKEN_AS_THEY_ARE} | {
        "id": uuid4(),
        "user_id": _user_uuid(event.user_id) if event.consent_given else None,
        "timestamp": _moment(event.timestamp, arrival),
        "client_timestamp": event.timestamp,
        "referrer_domain": _host(event.referrer),
        "country_code": origin.country_code,
        "ip_address_hash": origin.address_hash if event.consent_given else None,
        "performance_data": event.performance and event.performance.model_dump(exclude_none=True),
        "ecommerce_data": event.ecommerce and event.ecommerce.model_dump(exclude_none=True),
        "is_bot": is_bot(event.user_agent),
        "anonymized": not event.consent_given,
        "created_at": arrival,
    }


def _moment(client_ms: int | None, arrival: datetime) -> datetime:
    """Gives when it happened, naive UTC: as the client says, unless that is in the future."""
    if client_ms is None:
        return arrival
    claimed = (_EPOCH + timedelta(milliseconds=client_ms)).replace(tzinfo=None)
    return claimed if claimed <= arrival + _CLOCK_TOLERANCE else arrival


def _user_uuid(user_id: str | None) -> UUID | None:
    """Gives the user's UUID; a shop's own kind of id becomes a stable one, and an empty one is none."""
    if not user_id:
        return None
    try:
        return UUID(user_id)
    except ValueError:
        return uuid5(NAMESPACE_URL, user_id)


def _host(referrer: str | None) -> str | None:
    try:
        host = urlsplit(referrer or "").hostname
    except ValueError:  # such as "http://[": no host can be read from it
        host = None
    return host[:255] if host else None


def _conversion(event: Event, row: dict[str, Any]) -> dict[str, Any]:
    order = event.ecommerce
    return {
        "event_id": row["id"],
        "value": order.order_value if order and order.order_value is not None else 0.0,
        "currency": order.order_currency if order else None,
        "order_id": order.order_id if order else None,
        "product_ids": [order.product_id] if order and order.product_id is not None else None,
    }
