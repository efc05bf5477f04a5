"""Visitors' sessions as the tests send them."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

BROWSER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def milliseconds(moment: datetime) -> int:
    """Gives a moment as a client's clock does."""
    return round(moment.timestamp() * 1000)


def minutes_ago(minutes: float) -> datetime:
    """Gives a moment of this day, to the millisecond."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000) - timedelta(minutes=minutes)


def event(session: str, path: str = "/", **changes: Any) -> dict[str, Any]:
    """Gives a pageview, or what the changes make of it."""
    return {
        "event_type": "pageview",
        "session_id": session,
        "visitor_id": f"{session}-visitor",
        "url": f"https://shop.example{path}",
        "path": path,
        "user_agent": BROWSER_AGENT,
        **changes,
    }


def purchase(session: str, value: float, **changes: Any) -> dict[str, Any]:
    """Gives an order of that value."""
    order = {"order_id": f"{session}-order", "order_value": value, "order_currency": "EUR"}
    return event(session, "/checkout/done", event_type="ecommerce", event_name="purchase", ecommerce=order, **changes)


def timed(events: Iterable[dict[str, Any]], start: datetime, seconds: Iterable[float]) -> list[dict[str, Any]]:
    """Puts events at these seconds after the start."""
    return [
        {**one, "timestamp": milliseconds(start + timedelta(seconds=second))}
        for one, second in zip(events, seconds, strict=True)
    ]


def browser(session: str) -> list[dict[str, Any]]:
    """Looks at the home page and at one product, shallowly, in 25 s."""
    events = [
        event(session),
        event(session, event_type="scroll", properties={"scroll_depth": 35}),
        event(session, "/products/lamp"),
    ]
    return timed(events, minutes_ago(5), [0, 10, 25])


def researcher(session: str) -> list[dict[str, Any]]:
    """Reads and clicks two products in a minute."""
    events = [event(session)]
    for path in ("/products/lamp", "/products/chair"):
        events += [
            event(session, path),
            event(session, path, event_type="scroll", properties={"scroll_depth": 50}),
            event(session, path, event_type="click"),
        ]
    return timed(events, minutes_ago(5), range(0, 70, 10))


def buyer(session: str) -> list[dict[str, Any]]:
    """Reads a product to the end, puts it into the cart and reaches the checkout, in 2 min."""
    path = "/products/lamp"
    events = [
        event(session),
        event(session, "/collections/light"),
        event(session, path),
        event(session, path, event_type="scroll", properties={"scroll_depth": 90}),
        event(session, path, event_type="ecommerce", event_name="add_to_cart"),
        event(session, "/cart"),
        event(session, "/checkout"),
    ]
    return timed(events, minutes_ago(5), range(0, 140, 20))
