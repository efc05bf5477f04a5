"""What differs between the schema that the contract promises and the one that a database has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields

from acceptance.findings import Finding
from acceptance.probes.schema import Column, Index, Schema, Table

_PLAIN_WORDS = {"unique": "uniqueness", "method": "access method", "included": "included columns"}


@dataclass(frozen=True)
class Difference:
    """One thing that is not as promised, of one table. `kind` names it in two or three words."""

    table: str
    kind: str
    expected: str
    found: str

    def __str__(self) -> str:
        """Return it as a sentence."""
        return f"{self.table}: {self.kind}: expected {self.expected}, found {self.found}"

    @property
    def finding(self) -> Finding:
        """The difference as failures are shown."""
        return Finding(
            self.expected,
            self.found,
            f"table {self.table} ({self.kind})",
            f"psql \"$DATABASE_URL\" -c '\\d {self.table}'",
        )


def structure_differences(expected: Schema, found: Schema) -> tuple[Difference, ...]:
    """Return what is wrong with tables, primary keys, unique constraints and indexes.

    Tables and indexes that nobody promised are no difference; see `extra_tables`.
    """
    return tuple(
        difference
        for name, table in expected.tables.items()
        for difference in _structure(name, table, found.tables.get(name))
    )


def column_differences(expected: Schema, found: Schema) -> tuple[Difference, ...]:
    """Return what is wrong with columns, types, nullability and foreign keys of the tables that are there.

    A table that is missing is the concern of `structure_differences` and `unapplied_revisions`.
    """
    both = [name for name in expected.tables if name in found.tables]
    return tuple(
        difference
        for name in both
        for compare in (_columns, _foreign_keys)
        for difference in compare(name, expected.tables[name], found.tables[name])
    )


def extra_tables(expected: Schema, found: Schema) -> tuple[str, ...]:
    """Return the tables that the contract does not know."""
    return tuple(sorted(set(found.tables) - set(expected.tables)))


def _structure(name: str, expected: Table, found: Table | None) -> Iterator[Difference]:
    if found is None:
        yield Difference(name, "table", "the table", "no such table")
        return
    if expected.primary_key != found.primary_key:
        yield Difference(name, "primary key", _listed(expected.primary_key), _listed(found.primary_key))
    for index_name, index in expected.indexes.items():
        yield from _index(name, index_name, index, found.indexes)


def _index(table: str, name: str, expected: Index, found: Mapping[str, Index]) -> Iterator[Difference]:
    if name not in found:
        twins = sorted(other for other, index in found.items() if index == expected)
        other = f"no such index; one like it exists under the name {', '.join(twins)}" if twins else "no such index"
        yield Difference(table, f"index {name}", _described(expected), other)
    elif (actual := found[name]) != expected:
        kind = f"index {name}, {_what_differs(expected, actual)}"
        yield Difference(table, kind, _described(expected), _described(actual))


def _what_differs(expected: Index, found: Index) -> str:
    names = [field.name for field in fields(Index) if getattr(expected, field.name) != getattr(found, field.name)]
    if "columns" in names and sorted(expected.columns) == sorted(found.columns):
        names[names.index("columns")] = "order of columns"
    return ", ".join(_PLAIN_WORDS.get(name, name) for name in names)


def _described(index: Index) -> str:
    words = [
        "" if index.valid else "an invalid",
        "" if index.ready else "not ready",
        "unique" if index.unique else "",
        index.method,
        f"index on {_listed(index.columns)}",
        f"including {_listed(index.included)}" if index.included else "",
        f"where {index.predicate}" if index.predicate else "",
    ]
    return " ".join(word for word in words if word)


def _columns(table: str, expected: Table, found: Table) -> Iterator[Difference]:
    for name, column in expected.columns.items():
        actual = found.columns.get(name)
        if actual is None:
            yield Difference(table, f"column {name}", _typed(column), "no such column")
            continue
        if actual.type != column.type:
            yield Difference(table, f"column {name}, type", column.type, actual.type)
        if actual.nullable != column.nullable:
            yield Difference(table, f"column {name}, nullability", _nullability(column), _nullability(actual))
    for name in sorted(set(found.columns) - set(expected.columns)):
        yield Difference(table, f"column {name}", "no such column", _typed(found.columns[name]))


def _foreign_keys(table: str, expected: Table, found: Table) -> Iterator[Difference]:
    missing = [key for key in expected.foreign_keys if key not in found.foreign_keys]
    extra = [key for key in found.foreign_keys if key not in expected.foreign_keys]
    for key in missing:
        same = next((other for other in extra if _key_columns(other) == _key_columns(key)), None)
        if same:
            extra.remove(same)
        yield Difference(table, "foreign key", key, same or "no such foreign key")
    for key in extra:
        yield Difference(table, "foreign key", "no such foreign key", key)


def _key_columns(foreign_key: str) -> str:
    """The referencing columns, as the definition states them."""
    return foreign_key.partition(" REFERENCES ")[0]


def _typed(column: Column) -> str:
    return f"{column.type} {_nullability(column)}"


def _nullability(column: Column) -> str:
    return "NULL" if column.nullable else "NOT NULL"


def _listed(columns: Iterable[str]) -> str:
    return f"({', '.join(columns)})" if columns else "none"
