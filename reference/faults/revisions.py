"""Faults of the stamped revision, and of what stands behind the stamp."""

from functools import partial

from reference.faults.sql import sql_fault

_ANALYTICS_TABLES = (
    "analytics_events, analytics_sessions, conversion_funnels, conversion_events, session_replays, heatmap_data"
)
_UNMIGRATED = {"MH-4": "failed", "MH-3": "failed", "MH-6": "failed", "DP-3": "failed"}

_fault = partial(sql_fault, breaks={"MH-4": "failed"})

_fault("revision-missing", "alembic_version is empty", sql="DELETE FROM alembic_version", says="no row")
_fault(
    "revision-doubled",
    "alembic_version holds two rows: two branches are current at once",
    sql="INSERT INTO alembic_version VALUES ('001')",
    says="2 rows",
)
_fault(
    "revision-behind",
    'alembic_version says "001": the tables are there, the stamp is old',
    sql="UPDATE alembic_version SET version_num = '001'",
    says="behind the head",
)
_fault(
    "revision-unknown",
    "alembic_version names a revision of another branch",
    sql="UPDATE alembic_version SET version_num = '002b'",
    says="002b: a revision that the contract does not know",
)
_fault(
    "revision-table-missing",
    "there is no table alembic_version: the tables were made by hand",
    sql="DROP TABLE alembic_version",
    says="no such table",
)
_fault(
    "revision-in-another-schema",
    "alembic_version is in another schema, where the next migration does not look for it",
    sql="CREATE SCHEMA other; ALTER TABLE alembic_version SET SCHEMA other",
    says="no such table",
)
_fault(
    "revision-hidden",
    "another alembic_version is found first, in a schema named like the role, and says otherwise",
    sql="CREATE SCHEMA ecomdash; CREATE TABLE ecomdash.alembic_version (version_num varchar(32) PRIMARY KEY);"
    " INSERT INTO ecomdash.alembic_version VALUES ('001')",
    says="is found first: ecomdash.alembic_version",
)
_fault(
    "revision-of-another-tool",
    "alembic_version is the table of another tool",
    sql="ALTER TABLE alembic_version RENAME COLUMN version_num TO version",
    says="without a column version_num",
)
_fault(
    "revision-a-view",
    "a view stands where alembic_version should, and says what is wanted",
    sql="DROP TABLE alembic_version; CREATE VIEW alembic_version AS SELECT '002'::varchar(32) AS version_num",
    says="a view",
)
_fault(
    "stamped-not-migrated",
    'alembic_version says "002", but that migration never ran: what `alembic stamp head` leaves',
    breaks=_UNMIGRATED,
    sql=f"DROP TABLE {_ANALYTICS_TABLES}",
    says="was not migrated",
)
_fault(
    "downgraded",
    "the database stands at revision 001, stamp and tables",
    breaks=_UNMIGRATED,
    sql=f"DROP TABLE {_ANALYTICS_TABLES}; UPDATE alembic_version SET version_num = '001'",
    says="001: behind the head",
)
_fault(
    "never-migrated",
    "the database is empty",
    breaks=_UNMIGRATED,
    sql="DROP SCHEMA public CASCADE; CREATE SCHEMA public",
    says="no migration ever ran here",
)
