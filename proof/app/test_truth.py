"""The dashboard's numbers equal what was sent."""

import itertools
import random
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import psycopg
import pytest
from psycopg.rows import DictRow

from proof.app.serving import Application
from proof.app.sessions import event, milliseconds, purchase, timed

TRACK = "/api/v1/analytics/track"
_DAYS = itertools.count()
Rows = psycopg.Connection[DictRow]


@pytest.fixture
def client(application: Application) -> httpx.Client:
    """A client of the application."""
    return application.client


@pytest.fixture
def day() -> datetime:
    """The start of a day in the past that no other test uses."""
    return datetime(1990, 1, 1, tzinfo=UTC) + timedelta(days=next(_DAYS))


def send(client: httpx.Client, events: list[dict[str, Any]]) -> None:
    """Sends a batch, which must be stored."""
    answer = client.post(f"{TRACK}/batch", json={"events": events})
    assert (answer.status_code, answer.json()) == (
        202,
        {"success": True, "processed": len(events), "failed": 0, "errors": None},
    )


def summary(client: httpx.Client, date_from: str, date_to: str) -> dict[str, Any]:
    """Asks for a period's numbers."""
    answer = client.get("/api/v1/analytics/summary", params={"date_from": date_from, "date_to": date_to})
    assert answer.status_code == 200, answer.text
    numbers: dict[str, Any] = answer.json()
    return numbers


def of_day(client: httpx.Client, day: datetime) -> dict[str, Any]:
    """Asks for a whole day's numbers."""
    return summary(client, day.isoformat(), (day + timedelta(days=1, microseconds=-1)).isoformat())


def stored_session(database: Rows, session: str) -> DictRow:
    """Reads the one row of a session."""
    (row,) = database.execute("SELECT * FROM analytics_sessions WHERE session_id = %s", [session]).fetchall()
    return row


def test_known_sessions_give_known_numbers(client: httpx.Client, prefix: str, day: datetime) -> None:
    """A bounce, a reader and a buyer add up to exactly the numbers that follow from them."""
    bounce = timed([event(f"{prefix}-1", referrer="https://news.example/x", device_type="mobile")], day, [0])
    reader = timed([event(f"{prefix}-2"), event(f"{prefix}-2", "/a"), event(f"{prefix}-2", "/b")], day, [0, 30, 60])
    buyer = timed(
        [event(f"{prefix}-3", "/a"), purchase(f"{prefix}-3", 19.99), purchase(f"{prefix}-3", 0.01)], day, [0, 60, 120]
    )
    send(client, bounce + reader + buyer)
    numbers = of_day(client, day)
    assert {name: numbers[name] for name in numbers if name.startswith("total")} == {
        "total_pageviews": 5,
        "total_visitors": 3,
        "total_sessions": 3,
        "total_revenue": 20.0,
    }
    assert numbers["avg_session_duration"] == 60
    assert numbers["bounce_rate"] == numbers["conversion_rate"] == pytest.approx(100 / 3)
    assert numbers["top_pages"] == [
        {"path": "/", "pageviews": 2, "unique_visitors": 2},
        {"path": "/a", "pageviews": 2, "unique_visitors": 2},
        {"path": "/b", "pageviews": 1, "unique_visitors": 1},
    ]
    assert numbers["top_referrers"] == [{"referrer": "news.example", "visits": 1}]
    assert numbers["device_breakdown"] == {"unknown": 2, "mobile": 1}


def test_bots_do_not_count(client: httpx.Client, database: Rows, prefix: str, day: datetime) -> None:
    """A crawler's and a script's events are stored as bots' and change no number."""
    agents = ["Mozilla/5.0 (compatible; Googlebot/2.1)", "curl/8.5.0", "python-requests/2.32"]
    send(client, timed([event(prefix, user_agent=agent) for agent in agents], day, [0, 1, 2]))
    send(client, timed([purchase(prefix, 5, user_agent=agents[0])], day, [3]))
    rows = database.execute("SELECT is_bot FROM analytics_events WHERE session_id = %s", [prefix]).fetchall()
    assert [row["is_bot"] for row in rows] == [True] * 4
    assert not any(value for name, value in of_day(client, day).items() if name not in {"date_from", "date_to"})


def test_boundaries_are_inclusive_and_offsets_honoured(client: httpx.Client, prefix: str, day: datetime) -> None:
    """An event at the very ends of a period counts, also when the ends are told in another time zone."""
    send(client, timed([event(prefix), event(prefix)], day, [0, 3600]))
    start, end = day.replace(tzinfo=None), (day + timedelta(hours=1)).replace(tzinfo=None)
    assert summary(client, start.isoformat(), end.isoformat())["total_pageviews"] == 2
    assert summary(client, start.isoformat(), f"{end.isoformat()}+00:01")["total_pageviews"] == 1
    elsewhere = f"{(start + timedelta(hours=5)).isoformat()}+05:00"
    assert summary(client, elsewhere, end.isoformat())["total_pageviews"] == 2
    assert summary(client, (start + timedelta(milliseconds=1)).isoformat(), end.isoformat())["total_pageviews"] == 1


def test_concurrent_requests_lose_nothing(client: httpx.Client, database: Rows, prefix: str, day: datetime) -> None:
    """Fifty requests that hit one session at once, out of order, are all counted exactly."""
    events = timed([event(prefix, f"/{n}") for n in range(50)], day, range(50))
    random.shuffle(events)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda one: client.post(f"{TRACK}/event", json=one).status_code, events))
    assert answers == [202] * 50
    row = stored_session(database, prefix)
    assert (row["pageview_count"], row["event_count"], row["duration_seconds"]) == (50, 50, 49)
    assert (row["entry_page"], row["exit_page"], row["is_bounce"]) == ("/0", "/49", False)


def test_shared_sessions_never_block_each_other(client: httpx.Client, prefix: str, day: datetime) -> None:
    """Batches that touch the same sessions in different orders all get through."""
    ids = [f"{prefix}-{n}" for n in range(10)]
    batches = [random.sample(ids, k=10) for _ in range(20)]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda batch: send(client, timed([event(one) for one in batch], day, range(10))), batches))
    numbers = of_day(client, day)
    assert (numbers["total_pageviews"], numbers["total_sessions"]) == (200, 10)


def test_late_events_change_the_session(client: httpx.Client, database: Rows, prefix: str, day: datetime) -> None:
    """What arrives late but happened first becomes the entry, and a bounce stays one no longer."""
    send(client, timed([event(prefix, "/second")], day, [60]))
    assert stored_session(database, prefix)["is_bounce"]
    send(client, timed([event(prefix, "/first", utm_source="letter")], day, [0]))
    row = stored_session(database, prefix)
    assert (row["entry_page"], row["exit_page"], row["initial_utm_source"]) == ("/first", "/second", "letter")
    assert (row["is_bounce"], row["duration_seconds"]) == (False, 60)


def test_bounce_is_under_ten_seconds(client: httpx.Client, database: Rows, prefix: str, day: datetime) -> None:
    """One pageview is a bounce unless the visitor stayed for ten seconds."""
    for session, seconds, bounced in ((f"{prefix}-1", 9.999, True), (f"{prefix}-2", 10, False)):
        send(client, timed([event(session), event(session, event_type="click")], day, [0, seconds]))
        assert stored_session(database, session)["is_bounce"] is bounced


def test_purchase_remembers_its_campaigns(client: httpx.Client, database: Rows, prefix: str, day: datetime) -> None:
    """A conversion carries the first and the last campaign, the number of visits and the time it took."""
    visitor = f"{prefix}-visitor"
    visits = [
        event(f"{prefix}-1", visitor_id=visitor, utm_source="first"),
        event(f"{prefix}-2", visitor_id=visitor, utm_source="last", utm_medium="mail"),
        purchase(f"{prefix}-2", 7.5, visitor_id=visitor),
    ]
    send(client, timed(visits, day, [0, 3600, 7200]))
    (row,) = database.execute("SELECT * FROM conversion_events WHERE visitor_id = %s", [visitor]).fetchall()
    assert (row["first_touch_source"], row["last_touch_source"], row["last_touch_medium"]) == ("first", "last", "mail")
    assert (row["touchpoint_count"], row["time_to_conversion_hours"]) == (2, 2.0)
    assert (row["conversion_value"], row["currency"], row["order_id"]) == (7.5, "EUR", f"{prefix}-2-order")


def test_addresses_are_hashed_and_consent_is_kept(client: httpx.Client, database: Rows, prefix: str) -> None:
    """No address is stored, and without consent nothing that leads to a person."""
    send(client, [event(prefix, user_id="customer-7"), event(prefix, user_id="customer-7", consent_given=False)])
    given, refused = database.execute(
        "SELECT * FROM analytics_events WHERE session_id = %s ORDER BY created_at", [prefix]
    ).fetchall()
    assert len(given["ip_address_hash"]) == 64
    assert given["user_id"]
    assert (refused["ip_address_hash"], refused["user_id"], refused["anonymized"]) == (None, None, True)


def test_realtime_sees_a_visitor_at_once(client: httpx.Client, prefix: str) -> None:
    """A visit and a purchase of this moment show in the numbers of now."""
    before = client.get("/api/v1/analytics/realtime").json()
    send(client, [event(prefix), purchase(prefix, 3.25)])
    after = client.get("/api/v1/analytics/realtime").json()
    assert after["current_visitors"] >= 1
    assert after["pageviews_last_5min"] == before["pageviews_last_5min"] + 1
    assert after["visitors_last_5min"] == before["visitors_last_5min"] + 1
    assert 3.25 in [conversion["value"] for conversion in after["recent_conversions"]]


def test_a_clock_far_ahead_is_not_believed(client: httpx.Client, database: Rows, prefix: str) -> None:
    """An event from next year happened when it arrived."""
    ahead = milliseconds(datetime.now(UTC) + timedelta(days=365))
    send(client, [event(prefix, timestamp=ahead)])
    assert stored_session(database, prefix)["start_time"] < datetime.now(UTC).replace(tzinfo=None) + timedelta(hours=1)
