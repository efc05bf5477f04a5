"""The contract's database: `schema.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from pydantic import Field

from acceptance.contract.reading import ContractError, Entry, parse, parse_all, read_toml
from acceptance.probes.schema import Column, Index, Schema, Table

Columns = Field(min_length=1)


class _Table(Entry):
    revision: str
    columns: dict[str, str] = Columns
    primary_key: tuple[str, ...] = Columns
    foreign_key: str | None = None
    triggers: tuple[str, ...] = ()
    unique_indexes: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    indexes: dict[str, tuple[str, ...]] = Field(default_factory=dict)

    def table(self) -> Table:
        """Return it in the shape that a database shows."""
        unique = {name: Index(columns, unique=True) for name, columns in self.unique_indexes.items()}
        plain = {name: Index(columns) for name, columns in self.indexes.items()}
        return Table(
            columns={name: Column(text.removesuffix("?"), text.endswith("?")) for name, text in self.columns.items()},
            primary_key=Index(self.primary_key, unique=True),
            indexes=unique | plain,
            foreign_keys=(self.foreign_key,) if self.foreign_key else (),
            triggers=self.triggers,
        )


class _Chain(Entry):
    head: str = Field(min_length=1)
    revisions: tuple[str, ...] = Field(min_length=1)


@dataclass(frozen=True)
class DatabaseContract:
    """What the head revision leaves behind.

    `revisions` is the chain, oldest first; `tables_of` names the tables that each revision creates.
    """

    head: str
    revisions: tuple[str, ...]
    schema: Schema
    tables_of: Mapping[str, tuple[str, ...]]


def read_database_contract(path: Path) -> DatabaseContract:
    """Read `schema.toml`.

    Raises:
        ContractError: it is broken, names no table, or its parts contradict each other.
    """
    data = read_toml(path)
    tables = parse_all(path, _Table, data.pop("tables", None), "tables")
    chain = parse(path, _Chain, data)
    if chain.head not in chain.revisions:
        raise ContractError(f"{path.name}: head: expected one of revisions ({', '.join(chain.revisions)})")
    for name, table in tables.items():
        _refuse_contradictions(path, name, table, chain)
    made = {r: tuple(name for name, t in tables.items() if t.revision == r) for r in chain.revisions}
    return DatabaseContract(chain.head, chain.revisions, Schema({name: t.table() for name, t in tables.items()}), made)


def _refuse_contradictions(path: Path, name: str, table: _Table, chain: _Chain) -> None:
    if table.revision not in chain.revisions:
        raise ContractError(f"{path.name}: tables.{name}.revision: {table.revision!r} is not in revisions")
    keys = {"primary_key": table.primary_key} | table.unique_indexes | table.indexes
    for key, columns in keys.items():
        missing = [column for column in columns if column not in table.columns]
        if missing or not columns:
            wrong = f"names {', '.join(missing)}" if missing else "names no column"
            raise ContractError(f"{path.name}: tables.{name}: {key} {wrong}; expected columns of the table")
