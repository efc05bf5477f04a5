"""What the analytics endpoints answer."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import BaseModel


class EventStored(BaseModel):
    """One event was stored under this id."""

    success: bool = True
    event_id: UUID
    message: str | None = None


class BatchStored(BaseModel):
    """A batch was stored; it is stored whole or refused whole."""

    success: bool = True
    processed: int
    failed: int = 0
    errors: list[str] | None = None


class TopPage(BaseModel):
    """A page and how often it was seen, by how many."""

    path: str
    pageviews: int
    unique_visitors: int


class TopReferrer(BaseModel):
    """A referring host and how many sessions it brought."""

    referrer: str
    visits: int


class TopCountry(BaseModel):
    """A country (ISO 3166 alpha-2) and its visitors."""

    country: str
    visitors: int


class SeriesPoint(BaseModel):
    """One hour (short periods) or day of the period that had visitors."""

    timestamp: datetime
    pageviews: int
    visitors: int


class Summary(BaseModel):
    """The dashboard's numbers for a period; times UTC, rates in per cent, durations in seconds."""

    date_from: datetime
    date_to: datetime
    total_pageviews: int
    total_visitors: int
    total_sessions: int
    avg_session_duration: float
    bounce_rate: float
    conversion_rate: float
    total_revenue: float
    top_pages: list[TopPage]
    top_referrers: list[TopReferrer]
    top_countries: list[TopCountry]
    device_breakdown: dict[str, int]
    time_series: list[SeriesPoint] | None


class RecentConversion(BaseModel):
    """A purchase of the last five minutes; nothing about who made it."""

    timestamp: datetime
    conversion_type: str
    value: float
    currency: str | None


class Realtime(BaseModel):
    """What happens now: visitors of the last 30 s, everything else of the last five minutes."""

    current_visitors: int
    visitors_last_5min: int
    pageviews_last_5min: int
    top_pages_now: list[TopPage]
    top_countries_now: list[TopCountry]
    recent_conversions: list[RecentConversion]


class Classification(BaseModel):
    """What a visitor is up to, and why we think so."""

    session_id: str
    visitor_id: str
    intent_class: Literal["browser", "researcher", "high_intent_buyer"]
    confidence: float
    contributing_factors: list[str]
    behavioral_signals: dict[str, float]
    time_analyzed_seconds: float
    events_analyzed: int
    timestamp: datetime
