"""What is said of a schema's differences: the sentences, whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest

from acceptance.checks.schema import column_differences, extra_tables, structure_differences
from acceptance.findings import Finding
from acceptance.probes.schema import Column, Index, Schema, Table

ALONE = "its name stands alone"
KEY = Index(("id",), unique=True)
PLAIN = Table({"id": Column("integer", nullable=False)}, primary_key=KEY, indexes={"ix": Index(("a", "b"))})


def schema(table: Table | None = PLAIN, **others: Table) -> Schema:
    """Return a schema of one table t, and others."""
    return Schema(({"t": table} if table else {}) | others)


def structure(found: Table | None, expected: Table = PLAIN) -> list[str]:
    """Return what is said of the table's structure."""
    return [str(difference) for difference in structure_differences(schema(expected), schema(found))]


def columns(found: Table, expected: Table = PLAIN) -> list[str]:
    """Return what is said of the table's columns and constraints."""
    return [str(difference) for difference in column_differences(schema(expected), schema(found))]


def indexed(index: Index | None, **others: Index) -> Table:
    """Return the table with that index instead of its own, and others."""
    return replace(PLAIN, indexes=({"ix": index} if index else {}) | others)


def with_columns(made: Mapping[str, Column]) -> Table:
    """Return the table with other columns."""
    return replace(PLAIN, columns=made)


def test_a_difference_is_a_finding_with_its_command() -> None:
    """By table and kind."""
    (difference,) = structure_differences(schema(), schema(None))
    command = "psql \"$DATABASE_URL\" -c '\\d t'"
    assert difference.finding == Finding("the table", "no such table", "table t (table)", command)
    assert str(difference) == "t: table: expected the table, found no such table"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"kind": "a view"}, "t: kind: expected an ordinary table, found a view"),
        ({"persistence": "unlogged"}, "t: persistence: expected permanent, found unlogged"),
        ({"row_security": "forced"}, "t: row level security: expected off, found forced"),
        (
            {"hidden_by": ("u.t",)},
            f"t: search_path: expected public.t wherever {ALONE}, found another table of that name is found first: u.t",
        ),
        ({"triggers": ("CREATE TRIGGER x",)}, "t: trigger: expected no such trigger, found CREATE TRIGGER x"),
        ({"rules": ("CREATE RULE x",)}, "t: rule: expected no such rule, found CREATE RULE x"),
    ],
)
def test_each_change_of_a_table_is_told(changes: dict[str, object], sentence: str) -> None:
    """One sentence each."""
    assert structure(replace(PLAIN, **changes)) == [sentence]  # type: ignore[arg-type]


def test_promised_hooks_that_are_missing_are_told() -> None:
    """Beside those that nobody promised."""
    promised, found = replace(PLAIN, triggers=("A", "B")), replace(PLAIN, triggers=("B", "C"))
    assert structure(found, promised) == [
        "t: trigger: expected A, found no such trigger",
        "t: trigger: expected no such trigger, found C",
    ]


@pytest.mark.parametrize(
    ("index", "kind", "found"),
    [
        (Index(("a", "b"), valid=False), "valid", "an invalid btree index on (a, b)"),
        (Index(("a", "b"), ready=False), "ready", "not ready btree index on (a, b)"),
        (Index(("a", "b"), unique=True), "uniqueness", "unique btree index on (a, b)"),
        (Index(("a", "b"), method="hash"), "access method", "hash index on (a, b)"),
        (Index(("b", "a")), "order of columns", "btree index on (b, a)"),
        (Index(("a",)), "columns", "btree index on (a)"),
        (Index(()), "columns", "btree index on none"),
        (Index(("a", "b"), included=("c", "d")), "included columns", "btree index on (a, b) including (c, d)"),
        (Index(("a", "b"), predicate="(a > 1)"), "predicate", "btree index on (a, b) where (a > 1)"),
        (Index(("a", "b"), collations=('a COLLATE "C"',)), "collation", 'btree index on (a, b) with a COLLATE "C"'),
        (Index(("a", "b"), operator_classes=("a x",)), "operator class", "btree index on (a, b) with a x"),
        (Index(("a", "b"), orderings=("a DESC", "b DESC")), "ordering", "btree index on (a, b) with a DESC, b DESC"),
        (Index(("a", "b"), nulls_distinct=False), "distinctness of NULLs", "btree index on (a, b) nulls not distinct"),
        (Index(("a", "b"), deferrable=True), "deferrable", "btree index on (a, b) deferrable"),
        (Index(("b", "a"), unique=True), "order of columns, uniqueness", "unique btree index on (b, a)"),
    ],
)
def test_each_change_of_an_index_is_told(index: Index, kind: str, found: str) -> None:
    """By what differs and what it is now; the same words for a primary key."""
    assert structure(indexed(index)) == [f"t: index ix, {kind}: expected btree index on (a, b), found {found}"]
    keyed = replace(PLAIN, primary_key=Index(("a", "b")))
    assert structure(replace(PLAIN, primary_key=index), keyed) == [
        f"t: primary key, {kind}: expected btree index on (a, b), found {found}"
    ]


def test_a_missing_or_surplus_primary_key_is_told() -> None:
    """As none."""
    without = replace(PLAIN, primary_key=None)
    assert structure(without) == ["t: primary key: expected unique btree index on (id), found none"]
    assert structure(PLAIN, without) == ["t: primary key: expected none, found unique btree index on (id)"]


def test_a_missing_index_is_told_with_its_twins() -> None:
    """Sorted; those are no surplus."""
    start = "t: index ix: expected btree index on (a, b), found no such index"
    assert structure(indexed(None)) == [start]
    twins = indexed(None, z=Index(("a", "b")), y=Index(("a", "b")), x=Index(("b",)))
    assert structure(twins) == [f"{start}; one like it exists under the name y, z"]


def test_a_surplus_unique_index_is_told() -> None:
    """It refuses rows; one that holds the primary key, is not unique or is a promised one renamed refuses none more."""
    kept = {"u": Index(("b",), unique=True), "a": Index(("c",), unique=True)}
    keys = {"p": Index(("id", "b"), unique=True), "q": Index(("id",), unique=True)}
    surplus = indexed(PLAIN.indexes["ix"], **kept, **keys, n=Index(("b",)))
    assert structure(surplus) == [
        "t: index a: expected no such unique index, found unique btree index on (c)",
        "t: index u: expected no such unique index, found unique btree index on (b)",
    ]
    promised = indexed(Index(("a",), unique=True))
    assert len(structure(indexed(None, renamed=Index(("a",), unique=True)), promised)) == 1
    keyless = replace(PLAIN, primary_key=None)
    assert len(structure(replace(surplus, primary_key=None), keyless)) == 4


def test_each_change_of_a_column_is_told() -> None:
    """Type, nullability, collation, origin; missing and surplus ones with their type."""
    expected = with_columns({"a": Column("text", nullable=True), "b": Column("integer", nullable=False)})
    other = Column("uuid", nullable=False, collation="C", generated="a generated column")
    start = "t: column a, "
    assert columns(with_columns({**expected.columns, "a": other}), expected) == [
        f"{start}type: expected text, found uuid",
        f"{start}nullability: expected NULL, found NOT NULL",
        f"{start}collation: expected {Column('text', nullable=True).collation}, found C",
        f"{start}origin of values: expected {Column('text', nullable=True).generated}, found a generated column",
    ]
    assert columns(with_columns({"d": expected.columns["a"], "c": expected.columns["b"]}), expected) == [
        "t: column a: expected text NULL, found no such column",
        "t: column b: expected integer NOT NULL, found no such column",
        "t: column c: expected no such column, found integer NOT NULL",
        "t: column d: expected no such column, found text NULL",
    ]


def test_a_changed_foreign_key_is_told_beside_its_like() -> None:
    """One on the same columns is the same key changed; any other is one more."""
    a, b = "FOREIGN KEY (a) REFERENCES u(id)", "FOREIGN KEY (b) REFERENCES v(id)"
    expected = replace(PLAIN, foreign_keys=(a, b))
    changed, more = f"{a} ON DELETE CASCADE", "FOREIGN KEY (c) REFERENCES w(id)"
    assert columns(replace(PLAIN, foreign_keys=(more, changed)), expected) == [
        f"t: foreign key: expected {a}, found {changed}",
        f"t: foreign key: expected {b}, found no such foreign key",
        f"t: foreign key: expected no such foreign key, found {more}",
    ]
    odd = "FOREIGN KEY (a) REFERENCES u(id) CHECK ( REFERENCES )"
    assert columns(replace(PLAIN, foreign_keys=(odd, b)), expected) == [f"t: foreign key: expected {a}, found {odd}"]


def test_constraints_are_told() -> None:
    """One that nobody promised refuses rows."""
    checked = replace(PLAIN, checks=("CHECK (id > 0)",))
    assert columns(checked) == ["t: constraint: expected no such constraint, found CHECK (id > 0)"]
    assert columns(PLAIN, checked) == ["t: constraint: expected CHECK (id > 0), found no such constraint"]


def test_columns_of_what_is_no_table_are_not_compared() -> None:
    """That is the structure's concern; a table of the contract that is a view there is compared as one."""
    view = replace(with_columns({}), kind="a view")
    assert columns(view) == []
    assert len(columns(view, replace(PLAIN, kind="a view"))) == 1
    assert column_differences(schema(), Schema({})) == ()


def test_surplus_tables_are_told_in_order_and_views_are_none() -> None:
    """Materialized ones neither."""
    views = {"v": replace(PLAIN, kind="a view"), "m": replace(PLAIN, kind="a materialized view")}
    assert extra_tables(schema(), schema(PLAIN, z=PLAIN, y=PLAIN, **views)) == ("y", "z")
