"""Faults of the database: SQL as its owner or as the superuser."""

from reference.deployment import Deployment
from reference.faults.catalogue import fault

ANALYTICS_TABLES = (
    "analytics_events, analytics_sessions, conversion_funnels, conversion_events, session_replays, heatmap_data"
)


@fault("index-dropped", "an index of the contract is gone", {"MH-3": "failed"}, says="idx_events_timestamp_path")
async def index_dropped(deployment: Deployment) -> None:
    """Drop one of many."""
    await deployment.postgres.execute("DROP INDEX idx_events_timestamp_path")


@fault("index-invalid", "an index was left invalid", {"MH-3": "failed"}, says="idx_sessions_visitor_start")
async def index_invalid(deployment: Deployment) -> None:
    """Leave behind what an interrupted CREATE INDEX CONCURRENTLY leaves."""
    await deployment.postgres.administer(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'idx_sessions_visitor_start'::regclass"
    )


@fault("index-reordered", "an index has its columns in another order", {"MH-3": "failed"}, says="order of columns")
async def index_reordered(deployment: Deployment) -> None:
    """The name is right, the columns are right, and the queries it was made for can't use it."""
    await deployment.postgres.execute("DROP INDEX idx_events_session_timestamp")
    await deployment.postgres.execute(
        'CREATE INDEX idx_events_session_timestamp ON analytics_events ("timestamp", session_id)'
    )


@fault("index-not-unique", "a unique index lets duplicates in", {"MH-3": "failed"}, says="ix_shops_domain")
async def index_not_unique(deployment: Deployment) -> None:
    """The same index, without uniqueness."""
    await deployment.postgres.execute("DROP INDEX ix_shops_domain")
    await deployment.postgres.execute("CREATE INDEX ix_shops_domain ON shops (domain)")


@fault("index-partial", "an index holds some of the rows only", {"MH-3": "failed"}, says="idx_events_type_timestamp")
async def index_partial(deployment: Deployment) -> None:
    """The name is right, the columns are right, and only pageviews are in it."""
    await deployment.postgres.execute("DROP INDEX idx_events_type_timestamp")
    await deployment.postgres.execute(
        'CREATE INDEX idx_events_type_timestamp ON analytics_events (event_type, "timestamp")'
        " WHERE event_type = 'pageview'"
    )


@fault(
    "index-on-another-table", "an index is on another table", {"MH-3": "failed"}, says="idx_events_visitor_timestamp"
)
async def index_on_another_table(deployment: Deployment) -> None:
    """The name is right, the columns are right, the table is not."""
    await deployment.postgres.execute("DROP INDEX idx_events_visitor_timestamp")
    await deployment.postgres.execute(
        'CREATE INDEX idx_events_visitor_timestamp ON conversion_events (visitor_id, "timestamp")'
    )


@fault("table-in-another-schema", "a table is in another schema", {"MH-3": "failed"}, says="heatmap_data")
async def table_in_another_schema(deployment: Deployment) -> None:
    """Where no query of the application looks for it."""
    await deployment.postgres.execute("CREATE SCHEMA other")
    await deployment.postgres.execute("ALTER TABLE heatmap_data SET SCHEMA other")


@fault("table-missing", "a table of the contract is gone", {"MH-3": "failed"}, says="heatmap_data")
async def table_missing(deployment: Deployment) -> None:
    """One that no endpoint needs yet."""
    await deployment.postgres.execute("DROP TABLE heatmap_data")


@fault(
    "stamped-not-migrated",
    'alembic_version says "002", but that migration never ran',
    {"MH-4": "failed", "MH-3": "failed", "MH-6": "failed"},
    says="was not migrated",
)
async def stamped_not_migrated(deployment: Deployment) -> None:
    """What `alembic stamp head` on the schema of revision 001 leaves."""
    await deployment.postgres.execute(f"DROP TABLE {ANALYTICS_TABLES}")


@fault("revision-behind", 'alembic_version says "001"', {"MH-4": "failed"}, says="behind the head")
async def revision_behind(deployment: Deployment) -> None:
    """The tables are there, the stamp is old."""
    await deployment.postgres.execute("UPDATE alembic_version SET version_num = '001'")


@fault("revision-missing", "alembic_version is empty", {"MH-4": "failed"}, says="no row")
async def revision_missing(deployment: Deployment) -> None:
    """No revision is stamped."""
    await deployment.postgres.execute("DELETE FROM alembic_version")


@fault("revision-doubled", "alembic_version holds two rows", {"MH-4": "failed"}, says="2 rows")
async def revision_doubled(deployment: Deployment) -> None:
    """Two branches are current at once."""
    await deployment.postgres.execute("INSERT INTO alembic_version VALUES ('001')")


@fault("column-retyped", "a column has another type", {"MH-4": "failed"}, says="sample_size")
async def column_retyped(deployment: Deployment) -> None:
    """An integer became a bigint by hand."""
    await deployment.postgres.execute("ALTER TABLE heatmap_data ALTER COLUMN sample_size TYPE bigint")


@fault("column-nullable", "a column that must not be NULL may be", {"MH-4": "failed"}, says="access_token_encrypted")
async def column_nullable(deployment: Deployment) -> None:
    """A constraint was dropped by hand."""
    await deployment.postgres.execute("ALTER TABLE shops ALTER COLUMN access_token_encrypted DROP NOT NULL")


@fault("foreign-key-missing", "a foreign key is gone", {"MH-4": "failed"}, says="FOREIGN KEY (shop_id)")
async def foreign_key_missing(deployment: Deployment) -> None:
    """Orders may belong to no shop."""
    await deployment.postgres.execute("ALTER TABLE orders DROP CONSTRAINT orders_shop_id_fkey")


@fault("index-of-another-collation", "an index sorts by other rules", {"MH-3": "failed"}, says="collation")
async def index_of_another_collation(deployment: Deployment) -> None:
    """No ordinary comparison can use it."""
    await deployment.postgres.execute("DROP INDEX ix_shops_domain")
    await deployment.postgres.execute('CREATE UNIQUE INDEX ix_shops_domain ON shops (domain COLLATE "C")')


@fault("index-of-another-class", "an index has another operator class", {"MH-3": "failed"}, says="operator class")
async def index_of_another_class(deployment: Deployment) -> None:
    """Made for LIKE, of no use for sorting."""
    await deployment.postgres.execute("DROP INDEX ix_heatmap_data_page_path")
    await deployment.postgres.execute(
        "CREATE INDEX ix_heatmap_data_page_path ON heatmap_data (page_path varchar_pattern_ops)"
    )


@fault("index-descending", "an index is sorted the other way round", {"MH-3": "failed"}, says="timestamp DESC")
async def index_descending(deployment: Deployment) -> None:
    """One of its two columns, so that it gives neither order."""
    await deployment.postgres.execute("DROP INDEX idx_events_session_timestamp")
    await deployment.postgres.execute(
        'CREATE INDEX idx_events_session_timestamp ON analytics_events (session_id, "timestamp" DESC)'
    )


@fault("nulls-not-distinct", "a unique index takes NULLs as equal", {"MH-3": "failed"}, says="nulls not distinct")
async def nulls_not_distinct(deployment: Deployment) -> None:
    """Where NULL is allowed, the second one would be refused."""
    await deployment.postgres.execute("DROP INDEX ix_shops_domain")
    await deployment.postgres.execute("CREATE UNIQUE INDEX ix_shops_domain ON shops (domain) NULLS NOT DISTINCT")


@fault("primary-key-invalid", "a primary key's index is invalid", {"MH-3": "failed"}, says="heatmap_data (primary key")
async def primary_key_invalid(deployment: Deployment) -> None:
    """The constraint stands, its index serves no query."""
    await deployment.postgres.administer(
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'heatmap_data_pkey'::regclass"
    )


@fault("table-unlogged", "a table is emptied by a crash", {"MH-3": "failed"}, says="unlogged")
async def table_unlogged(deployment: Deployment) -> None:
    """Made fast by hand for an import, and left so."""
    await deployment.postgres.execute("ALTER TABLE heatmap_data SET UNLOGGED")


@fault("table-a-view", "a view stands where a table should", {"MH-3": "failed"}, says="a view")
async def table_a_view(deployment: Deployment) -> None:
    """It even takes what is written to it."""
    await deployment.postgres.execute("ALTER TABLE heatmap_data RENAME TO heatmap")
    await deployment.postgres.execute("CREATE VIEW heatmap_data AS SELECT * FROM heatmap")


@fault("row-security", "row level security hides rows", {"MH-3": "failed"}, says="row level security")
async def row_security(deployment: Deployment) -> None:
    """Not from the owner, but from every other role."""
    await deployment.postgres.execute("ALTER TABLE heatmap_data ENABLE ROW LEVEL SECURITY")


@fault("trigger-added", "a trigger drops what is written", {"MH-3": "failed"}, says="CREATE TRIGGER forget")
async def trigger_added(deployment: Deployment) -> None:
    """On a table that no endpoint writes to yet."""
    await deployment.postgres.execute(
        "CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
    )
    await deployment.postgres.execute(
        "CREATE TRIGGER forget BEFORE INSERT ON heatmap_data FOR EACH ROW EXECUTE FUNCTION forget()"
    )


@fault("table-hidden", "another table is found first", {"MH-3": "failed"}, says="is found first: ecomdash.heatmap_data")
async def table_hidden(deployment: Deployment) -> None:
    """In a schema named like the role, which PostgreSQL searches before all others."""
    await deployment.postgres.execute("CREATE SCHEMA ecomdash")
    await deployment.postgres.execute("CREATE TABLE ecomdash.heatmap_data (LIKE public.heatmap_data INCLUDING ALL)")


@fault("foreign-key-disabled", "a foreign key checks nothing", {"MH-4": "failed"}, says="disabled by its triggers")
async def foreign_key_disabled(deployment: Deployment) -> None:
    """Triggers were disabled for an import, and never enabled again."""
    await deployment.postgres.administer("ALTER TABLE orders DISABLE TRIGGER ALL")


@fault("foreign-key-not-valid", "a foreign key was never validated", {"MH-4": "failed"}, says="NOT VALID")
async def foreign_key_not_valid(deployment: Deployment) -> None:
    """What is in the table already may break it."""
    await deployment.postgres.execute("ALTER TABLE orders DROP CONSTRAINT orders_shop_id_fkey")
    await deployment.postgres.execute(
        "ALTER TABLE orders ADD FOREIGN KEY (shop_id) REFERENCES shops (id) ON DELETE CASCADE NOT VALID"
    )


@fault("column-generated", "a column fills itself", {"MH-4": "failed"}, says="an identity column")
async def column_generated(deployment: Deployment) -> None:
    """What the application writes is refused."""
    await deployment.postgres.execute(
        "ALTER TABLE heatmap_data ALTER COLUMN viewport_width ADD GENERATED ALWAYS AS IDENTITY"
    )
