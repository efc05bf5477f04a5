"""The shape of a database schema, as the contract states it and as the catalogs of a database show it.

The defaults are those of a plain table, column or index.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """A column: its type in PostgreSQL's own spelling (`format_type`), and whether NULLs may stand in it.

    `collation` is "default" for the type's own; `generated` says who fills the column, if not its writer.
    """

    type: str
    nullable: bool
    collation: str = "default"
    generated: str = "a plain column"


@dataclass(frozen=True)
class Index:
    """An index.

    `columns` are the key columns in order; an expression stands as PostgreSQL writes it, and `expression` says so.
    `included` are columns that only ride along. `predicate` is the WHERE of a partial index. `collations`,
    `operator_classes` and `orderings` hold, in PostgreSQL's words, each key column that has not the usual one: the
    column's collation, the type's operator class, ascending with NULLs last.
    """

    columns: tuple[str, ...]
    unique: bool = False
    valid: bool = True
    ready: bool = True
    method: str = "btree"
    predicate: str | None = None
    expression: bool = False
    included: tuple[str, ...] = ()
    collations: tuple[str, ...] = ()
    operator_classes: tuple[str, ...] = ()
    orderings: tuple[str, ...] = ()
    nulls_distinct: bool = True
    deferrable: bool = False


@dataclass(frozen=True)
class Table:
    """A table, or what stands in its place (`kind`).

    Indexes and columns by name, without the index of the primary key; foreign keys, checks (CHECK and exclusion
    constraints), triggers and rules in PostgreSQL's words (`pg_get_constraintdef` and its like), and whether they are
    disabled. `hidden_by` says which tables of the name are found before this one, and by whom.
    """

    columns: Mapping[str, Column]
    primary_key: Index | None = None
    indexes: Mapping[str, Index] = field(default_factory=dict)
    foreign_keys: tuple[str, ...] = ()
    checks: tuple[str, ...] = ()
    kind: str = "an ordinary table"
    persistence: str = "permanent"
    row_security: str = "off"
    triggers: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    hidden_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    """Tables by name; `version_table` is Alembic's own, None when it is missing."""

    tables: Mapping[str, Table]
    version_table: Table | None = None
