"""The classification meets the archetypes and keeps its promises whatever is added to a session."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from proof.app.serving import Application
from proof.app.sessions import browser, buyer, event, researcher
from reference.app.intent import Signals, classify

Session = Callable[[str], list[dict[str, Any]]]
ORDER = ("browser", "researcher", "high_intent_buyer")


@pytest.fixture
def client(application: Application) -> httpx.Client:
    """A client of the application."""
    return application.client


def send(client: httpx.Client, events: list[dict[str, Any]]) -> None:
    """Sends a batch, which must be stored."""
    assert client.post("/api/v1/analytics/track/batch", json={"events": events}).status_code == 202


def verdict(client: httpx.Client, session: str) -> dict[str, Any]:
    """Asks for a session's classification."""
    params = {"session_id": session, "visitor_id": f"{session}-visitor"}
    answer = client.post("/api/v1/analytics/ml/classify-intent", params=params)
    assert answer.status_code == 200, answer.text
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize(
    ("archetype", "expected", "between"),
    [
        (browser, "browser", (0.0, 0.4)),
        (researcher, "researcher", (0.4, 0.7)),
        (buyer, "high_intent_buyer", (0.701, 1.0)),
    ],
)
def test_archetypes(
    client: httpx.Client, prefix: str, archetype: Session, expected: str, between: tuple[float, float]
) -> None:
    """Each archetype comes out as itself: low, medium, and above 0.7."""
    send(client, archetype(prefix))
    body = verdict(client, prefix)
    assert body["intent_class"] == expected
    assert between[0] <= body["confidence"] <= between[1]
    assert body["events_analyzed"] == len(archetype(prefix))
    assert body["contributing_factors"]


@pytest.mark.parametrize("archetype", [browser, researcher, buyer])
def test_replay_and_strangers_change_nothing(client: httpx.Client, prefix: str, archetype: Session) -> None:
    """The same session sent again, and another visitor's purchase, leave class and confidence as they are."""
    send(client, archetype(prefix))
    before = verdict(client, prefix)
    send(client, archetype(prefix))
    stranger = event(prefix, "/checkout", visitor_id=f"{prefix}-stranger")
    send(client, [stranger, {**stranger, "event_type": "ecommerce", "event_name": "add_to_cart"}])
    after = verdict(client, prefix)
    assert (before["intent_class"], before["confidence"]) == (after["intent_class"], after["confidence"])


@pytest.mark.parametrize("archetype", [browser, researcher, buyer])
@pytest.mark.parametrize("more", [{"event_type": "ecommerce", "event_name": "add_to_cart"}, {"path": "/checkout"}])
def test_more_intent_never_lowers(client: httpx.Client, prefix: str, archetype: Session, more: dict[str, Any]) -> None:
    """Adding to the cart or reaching the checkout never lowers the class or the confidence."""
    send(client, archetype(prefix))
    before = verdict(client, prefix)
    send(client, [{**event(prefix), **more}])
    after = verdict(client, prefix)
    assert ORDER.index(after["intent_class"]) >= ORDER.index(before["intent_class"])
    assert after["confidence"] >= before["confidence"]


SIGNALS = st.builds(
    Signals,
    pages=st.integers(0, 9),
    product_pages=st.integers(0, 9),
    deepest_scroll=st.floats(0, 100),
    deepest_product_scroll=st.floats(0, 100),
    pages_clicked=st.integers(0, 9),
    seconds=st.floats(0, 86_400),
    cart_viewed=st.booleans(),
    added_to_cart=st.booleans(),
    checkout_reached=st.booleans(),
    purchased=st.booleans(),
)


@given(SIGNALS, st.sampled_from(["added_to_cart", "checkout_reached", "purchased", "cart_viewed"]))
@settings(deadline=None, max_examples=50)
def test_every_sign_of_buying_only_raises(signals: Signals, sign: str) -> None:
    """From any behaviour whatever, one more sign of buying lowers neither class nor confidence."""
    before = classify(signals)
    after = classify(Signals(**{**vars(signals), sign: True}))
    assert ORDER.index(after.intent_class) >= ORDER.index(before.intent_class)
    assert after.confidence >= before.confidence
    assert 0 <= after.confidence <= 1
    assert after.factors
