"""Tracking, the dashboard's numbers and the classification."""

from datetime import UTC, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, HTTPException, Query
from pydantic import StringConstraints

from reference.app.answers import BatchStored, Classification, EventStored, Realtime, Summary
from reference.app.body import json_body
from reference.app.dashboard import look_now, summarise
from reference.app.events import Event, EventBatch, Identifier
from reference.app.ingest import store_events
from reference.app.intent import classify, read_signals
from reference.app.periods import parse_period
from reference.app.services import Provided, RequestOrigin
from reference.app.visits import recent_events

router = APIRouter(prefix="/api/v1/analytics")
Moment = Annotated[str, StringConstraints(max_length=64)]


@router.post("/track/event", status_code=202)
async def track_event(
    event: Annotated[Event, Depends(json_body(Event))], services: Provided, origin: RequestOrigin
) -> EventStored:
    """Stores one event."""
    (event_id,) = await store_events(services.engine, [event], origin)
    return EventStored(event_id=event_id)


@router.post("/track/batch", status_code=202)
async def track_batch(
    batch: Annotated[EventBatch, Depends(json_body(EventBatch))], services: Provided, origin: RequestOrigin
) -> BatchStored:
    """Stores up to a hundred events, all or none."""
    stored = await store_events(services.engine, batch.events, origin)
    return BatchStored(processed=len(stored))


@router.get("/summary")
async def summary(services: Provided, date_from: Moment, date_to: Moment) -> Summary:
    """Gives the dashboard's numbers for a period, both ends included."""
    return await summarise(services.engine, parse_period(date_from, date_to))


@router.get("/realtime")
async def realtime(services: Provided) -> Realtime:
    """Gives the numbers of the last minutes."""
    return await look_now(services.engine)


@router.post("/ml/classify-intent")
async def classify_intent(
    services: Provided,
    session_id: Identifier,
    visitor_id: Identifier,
    time_on_site_seconds: Annotated[int, Query(ge=0, le=86_400)] = 15,
) -> Classification:
    """Says what a visitor is up to; 404 when that session has no recent events."""
    events = await recent_events(services.engine, session_id=session_id, visitor_id=visitor_id)
    if not events:
        raise HTTPException(404, "This session has no recent events")
    signals = read_signals(events, seconds_on_site=time_on_site_seconds)
    verdict = classify(signals)
    return Classification(
        session_id=session_id,
        visitor_id=visitor_id,
        intent_class=verdict.intent_class,
        confidence=verdict.confidence,
        contributing_factors=verdict.factors,
        behavioral_signals=signals.numbers(),
        time_analyzed_seconds=signals.seconds,
        events_analyzed=len(events),
        timestamp=datetime.now(UTC),
    )
