"""What gates have left in the bench's database."""

from __future__ import annotations

import psycopg
from psycopg import sql

from acceptance.cleanup import TABLES
from proof.gate.bench import Bench


def left(bench: Bench) -> int:
    """Return how many rows the analytics tables hold."""
    with psycopg.connect(bench.deployment.postgres.dsn) as connection:
        queries = [sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table)) for table in TABLES]
        rows = [connection.execute(query).fetchone() for query in queries]
    return sum(int(row[0]) for row in rows if row)
