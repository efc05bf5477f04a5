"""The shape of a database schema, as the contract states it and as the catalogs of a database show it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Column:
    """A column: its type in PostgreSQL's own spelling (`format_type`), and whether it may be NULL."""

    type: str
    nullable: bool


@dataclass(frozen=True)
class Index:
    """An index that does not back the primary key.

    `columns` are the key columns in order; an expression stands as PostgreSQL writes it, and `expression` says so.
    `included` are columns that only ride along. `predicate` is the WHERE of a partial index.
    """

    columns: tuple[str, ...]
    unique: bool = False
    valid: bool = True
    ready: bool = True
    method: str = "btree"
    predicate: str | None = None
    expression: bool = False
    included: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """A table. Indexes and columns by name; foreign keys in PostgreSQL's words (`pg_get_constraintdef`)."""

    columns: Mapping[str, Column]
    primary_key: tuple[str, ...] = ()
    indexes: Mapping[str, Index] = field(default_factory=dict)
    foreign_keys: tuple[str, ...] = ()


@dataclass(frozen=True)
class Schema:
    """Tables by name."""

    tables: Mapping[str, Table]
