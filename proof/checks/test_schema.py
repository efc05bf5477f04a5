"""The comparison of schemas: every edit is found by the criterion it belongs to, and no edit by none."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from itertools import permutations
from typing import TypeVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.checks.schema import column_differences, extra_tables, structure_differences
from acceptance.contract import Contract
from acceptance.probes.schema import Column, Index, Schema, Table

PROMISED = Contract().schema
T = TypeVar("T")
Edit = Callable[[Table], Table]
tables = st.sampled_from(sorted(PROMISED.tables))
indexes = st.sampled_from([(name, index) for name, table in PROMISED.tables.items() for index in table.indexes])
columns = st.sampled_from([(name, column) for name, table in PROMISED.tables.items() for column in table.columns])
foreign = st.sampled_from([name for name, table in PROMISED.tables.items() if table.foreign_keys])

SPOILED: dict[str, Callable[[Index], Index]] = {
    "invalid": lambda index: replace(index, valid=False),
    "not ready": lambda index: replace(index, ready=False),
    "the other uniqueness": lambda index: replace(index, unique=not index.unique),
    "another method": lambda index: replace(index, method="hash"),
    "partial": lambda index: replace(index, predicate="(id IS NOT NULL)"),
    "on an expression": lambda index: replace(index, columns=("lower(x)",), expression=True),
    "a column more": lambda index: replace(index, columns=(*index.columns, "id")),
    "a column that rides along": lambda index: replace(index, included=("id",)),
    "of another collation": lambda index: replace(index, collations=('id COLLATE "C"',)),
    "of another operator class": lambda index: replace(index, operator_classes=("id text_pattern_ops",)),
    "descending": lambda index: replace(index, orderings=("id DESC",)),
    "NULLs not distinct": lambda index: replace(index, nulls_distinct=False),
    "deferrable": lambda index: replace(index, deferrable=True),
}
CHANGED: dict[str, Edit] = {
    "kind": lambda table: replace(table, kind="a view"),
    "persistence": lambda table: replace(table, persistence="unlogged"),
    "row level security": lambda table: replace(table, row_security="forced"),
    "trigger": lambda table: replace(table, triggers=("CREATE TRIGGER lost",)),
    "rule": lambda table: replace(table, rules=("CREATE RULE gone",)),
    "search_path": lambda table: replace(table, hidden_by=("other.one",)),
}
MADE: dict[str, Callable[[Column], Column]] = {
    "type": lambda column: replace(column, type="money"),
    "nullability": lambda column: replace(column, nullable=not column.nullable),
    "collation": lambda column: replace(column, collation="C"),
    "origin of values": lambda column: replace(column, generated="a generated column"),
}


def edited(table: str, edit: Edit) -> Schema:
    """Return the promised schema with one table edited."""
    return Schema({**PROMISED.tables, table: edit(PROMISED.tables[table])})


def with_index(table: str, changes: dict[str, Index], without: str = "") -> Schema:
    """Return the promised schema with indexes of a table changed, and one left out."""

    def edit(old: Table) -> Table:
        kept = {name: index for name, index in old.indexes.items() if name != without}
        return replace(old, indexes={**kept, **changes})

    return edited(table, edit)


def with_one_edited(all_: Mapping[str, T], name: str, edit: Callable[[T], T] | None) -> dict[str, T]:
    """Return all with one of them edited; without an edit it is left out."""
    others = {key: value for key, value in all_.items() if key != name}
    return {**others, name: edit(all_[name])} if edit else others


def test_the_promised_schema_differs_in_nothing() -> None:
    """No false alarm on what the contract itself says."""
    assert structure_differences(PROMISED, PROMISED) == ()
    assert column_differences(PROMISED, PROMISED) == ()
    assert extra_tables(PROMISED, PROMISED) == ()


@given(tables)
def test_a_missing_table_belongs_to_the_structure_alone(table: str) -> None:
    """It is named once, and is no noise among the columns."""
    found = Schema({name: t for name, t in PROMISED.tables.items() if name != table})
    assert [d.table for d in structure_differences(PROMISED, found)] == [table]
    assert column_differences(PROMISED, found) == ()


@given(indexes, st.sampled_from(sorted(SPOILED)))
def test_a_spoiled_index_is_found(where: tuple[str, str], how: str) -> None:
    """A name alone is not enough: each of its properties counts."""
    table, name = where
    found = with_index(table, {name: SPOILED[how](PROMISED.tables[table].indexes[name])})
    (difference,) = structure_differences(PROMISED, found)
    assert difference.table == table
    assert name in difference.kind
    assert column_differences(PROMISED, found) == ()


@given(tables, st.sampled_from(sorted(SPOILED)))
def test_a_spoiled_primary_key_is_found(table: str, how: str) -> None:
    """Its columns alone are not enough either."""

    def edit(old: Table) -> Table:
        return replace(old, primary_key=SPOILED[how](old.primary_key or Index(())))

    (difference,) = structure_differences(PROMISED, edited(table, edit))
    assert (difference.table, difference.kind.partition(",")[0]) == (table, "primary key")


@given(tables, st.sampled_from(sorted(CHANGED)))
def test_a_changed_table_belongs_to_the_structure_alone(table: str, how: str) -> None:
    """Whatever is no plain, permanent table, found first, whose rows are all seen and stored as they are written."""
    found = edited(table, CHANGED[how])
    (difference,) = structure_differences(PROMISED, found)
    assert (difference.table, difference.kind) == (table, how)
    assert column_differences(PROMISED, found) == ()


def test_a_promised_trigger_must_be_there() -> None:
    """As the contract has it; one that is disabled or missing is a difference."""
    promised = edited("orders", CHANGED["trigger"])
    assert structure_differences(promised, promised) == ()
    (difference,) = structure_differences(promised, PROMISED)
    assert (difference.expected, difference.found) == ("CREATE TRIGGER lost", "no such trigger")


@given(indexes)
def test_a_missing_index_is_found(where: tuple[str, str]) -> None:
    """And no index of another name stands in for it."""
    table, name = where
    (difference,) = structure_differences(PROMISED, with_index(table, {}, without=name))
    assert (difference.table, difference.found) == (table, "no such index")


@given(indexes)
def test_a_renamed_index_is_told_by_its_new_name(where: tuple[str, str]) -> None:
    """The message says under which name one like it exists."""
    table, name = where
    found = with_index(table, {"another_name": PROMISED.tables[table].indexes[name]}, without=name)
    (difference,) = structure_differences(PROMISED, found)
    assert "exists under the name another_name" in difference.found


@pytest.mark.parametrize(
    ("table", "name"), [("heatmap_data", "idx_heatmap_page_viewport"), ("products", "uq_products_shop_shopify_id")]
)
def test_reordered_columns_of_an_index_are_found(table: str, name: str) -> None:
    """The same columns in another order serve other queries."""
    index = PROMISED.tables[table].indexes[name]
    other = next(order for order in permutations(index.columns) if order != index.columns)
    (difference,) = structure_differences(PROMISED, with_index(table, {name: replace(index, columns=other)}))
    assert difference.kind == f"index {name}, order of columns"


@given(tables, st.sampled_from([(), ("created_at",), ("id", "created_at")]))
def test_another_primary_key_is_found(table: str, key: tuple[str, ...]) -> None:
    """None, on another column, or on one more."""
    index = Index(key, unique=True) if key else None
    (difference,) = structure_differences(PROMISED, edited(table, lambda old: replace(old, primary_key=index)))
    assert difference.kind == ("primary key, columns" if key else "primary key")


@given(columns, st.sampled_from(["missing", *MADE]))
def test_a_changed_column_belongs_to_the_columns_alone(where: tuple[str, str], how: str) -> None:
    """Missing, or other in one of its properties: named by its table and name."""
    table, name = where
    old = PROMISED.tables[table].columns[name]
    changed = {name: MADE[how](old)} if how in MADE else {}
    others = {key: value for key, value in PROMISED.tables[table].columns.items() if key != name}
    found = edited(table, lambda old: replace(old, columns={**others, **changed}))
    (difference,) = column_differences(PROMISED, found)
    assert (difference.table, difference.kind.partition(",")[0]) == (table, f"column {name}")
    assert structure_differences(PROMISED, found) == ()


@given(tables)
def test_a_column_too_many_is_found(table: str) -> None:
    """A later revision's column, or one made by hand."""
    found = edited(table, lambda old: replace(old, columns={**old.columns, "surplus": Column("text", nullable=True)}))
    (difference,) = column_differences(PROMISED, found)
    assert (difference.kind, difference.expected) == ("column surplus", "no such column")


@given(foreign, st.sampled_from(["missing", "no cascade", "not valid", "disabled", "one more"]))
def test_a_changed_foreign_key_is_found(table: str, how: str) -> None:
    """Missing, with another ON DELETE, not validated, disabled, or one too many: one difference each."""
    (key,) = PROMISED.tables[table].foreign_keys
    changed = {
        "missing": (),
        "no cascade": (key.removesuffix(" ON DELETE CASCADE"),),
        "not valid": (f"{key} NOT VALID",),
        "disabled": (f"{key}, disabled by its triggers",),
        "one more": (key, "FOREIGN KEY (id) REFERENCES shops(id)"),
    }[how]
    (difference,) = column_differences(PROMISED, edited(table, lambda old: replace(old, foreign_keys=changed)))
    assert (difference.table, difference.kind) == (table, "foreign key")


@given(
    st.dictionaries(columns, st.sampled_from(["missing", *MADE]), min_size=1, max_size=4),
    st.dictionaries(indexes, st.sampled_from(["missing", *SPOILED]), min_size=1, max_size=4),
    st.dictionaries(tables, st.sampled_from(sorted(CHANGED.keys() - {"kind"})), min_size=1, max_size=4),
)
def test_several_edits_are_all_found(
    made: dict[tuple[str, str], str], spoiled: dict[tuple[str, str], str], changed: dict[str, str]
) -> None:
    """As many differences as edits, in both groups."""
    found = dict(PROMISED.tables)
    for (table, name), how in made.items():
        found[table] = replace(found[table], columns=with_one_edited(found[table].columns, name, MADE.get(how)))
    for (table, name), how in spoiled.items():
        found[table] = replace(found[table], indexes=with_one_edited(found[table].indexes, name, SPOILED.get(how)))
    for table, how in changed.items():
        found[table] = CHANGED[how](found[table])
    assert len(column_differences(PROMISED, Schema(found))) == len(made)
    assert len(structure_differences(PROMISED, Schema(found))) == len(spoiled) + len(changed)


@given(tables)
def test_a_check_that_nobody_promised_is_found(table: str) -> None:
    """It refuses rows; one that is promised must be there."""
    found = edited(table, lambda old: replace(old, checks=("CHECK (false)",)))
    (difference,) = column_differences(PROMISED, found)
    assert (difference.table, difference.kind, difference.found) == (table, "constraint", "CHECK (false)")
    (difference,) = column_differences(found, PROMISED)
    assert (difference.expected, difference.found) == ("CHECK (false)", "no such constraint")


@given(tables)
def test_a_unique_index_that_nobody_promised_is_found(table: str) -> None:
    """Unless it holds the primary key, so that it refuses nothing more."""
    (difference,) = structure_differences(PROMISED, with_index(table, {"mine": Index(("created_at",), unique=True)}))
    assert (difference.table, difference.kind) == (table, "index mine")
    assert structure_differences(PROMISED, with_index(table, {"mine": Index(("created_at", "id"), unique=True)})) == ()


def test_what_nobody_promised_is_reported_apart() -> None:
    """A surplus table or index is no difference."""
    found = Schema({**with_index("shops", {"mine": Index(("scopes",))}).tables, "scratch": Table({})})
    assert structure_differences(PROMISED, found) == ()
    assert extra_tables(PROMISED, found) == ("scratch",)


def test_a_difference_says_expected_and_found_and_where() -> None:
    """The sentence and the finding hold all that a person needs."""
    (difference,) = structure_differences(PROMISED, with_index("shops", {}, without="ix_shops_domain"))
    assert str(difference) == (
        "shops: index ix_shops_domain: expected unique btree index on (domain), found no such index"
    )
    assert "table shops" in difference.finding.where
