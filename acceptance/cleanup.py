"""Removing synthetic visitors' rows: exactly those whose ids carry a prefix that the ledger names."""

from __future__ import annotations

from collections.abc import Mapping

import psycopg
from psycopg import sql

from acceptance.outcomes import Unverified

# In the order of deletion; each has the session's id in a column session_id.
TABLES = ("conversion_events", "analytics_sessions", "analytics_events")


def count_rows(database_url: str, prefix: str) -> Mapping[str, int]:
    """Return how many rows of each table carry the prefix.

    Raises:
        Unverified: the database can't be asked.
    """
    return _each_table(database_url, prefix, "SELECT count(*) FROM {table} WHERE starts_with(session_id, %s)")


def remove_rows(database_url: str, prefix: str) -> Mapping[str, int]:
    """Delete the rows of each table that carry the prefix, in one transaction; return how many went.

    Raises:
        Unverified: the database refused; nothing was deleted then.
    """
    statement = (
        "WITH gone AS (DELETE FROM {table} WHERE starts_with(session_id, %s) RETURNING 1) SELECT count(*) FROM gone"
    )
    return _each_table(database_url, prefix, statement)


def _each_table(database_url: str, prefix: str, statement: str) -> Mapping[str, int]:
    counts: dict[str, int] = {}
    try:
        with psycopg.connect(
            database_url,
            connect_timeout=5,
            application_name="apex-acceptance-clean",
            options="-c statement_timeout=10000 -c lock_timeout=3000",
        ) as connection:
            for table in TABLES:
                query = sql.SQL(statement).format(table=sql.Identifier(table))
                row = connection.execute(query, (prefix,)).fetchone()
                counts[table] = int(row[0]) if row else 0
    except psycopg.Error as error:
        raise Unverified(
            f"The synthetic rows of {prefix}* could not be removed ({type(error).__name__})."
            " Once the database answers: python -m acceptance clean --target NAME --yes"
        ) from None
    return counts
