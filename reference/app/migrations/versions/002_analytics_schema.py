"""Analytics schema: events, sessions, conversions, replays, heatmaps.

Revision ID: 002
Revises: 001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "002"
down_revision: str | None = "001"
branch_labels: str | None = None
depends_on: str | None = None

NEW_ID = sa.text("gen_random_uuid()")
# Times of this revision are naive UTC.
NOW_UTC = sa.text("timezone('utc', now())")


def upgrade() -> None:
    """Creates the tables of the visitors' side."""
    _create_analytics_events()
    _create_analytics_sessions()
    _create_conversion_funnels()
    _create_conversion_events()
    _create_session_replays()
    _create_heatmap_data()


def downgrade() -> None:
    """Drops the tables of the visitors' side, with their data."""
    op.drop_table("heatmap_data")
    op.drop_table("session_replays")
    op.drop_table("conversion_events")
    op.drop_table("conversion_funnels")
    op.drop_table("analytics_sessions")
    op.drop_table("analytics_events")


def _create_analytics_events() -> None:
    op.create_table(
        "analytics_events",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("event_type", sa.String(100), nullable=False),
        sa.Column("event_name", sa.String(255)),
        sa.Column("session_id", sa.String(255), nullable=False),
        sa.Column("visitor_id", sa.String(255), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("timestamp", sa.DateTime(), nullable=False),
        sa.Column("client_timestamp", sa.BigInteger()),
        sa.Column("url", sa.String(2048), nullable=False),
        sa.Column("path", sa.String(1024), nullable=False),
        sa.Column("referrer", sa.String(2048)),
        sa.Column("referrer_domain", sa.String(255)),
        sa.Column("utm_source", sa.String(255)),
        sa.Column("utm_medium", sa.String(255)),
        sa.Column("utm_campaign", sa.String(255)),
        sa.Column("utm_term", sa.String(255)),
        sa.Column("utm_content", sa.String(255)),
        sa.Column("device_type", sa.String(50)),
        sa.Column("browser", sa.String(100)),
        sa.Column("browser_version", sa.String(50)),
        sa.Column("os", sa.String(100)),
        sa.Column("os_version", sa.String(50)),
        sa.Column("country_code", sa.String(2)),
        sa.Column("country_name", sa.String(100)),
        sa.Column("region", sa.String(100)),
        sa.Column("city", sa.String(100)),
        sa.Column("timezone", sa.String(100)),
        sa.Column("ip_address_hash", sa.String(64)),
        sa.Column("viewport_width", sa.Integer()),
        sa.Column("viewport_height", sa.Integer()),
        sa.Column("screen_width", sa.Integer()),
        sa.Column("screen_height", sa.Integer()),
        sa.Column("performance_data", postgresql.JSONB()),
        sa.Column("ecommerce_data", postgresql.JSONB()),
        sa.Column("properties", postgresql.JSONB()),
        sa.Column("is_bot", sa.Boolean()),
        sa.Column("consent_given", sa.Boolean()),
        sa.Column("anonymized", sa.Boolean()),
        sa.Column("created_at", sa.DateTime(), nullable=False, server_default=NOW_UTC),
    )
    op.create_index("idx_events_session_timestamp", "analytics_events", ["session_id", "timestamp"])
    op.create_index("idx_events_timestamp_path", "analytics_events", ["timestamp", "path"])
    op.create_index("idx_events_type_timestamp", "analytics_events", ["event_type", "timestamp"])
    op.create_index("idx_events_visitor_timestamp", "analytics_events", ["visitor_id", "timestamp"])
    op.create_index("ix_analytics_events_country_code", "analytics_events", ["country_code"])
    op.create_index("ix_analytics_events_event_type", "analytics_events", ["event_type"])
    op.create_index("ix_analytics_events_is_bot", "analytics_events", ["is_bot"])
    op.create_index("ix_analytics_events_path", "analytics_events", ["path"])
    op.create_index("ix_analytics_events_referrer_domain", "analytics_events", ["referrer_domain"])
    op.create_index("ix_analytics_events_session_id", "analytics_events", ["session_id"])
    op.create_index("ix_analytics_events_timestamp", "analytics_events", ["timestamp"])
    op.create_index("ix_analytics_events_user_id", "analytics_events", ["user_id"])
    op.create_index("ix_analytics_events_utm_campaign", "analytics_events", ["utm_campaign"])
    op.create_index("ix_analytics_events_utm_medium", "analytics_events", ["utm_medium"])
    op.create_index("ix_analytics_events_utm_source", "analytics_events", ["utm_source"])
    op.create_index("ix_analytics_events_visitor_id", "analytics_events", ["visitor_id"])


def _create_analytics_sessions() -> None:
    op.create_table(
        "analytics_sessions",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("session_id", sa.String(255), nullable=False),
        sa.Column("visitor_id", sa.String(255), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("start_time", sa.DateTime(), nullable=False),
        sa.Column("end_time", sa.DateTime(), nullable=False),
        sa.Column("duration_seconds", sa.Integer()),
        sa.Column("entry_page", sa.String(1024)),
        sa.Column("exit_page", sa.String(1024)),
        sa.Column("pageview_count", sa.Integer()),
        sa.Column("event_count", sa.Integer()),
        sa.Column("click_count", sa.Integer()),
        sa.Column("scroll_depth_avg", sa.Double()),
        sa.Column("initial_referrer", sa.String(2048)),
        sa.Column("initial_utm_source", sa.String(255)),
        sa.Column("initial_utm_medium", sa.String(255)),
        sa.Column("initial_utm_campaign", sa.String(255)),
        sa.Column("device_type", sa.String(50)),
        sa.Column("browser", sa.String(100)),
        sa.Column("os", sa.String(100)),
        sa.Column("country_code", sa.String(2)),
        sa.Column("has_conversion", sa.Boolean()),
        sa.Column("conversion_value", sa.Double()),
        sa.Column("is_bounce", sa.Boolean()),
        sa.Column("has_rage_click", sa.Boolean()),
        sa.Column("has_error", sa.Boolean()),
        sa.Column("quality_score", sa.Double()),
        sa.Column("created_at", sa.DateTime(), server_default=NOW_UTC),
        sa.Column("updated_at", sa.DateTime(), server_default=NOW_UTC),
    )
    op.create_index("idx_sessions_conversion", "analytics_sessions", ["has_conversion", "start_time"])
    op.create_index("idx_sessions_visitor_start", "analytics_sessions", ["visitor_id", "start_time"])
    op.create_index("ix_analytics_sessions_country_code", "analytics_sessions", ["country_code"])
    op.create_index("ix_analytics_sessions_has_conversion", "analytics_sessions", ["has_conversion"])
    op.create_index("ix_analytics_sessions_is_bounce", "analytics_sessions", ["is_bounce"])
    op.create_index("ix_analytics_sessions_session_id", "analytics_sessions", ["session_id"], unique=True)
    op.create_index("ix_analytics_sessions_start_time", "analytics_sessions", ["start_time"])
    op.create_index("ix_analytics_sessions_user_id", "analytics_sessions", ["user_id"])
    op.create_index("ix_analytics_sessions_visitor_id", "analytics_sessions", ["visitor_id"])


def _create_conversion_funnels() -> None:
    op.create_table(
        "conversion_funnels",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("description", sa.String(1000)),
        sa.Column("steps", postgresql.JSONB(), nullable=False),
        sa.Column("is_active", sa.Boolean()),
        sa.Column("time_window_hours", sa.Integer()),
        sa.Column("created_at", sa.DateTime(), server_default=NOW_UTC),
        sa.Column("updated_at", sa.DateTime(), server_default=NOW_UTC),
    )


def _create_conversion_events() -> None:
    op.create_table(
        "conversion_events",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("session_id", sa.String(255), nullable=False),
        sa.Column("visitor_id", sa.String(255), nullable=False),
        sa.Column("user_id", sa.Uuid()),
        sa.Column("conversion_type", sa.String(100), nullable=False),
        sa.Column("conversion_value", sa.Double()),
        sa.Column("currency", sa.String(3)),
        sa.Column("first_touch_source", sa.String(255)),
        sa.Column("first_touch_medium", sa.String(255)),
        sa.Column("first_touch_campaign", sa.String(255)),
        sa.Column("last_touch_source", sa.String(255)),
        sa.Column("last_touch_medium", sa.String(255)),
        sa.Column("last_touch_campaign", sa.String(255)),
        sa.Column("touchpoint_count", sa.Integer()),
        sa.Column("time_to_conversion_hours", sa.Double()),
        sa.Column("order_id", sa.String(255)),
        sa.Column("product_ids", postgresql.JSONB()),
        sa.Column("timestamp", sa.DateTime(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=NOW_UTC),
    )
    op.create_index("idx_conversions_timestamp_type", "conversion_events", ["timestamp", "conversion_type"])
    op.create_index("ix_conversion_events_conversion_type", "conversion_events", ["conversion_type"])
    op.create_index("ix_conversion_events_order_id", "conversion_events", ["order_id"])
    op.create_index("ix_conversion_events_session_id", "conversion_events", ["session_id"])
    op.create_index("ix_conversion_events_timestamp", "conversion_events", ["timestamp"])
    op.create_index("ix_conversion_events_user_id", "conversion_events", ["user_id"])
    op.create_index("ix_conversion_events_visitor_id", "conversion_events", ["visitor_id"])


def _create_session_replays() -> None:
    op.create_table(
        "session_replays",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("session_id", sa.String(255), nullable=False),
        sa.Column("visitor_id", sa.String(255), nullable=False),
        sa.Column("duration_ms", sa.Integer()),
        sa.Column("event_count", sa.Integer()),
        sa.Column("storage_path", sa.String(1024)),
        sa.Column("compressed_size_bytes", sa.Integer()),
        sa.Column("has_console_logs", sa.Boolean()),
        sa.Column("has_network_data", sa.Boolean()),
        sa.Column("privacy_mode", sa.String(50)),
        sa.Column("has_errors", sa.Boolean()),
        sa.Column("has_rage_clicks", sa.Boolean()),
        sa.Column("quality_score", sa.Double()),
        sa.Column("processing_status", sa.String(50)),
        sa.Column("recorded_at", sa.DateTime(), nullable=False),
        sa.Column("expires_at", sa.DateTime()),
        sa.Column("created_at", sa.DateTime(), server_default=NOW_UTC),
    )
    op.create_index("ix_session_replays_recorded_at", "session_replays", ["recorded_at"])
    op.create_index("ix_session_replays_session_id", "session_replays", ["session_id"], unique=True)
    op.create_index("ix_session_replays_visitor_id", "session_replays", ["visitor_id"])


def _create_heatmap_data() -> None:
    op.create_table(
        "heatmap_data",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("page_path", sa.String(1024), nullable=False),
        sa.Column("viewport_width", sa.Integer(), nullable=False),
        sa.Column("click_map", postgresql.JSONB()),
        sa.Column("scroll_map", postgresql.JSONB()),
        sa.Column("move_map", postgresql.JSONB()),
        sa.Column("attention_map", postgresql.JSONB()),
        sa.Column("sample_size", sa.Integer()),
        sa.Column("date_from", sa.DateTime(), nullable=False),
        sa.Column("date_to", sa.DateTime(), nullable=False),
        sa.Column("created_at", sa.DateTime(), server_default=NOW_UTC),
        sa.Column("updated_at", sa.DateTime(), server_default=NOW_UTC),
    )
    op.create_index("idx_heatmap_page_viewport", "heatmap_data", ["page_path", "viewport_width"])
    op.create_index("ix_heatmap_data_page_path", "heatmap_data", ["page_path"])
