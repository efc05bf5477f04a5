"""The dashboard's numbers, computed by SQL in one snapshot; bots never count."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import RowMapping, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from reference.app.answers import Realtime, Summary
from reference.app.periods import Period

_HUMAN = "timestamp BETWEEN :start AND :end AND is_bot IS NOT TRUE"
_TOTALS = f"""
SELECT count(*) FILTER (WHERE event_type = 'pageview') AS pageviews, count(DISTINCT visitor_id) AS visitors
FROM analytics_events WHERE {_HUMAN}"""
_SESSIONS = """
SELECT count(*) AS sessions,
    coalesce(avg(extract(epoch FROM end_time - start_time)), 0)::double precision AS duration,
    coalesce(100.0 * avg(is_bounce::integer), 0)::double precision AS bounce_rate,
    coalesce(100.0 * avg(has_conversion::integer), 0)::double precision AS conversion_rate
FROM analytics_sessions WHERE start_time BETWEEN :start AND :end"""
_REVENUE = """
SELECT coalesce(sum(conversion_value::numeric), 0)::double precision AS revenue
FROM conversion_events WHERE timestamp BETWEEN :start AND :end"""
_PAGES = f"""
SELECT path, count(*) AS pageviews, count(DISTINCT visitor_id) AS unique_visitors
FROM analytics_events WHERE {_HUMAN} AND event_type = 'pageview'
GROUP BY path ORDER BY pageviews DESC, path LIMIT 10"""
_REFERRERS = f"""
SELECT referrer_domain AS referrer, count(DISTINCT session_id) AS visits
FROM analytics_events WHERE {_HUMAN} AND referrer_domain IS NOT NULL
GROUP BY referrer_domain ORDER BY visits DESC, referrer LIMIT 10"""
_COUNTRIES = f"""
SELECT country_code AS country, count(DISTINCT visitor_id) AS visitors
FROM analytics_events WHERE {_HUMAN} AND country_code IS NOT NULL
GROUP BY country_code ORDER BY visitors DESC, country LIMIT 10"""
_DEVICES = f"""
SELECT coalesce(device_type, 'unknown') AS device, count(DISTINCT visitor_id) AS visitors
FROM analytics_events WHERE {_HUMAN} GROUP BY 1 ORDER BY visitors DESC, device"""
_SERIES = f"""
SELECT date_trunc(:unit, timestamp) AT TIME ZONE 'UTC' AS timestamp,
    count(*) FILTER (WHERE event_type = 'pageview') AS pageviews, count(DISTINCT visitor_id) AS visitors
FROM analytics_events WHERE {_HUMAN} GROUP BY 1 ORDER BY 1"""
_NOW = f"""
SELECT count(DISTINCT visitor_id) FILTER (WHERE timestamp >= :just_now) AS current_visitors,
    count(DISTINCT visitor_id) AS visitors, count(*) FILTER (WHERE event_type = 'pageview') AS pageviews
FROM analytics_events WHERE {_HUMAN}"""
_CONVERSIONS = """
SELECT timestamp AT TIME ZONE 'UTC' AS timestamp, conversion_type, coalesce(conversion_value, 0) AS value, currency
FROM conversion_events WHERE timestamp BETWEEN :start AND :end ORDER BY timestamp DESC LIMIT 10"""


async def summarise(engine: AsyncEngine, period: Period) -> Summary:
    """Computes a period's numbers; sessions belong to the period that they start in."""
    bounds = {"start": period.start, "end": period.end}
    unit = "hour" if period.end - period.start <= timedelta(days=2) else "day"
    async with engine.connect() as plain:
        connection = await _snapshot(plain)
        totals = await _one(connection, _TOTALS, bounds)
        sessions = await _one(connection, _SESSIONS, bounds)
        return Summary.model_validate(
            {
                "date_from": period.start.replace(tzinfo=UTC),
                "date_to": period.end.replace(tzinfo=UTC),
                "total_pageviews": totals["pageviews"],
                "total_visitors": totals["visitors"],
                "total_sessions": sessions["sessions"],
                "avg_session_duration": sessions["duration"],
                "bounce_rate": sessions["bounce_rate"],
                "conversion_rate": sessions["conversion_rate"],
                "total_revenue": (await _one(connection, _REVENUE, bounds))["revenue"],
                "top_pages": await _all(connection, _PAGES, bounds),
                "top_referrers": await _all(connection, _REFERRERS, bounds),
                "top_countries": await _all(connection, _COUNTRIES, bounds),
                "device_breakdown": {
                    row["device"]: row["visitors"] for row in await _all(connection, _DEVICES, bounds)
                },
                "time_series": await _all(connection, _SERIES, bounds | {"unit": unit}),
            }
        )


async def look_now(engine: AsyncEngine) -> Realtime:
    """Computes the numbers of the last minutes; an event from a clock that runs ahead counts as well."""
    now = datetime.now(UTC).replace(tzinfo=None)
    bounds = {"start": now - timedelta(minutes=5), "end": now + timedelta(minutes=5)}
    async with engine.connect() as plain:
        connection = await _snapshot(plain)
        totals = await _one(connection, _NOW, bounds | {"just_now": now - timedelta(seconds=30)})
        return Realtime.model_validate(
            {
                "current_visitors": totals["current_visitors"],
                "visitors_last_5min": totals["visitors"],
                "pageviews_last_5min": totals["pageviews"],
                "top_pages_now": await _all(connection, _PAGES, bounds),
                "top_countries_now": await _all(connection, _COUNTRIES, bounds),
                "recent_conversions": await _all(connection, _CONVERSIONS, bounds),
            }
        )


async def _snapshot(connection: AsyncConnection) -> AsyncConnection:
    """Makes all the numbers of an answer those of one moment."""
    return await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


async def _one(connection: AsyncConnection, sql: str, values: Mapping[str, Any]) -> RowMapping:
    return (await connection.execute(text(sql), dict(values))).mappings().one()


async def _all(connection: AsyncConnection, sql: str, values: Mapping[str, Any]) -> Sequence[RowMapping]:
    return (await connection.execute(text(sql), dict(values))).mappings().all()
