"""What is said of the stamped revision, whole; and which revisions a stamp stands for."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acceptance.checks.revision import revision_problems
from acceptance.contract import DatabaseContract
from acceptance.findings import Finding
from acceptance.probes.schema import Index, Schema, Table

CONTRACT = DatabaseContract(
    "003", ("001", "002", "003", "004"), Schema({}), {"001": ("a", "b"), "002": (), "003": ("c",), "004": ("d", "e")}
)
STAMP = Table({}, primary_key=Index(("version_num",), unique=True))
WHERE = "table alembic_version"
COMMAND = "psql \"$DATABASE_URL\" -c 'SELECT version_num FROM alembic_version'"
NOT_MIGRATED = "none of them: the revision is stamped, but was not migrated"


def told(*versions: str, tables: str = "abcde", table: Table | None = STAMP) -> tuple[Finding, ...]:
    """Return what is said of these rows beside these tables."""
    return revision_problems(CONTRACT, versions, Schema({name: Table({}) for name in tables}, table))


@pytest.mark.parametrize(
    ("versions", "found"),
    [
        ((), "no row: the revision is not stamped"),
        (("003", "004"), "2 rows (003, 004): two branches are current at once"),
        (("003", "003"), "2 rows (003, 003): two branches are current at once"),
        (("001",), "001: behind the head; did its migration not run?"),
        (("002",), "002: behind the head; did its migration not run?"),
        (("004",), "004: ahead of the head; is a newer application deployed?"),
        (("9f2c",), "9f2c: a revision that the contract does not know (another branch, or newer than the contract)"),
    ],
)
def test_each_wrong_stamp_is_told(versions: tuple[str, ...], found: str) -> None:
    """With what was expected, where, and how to see it."""
    assert told(*versions) == (Finding("exactly one row, 003", found, WHERE, COMMAND),)
    assert told("003") == ()


def test_a_table_that_is_missing_or_another_s_is_told() -> None:
    """No migration ever ran, or it is another tool's table."""
    wanted = "exactly one row, 003"
    missing = Finding(wanted, "no such table: no migration ever ran here", WHERE, COMMAND)
    assert revision_problems(CONTRACT, None, Schema({})) == (missing,)
    other = Finding(wanted, "a table without a column version_num: it is not Alembic's", WHERE, COMMAND)
    assert revision_problems(CONTRACT, None, Schema({}, Table({}))) == (other,)


def test_a_stamped_revision_without_a_single_table_was_not_migrated() -> None:
    """Each up to the stamped one, and none behind it; one that makes no tables can't be missed."""
    first = Finding("the tables of revision 001: a, b", NOT_MIGRATED, WHERE)
    third = Finding("the tables of revision 003: c", NOT_MIGRATED, WHERE)
    fourth = Finding("the tables of revision 004: d, e", NOT_MIGRATED, WHERE)
    assert told("003", tables="") == (first, third)
    assert told("003", tables="b") == (third,)
    assert told("003", tables="ac") == ()
    assert told("001", tables="")[1:] == told("002", tables="")[1:] == (first,)
    assert told("004", tables="")[1:] == (first, third, fourth)
    assert told("001", "004", tables="abc")[1:] == (fourth,)


@pytest.mark.parametrize("versions", [(), ("9f2c",)])
def test_what_is_not_stamped_can_not_be_unmigrated(versions: tuple[str, ...]) -> None:
    """An empty database without a known stamp has one problem: the stamp."""
    assert len(told(*versions, tables="")) == 1
    assert len(told("9f2c", "001", tables="")) == 2


def test_a_table_that_alembic_does_not_read_is_told() -> None:
    """Its kind, and only that: its columns and its key are not the contract's concern."""
    keyless = replace(STAMP, primary_key=None)
    assert told("003", table=keyless) == ()
    (finding,) = told("003", table=replace(STAMP, kind="a view"))
    assert (finding.found, finding.where) == ("a view", "table alembic_version (kind)")
