"""Odd input is refused or stored as it is, and never an error of the server."""

import json
from typing import Any

import httpx
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg.rows import DictRow

from proof.app.serving import Application
from proof.app.sessions import event

EVENT = "/api/v1/analytics/track/event"


@pytest.fixture
def client(application: Application) -> httpx.Client:
    """A client of the application."""
    return application.client


@pytest.mark.parametrize(
    "changes",
    [
        {"properties": {"deep": [[[[[[[[[[1]]]]]]]]]]}},
        {"properties": {"key\0": 1}},
        {"properties": {"huge": 10**40}},
        {"properties": {"scroll_depth": 101}},
        {"properties": {"scroll_depth": True}},
        {"properties": []},
        {"path": "/" + "名" * 1000},
        {"user_agent": ""},
        {"consent_given": "true"},
        {"viewport_width": 100.5},
        {"timestamp": -1},
        {"device_type": "toaster"},
        {"ecommerce": {"order_value": -1}},
        {"ecommerce": {"order_currency": "euro"}},
        {"performance": {"lcp": "fast"}},
        {"performance": {"speed": 1}},
    ],
)
def test_odd_events_are_refused(client: httpx.Client, prefix: str, changes: dict[str, Any]) -> None:
    """Each breaks one rule and is answered 422."""
    answer = client.post(EVENT, json=event(prefix, **changes))
    assert answer.status_code == 422, answer.text
    assert {"loc", "msg", "type"} == set(answer.json()["detail"][0])


@pytest.mark.parametrize(
    "changes",
    [
        {"path": "/" + "x" * 1023, "url": "https://shop.example/" + "x" * 2027},
        {"event_name": "🛒" * 255, "referrer": "http://[", "user_id": "gid://shop/Customer/7"},
        {"session_id": "s" * 255, "utm_source": "名" * 255},
        {"timestamp": 0, "viewport_width": 0, "screen_height": 10_000},
        {"properties": {"\\u0000": "\\u0000", "text": "\u2028\ufeff"}},
        {"event_type": "scroll", "properties": {"scroll_depth": 12.5}},
        {"ecommerce": {"product_id": 8_675_309, "order_value": 0.1, "product_quantity": 10_000_000}},
        {"user_id": "", "event_name": "", "performance": {"cls": 2000}},
    ],
)
def test_edges_are_stored_as_sent(
    client: httpx.Client, database: psycopg.Connection[DictRow], prefix: str, changes: dict[str, Any]
) -> None:
    """The longest, smallest and strangest that the rules allow comes back from the database unchanged."""
    sent = event(prefix, **changes)
    answer = client.post(EVENT, json=sent)
    assert answer.status_code == 202, answer.text
    row = database.execute("SELECT * FROM analytics_events WHERE id = %s", [answer.json()["event_id"]]).fetchone()
    assert row is not None
    names = ["event_name", "session_id", "path", "url", "referrer", "utm_source", "properties"]
    assert {name: row[name] for name in names} == {name: sent.get(name) for name in names}


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "application/json", 422),
        (b"[" * 100_000, "application/json", 422),
        (b'{"event_type": "\xff"}', "application/json", 422),
        (b"9" * 5_000, "application/json", 422),
        (b"{}", "text/plain", 415),
        (b"{}", "application/json; charset=utf-8", 422),
        (b" " * 1_048_576, "application/json", 413),
    ],
    ids=["empty", "endless", "no-utf8", "digits", "plain", "charset", "too-large"],
)
def test_odd_bodies_are_refused(client: httpx.Client, body: bytes, kind: str, status: int) -> None:
    """What is no JSON of ours gets its documented status."""
    assert client.post(EVENT, content=body, headers={"Content-Type": kind}).status_code == status


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


@given(st.sampled_from(sorted(event("x"))), JSON)
@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
def test_no_value_breaks_the_server(client: httpx.Client, prefix: str, field: str, value: Any) -> None:
    """Whatever stands in a field, the answer is 202, 415 or 422."""
    body = json.dumps({**event(prefix), "properties": {"value": value}, field: value})
    answer = client.post(EVENT, content=body.encode(), headers={"Content-Type": "application/json"})
    assert answer.status_code in {202, 422}, answer.text


@given(st.text(max_size=40), st.text(max_size=40), st.integers() | st.text(max_size=10))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_query_breaks_the_server(client: httpx.Client, first: str, second: str, third: int | str) -> None:
    """Whatever stands in a query, the answer is no 5xx."""
    dates = client.get("/api/v1/analytics/summary", params={"date_from": first, "date_to": second})
    params = {"session_id": first, "visitor_id": second, "time_on_site_seconds": third}
    intent = client.post("/api/v1/analytics/ml/classify-intent", params=params)
    assert dates.status_code in {200, 422}
    assert intent.status_code in {404, 422}
