"""What PostgreSQL's catalogs say about a database, in the form of the contract's schema."""

from collections import defaultdict
from typing import Any

import psycopg

_COLUMNS = """
SELECT relname, attname, format_type(atttypid, atttypmod) || CASE WHEN attnotnull THEN '' ELSE '?' END
FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND attnum > 0 AND NOT attisdropped"""
_INDEXES = """
SELECT tables.relname, indexes.relname, indisprimary, indisunique,
    array(SELECT attname::text FROM pg_attribute WHERE attrelid = indexrelid ORDER BY attnum)
FROM pg_index JOIN pg_class AS tables ON tables.oid = indrelid JOIN pg_class AS indexes ON indexes.oid = indexrelid
WHERE tables.relnamespace = 'public'::regnamespace AND indisvalid AND indpred IS NULL"""
_CONSTRAINTS = """
SELECT conrelid::regclass::text, contype::text, pg_get_constraintdef(oid) FROM pg_constraint
WHERE connamespace = 'public'::regnamespace AND contype NOT IN ('p', 'n')"""


def read_schema(dsn: str) -> dict[str, dict[str, Any]]:
    """Reads every table but Alembic's own; constraints other than keys would show as `other`."""
    tables: dict[str, dict[str, Any]] = defaultdict(lambda: {"columns": {}, "indexes": {}, "unique_indexes": {}})
    with psycopg.connect(dsn) as connection:
        for table, column, kind in connection.execute(_COLUMNS):
            tables[table]["columns"][column] = kind
        for table, index, primary, unique, columns in connection.execute(_INDEXES):
            if primary:
                tables[table]["primary_key"] = columns
            else:
                tables[table]["unique_indexes" if unique else "indexes"][index] = columns
        for table, kind, definition in connection.execute(_CONSTRAINTS):
            tables[table]["foreign_key" if kind == "f" else "other"] = definition
    return {name: table for name, table in tables.items() if name != "alembic_version"}
