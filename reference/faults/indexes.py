"""Faults of indexes and keys: queries can't use them, or they let in rows that they should not, or refuse good ones."""

from functools import partial

from reference.faults.sql import sql_fault

_fault = partial(sql_fault, breaks={"MH-3": "failed"})

_fault(
    "index-dropped",
    "an index of the contract is gone",
    sql="DROP INDEX idx_events_timestamp_path",
    says="idx_events_timestamp_path",
)
_fault(
    "index-renamed",
    "an index stands under another name, where the next migration won't find it",
    sql="ALTER INDEX ix_products_shop_id RENAME TO ix_products_shop",
    says="exists under the name ix_products_shop",
)
_fault(
    "index-invalid",
    "an index is invalid, as an interrupted CREATE INDEX CONCURRENTLY leaves it",
    sql="UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_sessions_visitor_start'::regclass",
    says="idx_sessions_visitor_start",
    superuser=True,
)
_fault(
    "index-not-ready",
    "an index is not kept up to date with what is written",
    sql="UPDATE pg_index SET indisready = false WHERE indexrelid = 'idx_heatmap_page_viewport'::regclass",
    says="index idx_heatmap_page_viewport, ready",
    superuser=True,
)
_fault(
    "index-reordered",
    "an index has its columns in another order, of no use for the queries that it was made for",
    sql="DROP INDEX idx_events_session_timestamp;"
    ' CREATE INDEX idx_events_session_timestamp ON analytics_events ("timestamp", session_id)',
    says="order of columns",
)
_fault(
    "index-on-another-column",
    "an index is on another column",
    sql="DROP INDEX idx_heatmap_page_viewport;"
    " CREATE INDEX idx_heatmap_page_viewport ON heatmap_data (page_path, sample_size)",
    says="index on (page_path, sample_size)",
)
_fault(
    "index-shortened",
    "an index lacks its second column",
    sql="DROP INDEX idx_conversions_timestamp_type;"
    ' CREATE INDEX idx_conversions_timestamp_type ON conversion_events ("timestamp")',
    says="index on (timestamp)",
)
_fault(
    "index-covering",
    "a key column of an index only rides along",
    sql="DROP INDEX idx_conversions_timestamp_type;"
    ' CREATE INDEX idx_conversions_timestamp_type ON conversion_events ("timestamp") INCLUDE (conversion_type)',
    says="included columns",
)
_fault(
    "index-on-an-expression",
    "an index is on an expression, which plain comparisons can't use",
    sql="DROP INDEX ix_heatmap_data_page_path;"
    " CREATE INDEX ix_heatmap_data_page_path ON heatmap_data (lower(page_path))",
    says="lower(page_path::text)",
)
_fault(
    "index-partial",
    "an index holds some of the rows only",
    sql="DROP INDEX idx_events_type_timestamp; CREATE INDEX idx_events_type_timestamp"
    " ON analytics_events (event_type, \"timestamp\") WHERE event_type = 'pageview'",
    says="idx_events_type_timestamp",
)
_fault(
    "index-on-another-table",
    "an index is on another table",
    sql="DROP INDEX idx_events_visitor_timestamp;"
    ' CREATE INDEX idx_events_visitor_timestamp ON conversion_events (visitor_id, "timestamp")',
    says="idx_events_visitor_timestamp",
)
_fault(
    "index-of-another-method",
    "an index is of another access method, which gives no order",
    sql="DROP INDEX ix_insights_type; CREATE INDEX ix_insights_type ON insights USING hash (type)",
    says="access method",
)
_fault(
    "index-of-another-collation",
    "an index sorts by other rules, so no ordinary comparison can use it",
    sql='DROP INDEX ix_shops_domain; CREATE UNIQUE INDEX ix_shops_domain ON shops (domain COLLATE "C")',
    says="collation",
)
_fault(
    "index-of-another-class",
    "an index has another operator class, made for LIKE and of no use for sorting",
    sql="DROP INDEX ix_heatmap_data_page_path;"
    " CREATE INDEX ix_heatmap_data_page_path ON heatmap_data (page_path varchar_pattern_ops)",
    says="operator class",
)
_fault(
    "index-descending",
    "an index is sorted the other way round in one of its two columns",
    sql="DROP INDEX idx_events_session_timestamp;"
    ' CREATE INDEX idx_events_session_timestamp ON analytics_events (session_id, "timestamp" DESC)',
    says="timestamp DESC",
)
_fault(
    "index-not-unique",
    "a unique index lets duplicates in",
    sql="DROP INDEX ix_shops_domain; CREATE INDEX ix_shops_domain ON shops (domain)",
    says="ix_shops_domain",
)
_fault(
    "index-made-unique",
    "an index refuses the second row of a page",
    sql="DROP INDEX ix_heatmap_data_page_path;"
    " CREATE UNIQUE INDEX ix_heatmap_data_page_path ON heatmap_data (page_path)",
    says="index ix_heatmap_data_page_path, uniqueness",
)
_fault(
    "unique-index-added",
    "a unique index that nobody planned refuses the second row of a day",
    sql="CREATE UNIQUE INDEX one_a_day ON heatmap_data (date_from)",
    says="one_a_day",
)
_fault(
    "unique-constraint-missing",
    "a product of a shop may be stored twice",
    sql="DROP INDEX uq_products_shop_shopify_id",
    says="uq_products_shop_shopify_id",
)
_fault(
    "unique-constraint-deferrable",
    "a unique constraint may be broken until the end of a transaction, which ON CONFLICT can't use",
    sql="DROP INDEX uq_orders_shop_shopify_id; ALTER TABLE orders"
    " ADD CONSTRAINT uq_orders_shop_shopify_id UNIQUE (shop_id, shopify_id) DEFERRABLE",
    says="deferrable",
)
_fault(
    "nulls-not-distinct",
    "a unique index takes NULLs as equal, and refuses the second one",
    sql="DROP INDEX ix_shops_domain; CREATE UNIQUE INDEX ix_shops_domain ON shops (domain) NULLS NOT DISTINCT",
    says="nulls not distinct",
)
_fault(
    "primary-key-missing",
    "a table has no primary key",
    sql="ALTER TABLE heatmap_data DROP CONSTRAINT heatmap_data_pkey",
    says="table heatmap_data (primary key)",
)
_fault(
    "primary-key-on-another-column",
    "a primary key holds one column more, so an id may stand twice",
    sql="ALTER TABLE heatmap_data DROP CONSTRAINT heatmap_data_pkey, ADD PRIMARY KEY (id, page_path)",
    says="index on (id, page_path)",
)
_fault(
    "primary-key-invalid",
    "a primary key's constraint stands, its index serves no query",
    sql="UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'heatmap_data_pkey'::regclass",
    says="heatmap_data (primary key",
    superuser=True,
)
