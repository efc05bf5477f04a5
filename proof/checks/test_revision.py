"""The stamped revision: exactly the head, and the tables that it stands for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acceptance.checks.revision import revision_problems
from acceptance.contract import Contract
from acceptance.probes.schema import Column, Index, Schema, Table

CONTRACT = Contract().database
STAMP = Table({"version_num": Column("character varying(32)", nullable=False)}, Index(("version_num",), unique=True))
WHOLE = Schema(CONTRACT.schema.tables, STAMP)


def without(*revisions: str) -> Schema:
    """Return the schema without the tables of some revisions."""
    gone = {table for revision in revisions for table in CONTRACT.tables_of[revision]}
    return Schema({name: table for name, table in WHOLE.tables.items() if name not in gone}, STAMP)


def test_the_head_alone_is_right() -> None:
    """One row, the head, and its tables."""
    assert revision_problems(CONTRACT, ("002",), WHOLE) == ()


@pytest.mark.parametrize(
    ("versions", "words"),
    [
        (None, "no such table"),
        ((), "no row"),
        (("001", "002"), "2 rows (001, 002)"),
        (("001",), "001: behind the head"),
        (("9f2c",), "9f2c: a revision that the contract does not know"),
    ],
)
def test_any_other_stamp_is_told_apart(versions: tuple[str, ...] | None, words: str) -> None:
    """The table missing, no row, two rows, behind, unknown."""
    found = Schema(WHOLE.tables, None if versions is None else STAMP)
    (problem,) = revision_problems(CONTRACT, versions, found)
    assert words in problem.found
    assert problem.expected == "exactly one row, 002"
    assert problem.reproduce == "psql \"$DATABASE_URL\" -c 'SELECT version_num FROM alembic_version'"


def test_the_table_of_another_tool_is_told_apart() -> None:
    """It has no column for a version."""
    (problem,) = revision_problems(CONTRACT, None, Schema(WHOLE.tables, Table({})))
    assert "without a column version_num" in problem.found


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (replace(STAMP, kind="a view"), "a view"),
        (replace(STAMP, hidden_by=("other.alembic_version",)), "is found first: other.alembic_version"),
        (replace(STAMP, rules=("CREATE RULE keep",)), "CREATE RULE keep"),
        (replace(STAMP, row_security="enabled"), "enabled"),
    ],
)
def test_a_stamp_that_is_not_what_alembic_reads_is_found(table: Table, words: str) -> None:
    """Its row says the head, and the next migration sees another, or can't move it."""
    (problem,) = revision_problems(CONTRACT, ("002",), Schema(WHOLE.tables, table))
    assert words in problem.found
    assert "alembic_version" in problem.where


def test_a_stamp_ahead_of_the_head_is_told_apart() -> None:
    """A contract that was not moved along with the application."""
    (problem,) = revision_problems(replace(CONTRACT, head="001"), ("002",), WHOLE)
    assert "002: ahead of the head" in problem.found


def test_stamped_but_not_migrated_is_found() -> None:
    """All tables of a stamped revision missing: the revision was never run."""
    (problem,) = revision_problems(CONTRACT, ("002",), without("002"))
    assert "heatmap_data" in problem.expected
    assert "not migrated" in problem.found


def test_both_revisions_can_be_stamped_on_nothing() -> None:
    """An empty database with a stamp: one problem for each revision."""
    assert len(revision_problems(CONTRACT, ("002",), Schema({}))) == 2


def test_one_missing_table_is_not_a_missing_migration() -> None:
    """A dropped table is the concern of the structure alone."""
    found = Schema({name: table for name, table in WHOLE.tables.items() if name != "heatmap_data"})
    assert revision_problems(CONTRACT, ("002",), found) == ()
