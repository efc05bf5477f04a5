"""The SQL that derives sessions and conversions from the stored events.

A session is computed anew from all its events, under a lock of its own: whatever order events arrive in, and however
many requests bring them at once, its numbers are exact.
"""

from sqlalchemy import ARRAY, Double, String, bindparam, text
from sqlalchemy.dialects.postgresql import JSONB

_SESSION_IDS = bindparam("session_ids", type_=ARRAY(String()))

# Always in the order of the ids: two batches that share sessions can't wait for each other in a circle.
LOCK_SESSIONS = text(
    "SELECT pg_advisory_xact_lock(hashtextextended(session_id, 0)) FROM unnest(:session_ids) AS session_id"
).bindparams(_SESSION_IDS)

REFRESH_SESSIONS = text("""
INSERT INTO analytics_sessions AS stored (
    id, session_id, visitor_id, user_id, start_time, end_time, duration_seconds, entry_page, exit_page,
    pageview_count, event_count, click_count, scroll_depth_avg,
    initial_referrer, initial_utm_source, initial_utm_medium, initial_utm_campaign,
    device_type, browser, os, country_code,
    has_conversion, conversion_value, is_bounce, has_rage_click, has_error, created_at, updated_at)
SELECT gen_random_uuid(), seen.session_id, first.visitor_id, first.user_id, start_time, end_time,
    extract(epoch FROM end_time - start_time)::integer, first.path, exit_page,
    pageviews, events, clicks, scroll_depth,
    first.referrer, first.utm_source, first.utm_medium, first.utm_campaign,
    first.device_type, first.browser, first.os, first.country_code,
    orders > 0, revenue, pageviews = 1 AND end_time - start_time < interval '10 seconds',
    has_rage_click, has_error, timezone('utc', now()), timezone('utc', now())
FROM (
    SELECT session_id,
        min(timestamp) AS start_time,
        max(timestamp) AS end_time,
        (array_agg(path ORDER BY timestamp DESC, created_at DESC))[1] AS exit_page,
        (array_agg(id ORDER BY timestamp, created_at))[1] AS first_id,
        count(*) FILTER (WHERE event_type = 'pageview') AS pageviews,
        count(*) AS events,
        count(*) FILTER (WHERE event_type = 'click') AS clicks,
        avg((properties ->> 'scroll_depth')::double precision) FILTER (WHERE event_type = 'scroll') AS scroll_depth,
        count(*) FILTER (WHERE event_type = 'ecommerce' AND event_name = 'purchase') AS orders,
        coalesce(sum((ecommerce_data ->> 'order_value')::numeric)
            FILTER (WHERE event_type = 'ecommerce' AND event_name = 'purchase'), 0) AS revenue,
        bool_or(coalesce(event_name = 'rage_click', false)) AS has_rage_click,
        bool_or(event_type = 'error') AS has_error
    FROM analytics_events
    WHERE session_id = ANY(:session_ids) AND is_bot IS NOT TRUE
    GROUP BY session_id
) AS seen
JOIN analytics_events AS first ON first.id = seen.first_id
ON CONFLICT (session_id) DO UPDATE SET
    visitor_id = excluded.visitor_id, user_id = excluded.user_id,
    start_time = excluded.start_time, end_time = excluded.end_time, duration_seconds = excluded.duration_seconds,
    entry_page = excluded.entry_page, exit_page = excluded.exit_page,
    pageview_count = excluded.pageview_count, event_count = excluded.event_count,
    click_count = excluded.click_count, scroll_depth_avg = excluded.scroll_depth_avg,
    initial_referrer = excluded.initial_referrer, initial_utm_source = excluded.initial_utm_source,
    initial_utm_medium = excluded.initial_utm_medium, initial_utm_campaign = excluded.initial_utm_campaign,
    device_type = excluded.device_type, browser = excluded.browser, os = excluded.os,
    country_code = excluded.country_code,
    has_conversion = excluded.has_conversion, conversion_value = excluded.conversion_value,
    is_bounce = excluded.is_bounce, has_rage_click = excluded.has_rage_click, has_error = excluded.has_error,
    updated_at = excluded.updated_at
""").bindparams(_SESSION_IDS)

# A purchase with the campaigns that first and last brought this visitor, counting what happened up to it.
CONVERSION = text("""
INSERT INTO conversion_events (
    id, session_id, visitor_id, user_id, conversion_type, conversion_value, currency,
    first_touch_source, first_touch_medium, first_touch_campaign,
    last_touch_source, last_touch_medium, last_touch_campaign,
    touchpoint_count, time_to_conversion_hours, order_id, product_ids, timestamp, created_at)
SELECT gen_random_uuid(), bought.session_id, bought.visitor_id, bought.user_id, 'purchase', :value, :currency,
    first.utm_source, first.utm_medium, first.utm_campaign, last.utm_source, last.utm_medium, last.utm_campaign,
    before.sessions, extract(epoch FROM bought.timestamp - before.since) / 3600, :order_id, :product_ids,
    bought.timestamp, bought.created_at
FROM analytics_events AS bought
CROSS JOIN LATERAL (
    SELECT count(DISTINCT session_id) AS sessions, min(timestamp) AS since FROM analytics_events
    WHERE visitor_id = bought.visitor_id AND timestamp <= bought.timestamp AND is_bot IS NOT TRUE
) AS before
LEFT JOIN LATERAL (
    SELECT utm_source, utm_medium, utm_campaign FROM analytics_events
    WHERE visitor_id = bought.visitor_id AND timestamp <= bought.timestamp AND utm_source IS NOT NULL
    ORDER BY timestamp, created_at LIMIT 1
) AS first ON true
LEFT JOIN LATERAL (
    SELECT utm_source, utm_medium, utm_campaign FROM analytics_events
    WHERE visitor_id = bought.visitor_id AND timestamp <= bought.timestamp AND utm_source IS NOT NULL
    ORDER BY timestamp DESC, created_at DESC LIMIT 1
) AS last ON true
WHERE bought.id = :event_id
""").bindparams(
    bindparam("value", type_=Double()),
    bindparam("currency", type_=String()),
    bindparam("order_id", type_=String()),
    bindparam("product_ids", type_=JSONB(none_as_null=True)),
)
