"""What a visitor is up to, by rules that can be told in a sentence each.

Three classes, in rising order: browser, researcher, high_intent_buyer. Every signal only ever raises the class or its
confidence, and none depends on how often an event was repeated: more evidence never lowers a verdict, and replaying a
session changes nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

IntentClass = Literal["browser", "researcher", "high_intent_buyer"]


@dataclass(frozen=True)
class SeenEvent:
    """What the rules look at of a stored event."""

    event_type: str
    event_name: str | None
    path: str
    timestamp: datetime
    scroll_depth: float | None
    funnel_step: str | None


@dataclass(frozen=True)
class Signals:
    """How a session behaved: counts of distinct things, depths in per cent, seconds."""

    pages: int
    product_pages: int
    deepest_scroll: float
    deepest_product_scroll: float
    pages_clicked: int
    seconds: float
    cart_viewed: bool
    added_to_cart: bool
    checkout_reached: bool
    purchased: bool

    def numbers(self) -> dict[str, float]:
        """Gives every signal as a number, yes as 1."""
        return {name: float(value) for name, value in vars(self).items()}


@dataclass(frozen=True)
class Verdict:
    """The class, how sure it is (0..1), and the reasons in words."""

    intent_class: IntentClass
    confidence: float
    factors: list[str]


def read_signals(events: Sequence[SeenEvent], *, seconds_on_site: float) -> Signals:
    """Reads a session's behaviour from its events.

    Args:
        events: at least one, of one session and visitor.
        seconds_on_site: how long the page says that it has been open; what the events show counts if it is longer.
    """
    names = {event.event_name for event in events} | {event.funnel_step for event in events}
    paths = {event.path for event in events}
    times = [event.timestamp for event in events]
    return Signals(
        pages=len({event.path for event in events if event.event_type == "pageview"}),
        product_pages=len({path for path in paths if _is_product(path)}),
        deepest_scroll=max((event.scroll_depth or 0.0 for event in events), default=0.0),
        deepest_product_scroll=max(
            (event.scroll_depth or 0.0 for event in events if _is_product(event.path)), default=0.0
        ),
        pages_clicked=len({event.path for event in events if event.event_type == "click"}),
        seconds=max(seconds_on_site, (max(times) - min(times)).total_seconds()),
        cart_viewed=any(_under(path, "cart") for path in paths),
        added_to_cart="add_to_cart" in names,
        checkout_reached=any(_under(path, "checkout", "checkouts") for path in paths)
        or bool({"checkout", "begin_checkout", "checkout_started"} & names),
        purchased="purchase" in names,
    )


@dataclass(frozen=True)
class Evidence:
    """One reason for a class, in words, and what it adds to the confidence if it holds."""

    reason: str
    holds: bool
    weight: float


def classify(signals: Signals) -> Verdict:
    """Judges a session's signals."""
    buying = [evidence for evidence in _buying(signals) if evidence.holds]
    if signals.added_to_cart or signals.checkout_reached or signals.purchased:
        return _verdict("high_intent_buyer", 0.65, buying, at_most=0.99)
    interest = [evidence for evidence in _interest(signals) if evidence.holds]
    if len(interest) >= 3:
        return _verdict("researcher", 0.44, interest, at_most=0.68)
    return _verdict("browser", 0.2, interest, at_most=0.36)


def _buying(signals: Signals) -> list[Evidence]:
    return [
        Evidence("added a product to the cart", signals.added_to_cart, 0.12),
        Evidence("reached the checkout", signals.checkout_reached, 0.12),
        Evidence("completed a purchase", signals.purchased, 0.08),
        Evidence("looked into the cart", signals.cart_viewed, 0.04),
        Evidence("read a product page to the end", signals.deepest_product_scroll >= 85, 0.04),
    ]


def _interest(signals: Signals) -> list[Evidence]:
    return [
        Evidence("viewed several products", signals.product_pages >= 2, 0.04),
        Evidence("compared three products or more", signals.product_pages >= 3, 0.04),
        Evidence("read a product's description", signals.deepest_product_scroll >= 50, 0.04),
        Evidence("clicked on several pages", signals.pages_clicked >= 2, 0.04),
        Evidence("stayed for three quarters of a minute or longer", signals.seconds >= 45, 0.04),
        Evidence("looked into the cart", signals.cart_viewed, 0.04),
    ]


def _verdict(intent_class: IntentClass, base: float, evidence: list[Evidence], *, at_most: float) -> Verdict:
    confidence = min(base + sum(one.weight for one in evidence), at_most)
    reasons = [one.reason for one in evidence] or ["little activity so far"]
    return Verdict(intent_class, round(confidence, 2), reasons)


def _is_product(path: str) -> bool:
    return _under(path, "product", "products")


def _under(path: str, *folders: str) -> bool:
    """Says whether a path leads into, or is, one of these folders at any depth."""
    return any(part in folders for part in path.lower().partition("?")[0].split("/"))
