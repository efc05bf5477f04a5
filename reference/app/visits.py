"""Reading a visitor's session back for the classification."""

from collections.abc import Sequence

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from reference.app.intent import SeenEvent

# Recent: of the last 24 hours, the latest two thousand. Another visitor's events, and a bot's, are not looked at.
_RECENT_EVENTS = text("""
SELECT event_type, event_name, path, timestamp,
    (CASE WHEN jsonb_typeof(properties -> 'scroll_depth') = 'number'
        THEN properties ->> 'scroll_depth' END)::double precision AS scroll_depth,
    ecommerce_data ->> 'funnel_step' AS funnel_step
FROM analytics_events
WHERE session_id = :session_id AND visitor_id = :visitor_id AND is_bot IS NOT TRUE
    AND timestamp >= timezone('utc', now()) - interval '24 hours'
ORDER BY timestamp DESC, created_at DESC LIMIT 2000""")


async def recent_events(engine: AsyncEngine, *, session_id: str, visitor_id: str) -> Sequence[SeenEvent]:
    """Gives what a visitor did in a session lately, newest first; empty when nothing is known."""
    async with engine.connect() as connection:
        rows = await connection.execute(_RECENT_EVENTS, {"session_id": session_id, "visitor_id": visitor_id})
        return [SeenEvent(**row) for row in rows.mappings()]
