"""An event as clients send it: every field with its limits; unknown fields are refused."""

import math
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

# A btree entry holds 2704 bytes at most, and the path is indexed together with the time.
_MAX_PATH_BYTES = 2600
_MAX_DEPTH = 8
_BIGINT = 2**63 - 1


def _without_nul(text: str) -> str:
    """Refuses the one character that PostgreSQL can't store."""
    if "\x00" in text:
        raise ValueError("must not contain NUL characters")
    return text


def _indexable(text: str) -> str:
    if len(text.encode()) > _MAX_PATH_BYTES:
        raise ValueError(f"must not exceed {_MAX_PATH_BYTES} bytes in UTF-8")
    return text


def _storable(properties: dict[str, Any]) -> dict[str, Any]:
    """Refuses what a jsonb column can't hold: NUL, NaN, infinity; and nesting without end."""
    level: list[Any] = [properties]
    for _ in range(_MAX_DEPTH):
        level = [part for value in level for part in _parts(value)]
        if not level:
            return properties
    raise ValueError(f"must not be nested deeper than {_MAX_DEPTH} levels")


def _parts(value: object) -> list[Any]:
    if isinstance(value, dict):
        return [*value, *value.values()]
    if isinstance(value, list):
        return value
    if isinstance(value, str):
        _without_nul(value)
    elif isinstance(value, float) and not math.isfinite(value):
        raise ValueError("numbers must be finite")
    elif isinstance(value, int) and abs(value) > _BIGINT:
        raise ValueError("integers must fit 64 bits")
    return []


def _with_scroll_depth(properties: dict[str, Any]) -> dict[str, Any]:
    depth = properties.get("scroll_depth", 0)
    if isinstance(depth, bool) or not isinstance(depth, int | float) or not 0 <= depth <= 100:
        raise ValueError("scroll_depth must be a number from 0 to 100")
    return properties


Identifier = Annotated[str, Field(min_length=1, max_length=255), AfterValidator(_without_nul)]
Text50 = Annotated[str, Field(max_length=50), AfterValidator(_without_nul)]
Text100 = Annotated[str, Field(max_length=100), AfterValidator(_without_nul)]
Text255 = Annotated[str, Field(max_length=255), AfterValidator(_without_nul)]
Address = Annotated[str, Field(min_length=1, max_length=2048), AfterValidator(_without_nul)]
Path = Annotated[str, Field(min_length=1, max_length=1024), AfterValidator(_without_nul), AfterValidator(_indexable)]
Pixels = Annotated[int, Field(ge=0, le=10_000)]
Milliseconds = Annotated[float, Field(ge=0, le=3_600_000, allow_inf_nan=False)]
Money = Annotated[float, Field(ge=0, le=1_000_000_000, allow_inf_nan=False)]
ProductId = Text255 | Annotated[int, Field(ge=0, le=_BIGINT)]
EventType = Literal["pageview", "click", "scroll", "form_submit", "custom", "ecommerce", "error", "performance"]


class Strict(BaseModel):
    """No coercion (a number in quotes is no number) and no unknown field."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class Performance(Strict):
    """Web vitals; milliseconds but for `cls`, which has no unit."""

    lcp: Milliseconds | None = None
    fid: Milliseconds | None = None
    cls: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    ttfb: Milliseconds | None = None
    fcp: Milliseconds | None = None
    tti: Milliseconds | None = None
    tbt: Milliseconds | None = None
    dom_load_time: Milliseconds | None = None
    window_load_time: Milliseconds | None = None


class Ecommerce(Strict):
    """What was looked at, put into the cart or bought; amounts are in `order_currency`."""

    product_id: ProductId | None = None
    product_name: Text255 | None = None
    product_price: Money | None = None
    product_quantity: Annotated[int, Field(ge=0, le=_BIGINT)] | None = None
    cart_value: Money | None = None
    order_id: Text255 | None = None
    order_value: Money | None = None
    order_currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] | None = None
    funnel_step: Text100 | None = None


class Event(Strict):
    """One thing that a visitor did; `timestamp` is the client's Unix time in milliseconds."""

    event_type: EventType
    event_name: Text255 | None = None
    session_id: Identifier
    visitor_id: Identifier
    user_id: Text255 | None = None
    timestamp: Annotated[int, Field(ge=0, le=253_402_300_799_999)] | None = None
    url: Address
    path: Path
    referrer: Annotated[str, Field(max_length=2048), AfterValidator(_without_nul)] | None = None
    utm_source: Text255 | None = None
    utm_medium: Text255 | None = None
    utm_campaign: Text255 | None = None
    utm_term: Text255 | None = None
    utm_content: Text255 | None = None
    user_agent: Address
    device_type: Literal["desktop", "mobile", "tablet", "unknown"] | None = None
    browser: Text100 | None = None
    browser_version: Text50 | None = None
    os: Text100 | None = None
    os_version: Text50 | None = None
    viewport_width: Pixels | None = None
    viewport_height: Pixels | None = None
    screen_width: Pixels | None = None
    screen_height: Pixels | None = None
    performance: Performance | None = None
    ecommerce: Ecommerce | None = None
    properties: Annotated[dict[str, Any], AfterValidator(_storable), AfterValidator(_with_scroll_depth)] | None = None
    consent_given: bool = True

    @property
    def is_purchase(self) -> bool:
        """Whether this is an order that counts as a conversion."""
        return self.event_type == "ecommerce" and self.event_name == "purchase"


class EventBatch(Strict):
    """Up to a hundred events, stored all or none."""

    events: Annotated[list[Event], Field(min_length=1, max_length=100)]
