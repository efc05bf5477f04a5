"""Removing synthetic visitors' rows: exactly those whose ids carry a prefix that the ledger names."""

from __future__ import annotations

import getpass
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

import psycopg
from psycopg.sql import SQL, Identifier

from acceptance.ledger import Ledger
from acceptance.outcomes import Unverified
from acceptance.probes.database import connect

# Each names the session and the visitor of a row.
TABLES = ("conversion_events", "analytics_sessions", "analytics_events")
RUN_FOLDERS = "apex-run-"  # then the process, and something random
DEADLINE_MS = 60_000  # the prefix can't use an index, so a large table is read whole

_OURS = SQL("starts_with(session_id, %(prefix)s) OR starts_with(visitor_id, %(prefix)s)")
_COUNT = SQL("SELECT 1 FROM {table} WHERE {ours}")
_DELETE = SQL("DELETE FROM {table} WHERE {ours} RETURNING 1")


def remove_dead_folders() -> int:
    """Remove the temporary folders of runs whose process is gone; return how many there were."""
    removed = 0
    for folder in Path(tempfile.gettempdir()).glob(f"{RUN_FOLDERS}*"):
        pid = folder.name.removeprefix(RUN_FOLDERS).split("-")[0]
        if pid.isdecimal() and folder.owner() == getpass.getuser() and not _runs(int(pid)):
            shutil.rmtree(folder)
            removed += 1
    return removed


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def count_rows(database_url: str, prefix: str) -> Mapping[str, int]:
    """Return how many rows of each table carry the prefix.

    Raises:
        Unverified: the database can't be asked.
    """
    return _each_table(database_url, prefix, _COUNT, read_only=True)


def remove_rows(database_url: str, prefix: str) -> Mapping[str, int]:
    """Delete the rows of each table that carry the prefix, in one transaction; return how many went.

    Raises:
        Unverified: the database refused; nothing was deleted then.
    """
    return _each_table(database_url, prefix, _DELETE, read_only=False)


def clean_up(database_url: str, ledger: Ledger, prefix: str, *, last: bool = False) -> str:
    """Remove a prefix's rows and, when nothing more can come, strike it; return what happened in a sentence.

    Args:
        database_url: the application's database.
        ledger: names the prefix, and how many events the application accepted under it.
        prefix: whose rows to remove.
        last: the run is long over, so nothing can come although it did not record what was accepted.
    """
    later = f"{prefix}* stays on record: python -m acceptance clean --target={ledger.target} --yes"
    try:
        rows = remove_rows(database_url, prefix)
    except Unverified as problem:
        return f"{problem} {later}"
    accepted, found = ledger.accepted(prefix), rows["analytics_events"]
    if accepted is not None and found:
        ledger.account(prefix, -found)  # what is still to be found when this is not all
    if accepted is None and not last:
        return f"{sum(rows.values())} rows were removed; the run was cut short while it was sending, so {later}"
    if accepted is not None and found < accepted:
        return (
            f"Of {accepted} synthetic events that the application accepted or left unanswered, {found} were found and"
            f" removed: is DATABASE_URL the application's own? {later}"
        )
    ledger.strike(prefix)
    return f"{sum(rows.values())} rows of the run's synthetic visitors were removed."


def _each_table(database_url: str, prefix: str, rows_of: SQL, *, read_only: bool) -> Mapping[str, int]:
    """Count what `rows_of` gives for each table, in one statement: it is whole or not at all, and one round trip."""
    parts = [
        SQL("{name} AS ({rows})").format(
            name=Identifier(f"of_{table}"), rows=rows_of.format(table=Identifier(table), ours=_OURS)
        )
        for table in TABLES
    ]
    counts = [
        SQL("(SELECT count(*) FROM {}) AS {}").format(Identifier(f"of_{table}"), Identifier(table)) for table in TABLES
    ]
    statement = SQL("WITH {} SELECT {}").format(SQL(", ").join(parts), SQL(", ").join(counts))
    try:
        with connect(database_url, read_only=read_only, statement_timeout_ms=DEADLINE_MS) as connection:
            (row,) = connection.execute(statement, {"prefix": prefix}).fetchall()
    except psycopg.Error as error:
        verb = "counted" if read_only else "removed"
        raise Unverified(f"The synthetic rows of {prefix}* could not be {verb} ({type(error).__name__}).") from None
    return dict(zip(TABLES, map(int, row), strict=True))
