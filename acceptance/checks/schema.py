"""What differs between the schema that the contract promises and the one that a database has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

from acceptance.findings import Finding
from acceptance.probes.schema import Column, Index, Schema, Table

_PLAIN_WORDS = {
    "unique": "uniqueness",
    "method": "access method",
    "included": "included columns",
    "collations": "collation",
    "operator_classes": "operator class",
    "orderings": "ordering",
    "nulls_distinct": "distinctness of NULLs",
}
_TABLE_WORDS = {"persistence": "persistence", "row_security": "row level security"}
_COLUMN_WORDS = {"type": "type", "nullable": "nullability", "collation": "collation", "generated": "origin of values"}


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
    """Return what is wrong with tables, primary keys, unique constraints, indexes, row security and triggers.

    Tables that nobody promised are no difference (see `extra_tables`), and indexes neither unless they are unique.
    """
    return tuple(
        difference
        for name, table in expected.tables.items()
        for difference in _structure(name, table, found.tables.get(name))
    )


def column_differences(expected: Schema, found: Schema) -> tuple[Difference, ...]:
    """Return what is wrong with columns, types, nullability and constraints of the tables that are there.

    A table that is missing, or is none but a view or the like, is the concern of `structure_differences`.
    """
    both = [name for name, table in expected.tables.items() if _kind(found.tables.get(name)) == table.kind]
    return tuple(
        difference
        for name in both
        for compare in (_columns, _foreign_keys, _checks)
        for difference in compare(name, expected.tables[name], found.tables[name])
    )


def extra_tables(expected: Schema, found: Schema) -> tuple[str, ...]:
    """Return the tables that the contract does not know; views are none."""
    return tuple(
        sorted(name for name in set(found.tables) - set(expected.tables) if "view" not in _kind(found.tables[name]))
    )


def _kind(table: Table | None) -> str:
    return table.kind if table else "no such table"


def _structure(name: str, expected: Table, found: Table | None) -> Iterator[Difference]:
    if found is None:
        yield Difference(name, "table", "the table", "no such table")
        return
    if found.kind != expected.kind:
        yield Difference(name, "kind", expected.kind, found.kind)
        return
    for field, words in _TABLE_WORDS.items():
        if (actual := getattr(found, field)) != (wanted := getattr(expected, field)):
            yield Difference(name, words, wanted, actual)
    for other in found.hidden_by:
        promised = f"public.{name} wherever its name stands alone"
        yield Difference(name, "search_path", promised, f"another table of that name is found first: {other}")
    yield from _hooks(name, "trigger", expected.triggers, found.triggers)
    yield from _hooks(name, "rule", expected.rules, found.rules)
    yield from _primary_key(name, expected.primary_key, found.primary_key)
    for index_name, index in expected.indexes.items():
        yield from _index(name, index_name, index, found.indexes)
    yield from _surplus(name, expected, found)


def _hooks(table: str, kind: str, expected: Sequence[str], found: Sequence[str]) -> Iterator[Difference]:
    """Compare what refuses or changes the table's rows behind the back of whoever writes them."""
    for one in expected:
        if one not in found:
            yield Difference(table, kind, one, f"no such {kind}")
    for one in found:
        if one not in expected:
            yield Difference(table, kind, f"no such {kind}", one)


def _primary_key(table: str, expected: Index | None, found: Index | None) -> Iterator[Difference]:
    if expected == found:
        return
    wrong = f", {_what_differs(expected, found)}" if expected and found else ""
    wanted, actual = (_described(key) if key else "none" for key in (expected, found))
    yield Difference(table, f"primary key{wrong}", wanted, actual)


def _index(table: str, name: str, expected: Index, found: Mapping[str, Index]) -> Iterator[Difference]:
    if name not in found:
        twins = sorted(other for other, index in found.items() if index == expected)
        other = f"no such index; one like it exists under the name {', '.join(twins)}" if twins else "no such index"
        yield Difference(table, f"index {name}", _described(expected), other)
    elif (actual := found[name]) != expected:
        kind = f"index {name}, {_what_differs(expected, actual)}"
        yield Difference(table, kind, _described(expected), _described(actual))


def _surplus(table: str, expected: Table, found: Table) -> Iterator[Difference]:
    """Surplus unique indexes, which refuse rows unless they hold the primary key; a renamed one is told already."""
    key = set(expected.primary_key.columns if expected.primary_key else ())
    renamed = [index for name, index in expected.indexes.items() if name not in found.indexes]
    for name in sorted(set(found.indexes) - set(expected.indexes)):
        index = found.indexes[name]
        if index.unique and index not in renamed and not (key and key <= set(index.columns)):
            yield Difference(table, f"index {name}", "no such unique index", _described(index))


def _what_differs(expected: Index, found: Index) -> str:
    names = [field.name for field in fields(Index) if getattr(expected, field.name) != getattr(found, field.name)]
    if "columns" in names and sorted(expected.columns) == sorted(found.columns):
        names[names.index("columns")] = "order of columns"
    return ", ".join(_PLAIN_WORDS.get(name, name) for name in names)


def _described(index: Index) -> str:
    special = (*index.collations, *index.operator_classes, *index.orderings)
    words = [
        "" if index.valid else "an invalid",
        "" if index.ready else "not ready",
        "unique" if index.unique else "",
        index.method,
        f"index on {_listed(index.columns)}",
        f"including {_listed(index.included)}" if index.included else "",
        f"where {index.predicate}" if index.predicate else "",
        f"with {', '.join(special)}" if special else "",
        "" if index.nulls_distinct else "nulls not distinct",
        "deferrable" if index.deferrable else "",
    ]
    return " ".join(word for word in words if word)


def _columns(table: str, expected: Table, found: Table) -> Iterator[Difference]:
    for name, column in expected.columns.items():
        actual = found.columns.get(name)
        if actual is None:
            yield Difference(table, f"column {name}", _typed(column), "no such column")
            continue
        for field, words in _COLUMN_WORDS.items():
            if getattr(actual, field) != getattr(column, field):
                yield Difference(table, f"column {name}, {words}", _shown(column, field), _shown(actual, field))
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


def _checks(table: str, expected: Table, found: Table) -> Iterator[Difference]:
    return _hooks(table, "constraint", expected.checks, found.checks)


def _key_columns(foreign_key: str) -> str:
    """The referencing columns, as the definition states them."""
    return foreign_key.partition(" REFERENCES ")[0]


def _typed(column: Column) -> str:
    return f"{column.type} {_nullability(column)}"


def _shown(column: Column, field: str) -> str:
    return _nullability(column) if field == "nullable" else str(getattr(column, field))


def _nullability(column: Column) -> str:
    return "NULL" if column.nullable else "NOT NULL"


def _listed(columns: Iterable[str]) -> str:
    return f"({', '.join(columns)})" if columns else "none"
