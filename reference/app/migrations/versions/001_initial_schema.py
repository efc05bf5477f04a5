"""Initial schema: shops, their catalogue, code analysis and traffic.

Revision ID: 001
Revises: -
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "001"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None

NEW_ID = sa.text("gen_random_uuid()")
NOW = sa.text("now()")


def upgrade() -> None:
    """Creates the tables of the merchants' side."""
    _create_shops()
    _create_products()
    _create_orders()
    _create_insights()
    _create_code_submissions()
    _create_analysis_results()
    _create_notification_preferences()
    _create_traffic_metrics()


def downgrade() -> None:
    """Drops the tables of the merchants' side, with their data."""
    op.drop_table("traffic_metrics")
    op.drop_table("notification_preferences")
    op.drop_table("analysis_results")
    op.drop_table("code_submissions")
    op.drop_table("insights")
    op.drop_table("orders")
    op.drop_table("products")
    op.drop_table("shops")


def _create_shops() -> None:
    op.create_table(
        "shops",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("domain", sa.String(255), nullable=False),
        sa.Column("access_token_encrypted", sa.Text(), nullable=False),
        sa.Column("scopes", sa.Text(), nullable=False),
        sa.Column("deep_mode_enabled", sa.Boolean()),
        sa.Column("clarity_project_id", sa.String(255)),
        sa.Column("last_sync_at", sa.DateTime(timezone=True)),
        sa.Column("sync_status", sa.String(50)),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW),
    )
    op.create_index("ix_shops_domain", "shops", ["domain"], unique=True)


def _create_products() -> None:
    op.create_table(
        "products",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("shop_id", sa.Uuid(), sa.ForeignKey("shops.id", ondelete="CASCADE"), nullable=False),
        sa.Column("shopify_id", sa.BigInteger(), nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("handle", sa.String(255)),
        sa.Column("product_type", sa.String(255)),
        sa.Column("vendor", sa.String(255)),
        sa.Column("status", sa.String(50)),
        sa.Column("tags", sa.ARRAY(sa.String())),
        sa.Column("variants_count", sa.Integer()),
        sa.Column("images_count", sa.Integer()),
        sa.Column("total_inventory", sa.Integer()),
        sa.Column("price_min", sa.Numeric(10, 2)),
        sa.Column("price_max", sa.Numeric(10, 2)),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW),
    )
    op.create_index("ix_products_shop_id", "products", ["shop_id"])
    op.create_index("uq_products_shop_shopify_id", "products", ["shop_id", "shopify_id"], unique=True)


def _create_orders() -> None:
    op.create_table(
        "orders",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("shop_id", sa.Uuid(), sa.ForeignKey("shops.id", ondelete="CASCADE"), nullable=False),
        sa.Column("shopify_id", sa.BigInteger(), nullable=False),
        sa.Column("order_number", sa.String(50)),
        sa.Column("email", sa.String(255)),
        sa.Column("financial_status", sa.String(50)),
        sa.Column("fulfillment_status", sa.String(50)),
        sa.Column("currency", sa.String(10)),
        sa.Column("total_price", sa.Numeric(10, 2)),
        sa.Column("subtotal_price", sa.Numeric(10, 2)),
        sa.Column("total_tax", sa.Numeric(10, 2)),
        sa.Column("total_discounts", sa.Numeric(10, 2)),
        sa.Column("line_items_count", sa.Integer()),
        sa.Column("processed_at", sa.DateTime(timezone=True)),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW),
    )
    op.create_index("ix_orders_processed_at", "orders", ["processed_at"])
    op.create_index("ix_orders_shop_id", "orders", ["shop_id"])
    op.create_index("uq_orders_shop_shopify_id", "orders", ["shop_id", "shopify_id"], unique=True)


def _create_insights() -> None:
    op.create_table(
        "insights",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("shop_id", sa.Uuid(), sa.ForeignKey("shops.id", ondelete="CASCADE"), nullable=False),
        sa.Column("type", sa.String(50), nullable=False),
        sa.Column("severity", sa.String(20), nullable=False),
        sa.Column("title", sa.String(255), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("recommendation", sa.Text()),
        sa.Column("metadata", postgresql.JSONB()),
        sa.Column("is_read", sa.Boolean()),
        sa.Column("is_dismissed", sa.Boolean()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW),
    )
    op.create_index("ix_insights_created_at", "insights", ["created_at"])
    op.create_index("ix_insights_severity", "insights", ["severity"])
    op.create_index("ix_insights_shop_id", "insights", ["shop_id"])
    op.create_index("ix_insights_type", "insights", ["type"])


def _create_code_submissions() -> None:
    op.create_table(
        "code_submissions",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("shop_id", sa.Uuid(), sa.ForeignKey("shops.id", ondelete="CASCADE"), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("language", sa.String(50)),
        sa.Column("filename", sa.String(255)),
        sa.Column("status", sa.String(20)),
        sa.Column("priority", sa.String(10)),
        sa.Column("error_message", sa.Text()),
        sa.Column("retry_count", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW),
        sa.Column("queued_at", sa.DateTime(timezone=True)),
        sa.Column("analyzed_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_code_submissions_created_at", "code_submissions", ["created_at"])
    op.create_index("ix_code_submissions_shop_id", "code_submissions", ["shop_id"])
    op.create_index("ix_code_submissions_status", "code_submissions", ["status"])


def _create_analysis_results() -> None:
    op.create_table(
        "analysis_results",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("submission_id", sa.Uuid(), sa.ForeignKey("code_submissions.id", ondelete="CASCADE")),
        sa.Column("bugs", postgresql.JSONB()),
        sa.Column("security_issues", postgresql.JSONB()),
        sa.Column("optimizations", postgresql.JSONB()),
        sa.Column("performance_suggestions", postgresql.JSONB()),
        sa.Column("performance_score", sa.Integer()),
        sa.Column("security_score", sa.Integer()),
        sa.Column("quality_score", sa.Integer()),
        sa.Column("overall_grade", sa.String(2)),
        sa.Column("summary", sa.Text()),
        sa.Column("ai_model", sa.String(50)),
        sa.Column("tokens_used", sa.Integer()),
        sa.Column("analysis_duration_ms", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW),
    )
    op.create_index("ix_analysis_results_submission_id", "analysis_results", ["submission_id"], unique=True)


def _create_notification_preferences() -> None:
    op.create_table(
        "notification_preferences",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("shop_id", sa.Uuid(), sa.ForeignKey("shops.id", ondelete="CASCADE")),
        sa.Column("email_enabled", sa.Boolean()),
        sa.Column("email_address", sa.String(255)),
        sa.Column("webhook_enabled", sa.Boolean()),
        sa.Column("webhook_url", sa.Text()),
        sa.Column("webhook_secret", sa.String(64)),
        sa.Column("in_app_enabled", sa.Boolean()),
        sa.Column("notify_on_complete", sa.Boolean()),
        sa.Column("notify_on_critical", sa.Boolean()),
        sa.Column("notify_on_batch", sa.Boolean()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=NOW),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=NOW),
    )
    op.create_index("ix_notification_preferences_shop_id", "notification_preferences", ["shop_id"], unique=True)


def _create_traffic_metrics() -> None:
    op.create_table(
        "traffic_metrics",
        sa.Column("id", sa.Uuid(), primary_key=True, server_default=NEW_ID),
        sa.Column("hour", sa.DateTime(timezone=True)),
        sa.Column("request_count", sa.Integer()),
        sa.Column("submission_count", sa.Integer()),
        sa.Column("analysis_count", sa.Integer()),
        sa.Column("avg_response_ms", sa.Integer()),
        sa.Column("error_count", sa.Integer()),
        sa.Column("recorded_at", sa.DateTime(timezone=True)),
    )
    op.create_index("ix_traffic_metrics_hour", "traffic_metrics", ["hour"], unique=True)
