"""The comparison of schemas: every edit is found by the criterion it belongs to, and no edit by none."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.checks.schema import column_differences, extra_tables, structure_differences
from acceptance.contract import Contract
from acceptance.probes.schema import Column, Index, Schema, Table

PROMISED = Contract().schema
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


@given(columns, st.sampled_from(["missing", "type", "nullability"]))
def test_a_changed_column_belongs_to_the_columns_alone(where: tuple[str, str], how: str) -> None:
    """Missing, of another type, or of another nullability: named by its table and name."""
    table, name = where
    old = PROMISED.tables[table].columns[name]
    changed = {
        "missing": {},
        "type": {name: replace(old, type="money")},
        "nullability": {name: replace(old, nullable=not old.nullable)},
    }
    others = {key: value for key, value in PROMISED.tables[table].columns.items() if key != name}
    found = edited(table, lambda old: replace(old, columns={**others, **changed[how]}))
    (difference,) = column_differences(PROMISED, found)
    assert (difference.table, difference.kind.partition(",")[0]) == (table, f"column {name}")
    assert structure_differences(PROMISED, found) == ()


@given(tables)
def test_a_column_too_many_is_found(table: str) -> None:
    """A later revision's column, or one made by hand."""
    found = edited(table, lambda old: replace(old, columns={**old.columns, "surplus": Column("text", nullable=True)}))
    (difference,) = column_differences(PROMISED, found)
    assert (difference.kind, difference.expected) == ("column surplus", "no such column")


@given(foreign, st.sampled_from(["missing", "no cascade", "not valid", "one more"]))
def test_a_changed_foreign_key_is_found(table: str, how: str) -> None:
    """Missing, with another ON DELETE, not validated, or one too many: one difference each."""
    (key,) = PROMISED.tables[table].foreign_keys
    changed = {
        "missing": (),
        "no cascade": (key.removesuffix(" ON DELETE CASCADE"),),
        "not valid": (f"{key} NOT VALID",),
        "one more": (key, "FOREIGN KEY (id) REFERENCES shops(id)"),
    }[how]
    (difference,) = column_differences(PROMISED, edited(table, lambda old: replace(old, foreign_keys=changed)))
    assert (difference.table, difference.kind) == (table, "foreign key")


@given(st.sets(columns, min_size=1, max_size=4), st.sets(indexes, min_size=1, max_size=4))
def test_several_edits_are_all_found(gone: set[tuple[str, str]], lost: set[tuple[str, str]]) -> None:
    """As many differences as edits, in both groups."""
    found = dict(PROMISED.tables)
    for table, name in gone:
        found[table] = replace(found[table], columns={k: v for k, v in found[table].columns.items() if k != name})
    for table, name in lost:
        found[table] = replace(found[table], indexes={k: v for k, v in found[table].indexes.items() if k != name})
    assert len(column_differences(PROMISED, Schema(found))) == len(gone)
    assert len(structure_differences(PROMISED, Schema(found))) == len(lost)


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
