"""Random edits of the schema, made on the real server: each is found and named, and what harms nothing is not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg import sql
from psycopg.rows import namedtuple_row

from acceptance.checks.schema import column_differences, extra_tables, structure_differences
from acceptance.contract import Contract
from acceptance.probes.catalogs import read_schema
from acceptance.probes.schema import Schema
from proof.platform.background import Running

PROMISED = Contract().schema


@dataclass(frozen=True)
class Edit:
    """Statements on one table, and the words that a difference of that table must hold.

    In the statements stand `{table}` and `{name}` of what is edited, and both as strings: `{table_text}`, `{text}`.
    """

    table: str
    name: str
    statements: LiteralString
    words: str

    def composed(self) -> sql.Composed:
        """The statements with their names."""
        names = {"table": sql.Identifier(self.table), "name": sql.Identifier(self.name)}
        strings = {"table_text": sql.Literal(self.table), "text": sql.Literal(self.name)}
        return sql.SQL(self.statements).format(**names, **strings)


TABLE_WAYS: Sequence[tuple[LiteralString, str]] = (
    ("DROP TABLE {table} CASCADE", "no such table"),
    ("ALTER TABLE {table} RENAME TO surplus", "no such table"),
    ("ALTER TABLE {table} SET SCHEMA elsewhere", "no such table"),
    ("CREATE TABLE ecomdash.{table} ()", "is found first: ecomdash."),
    ("ALTER TABLE {table} RENAME TO behind; CREATE VIEW {table} AS SELECT * FROM behind", "a view"),
    ("ALTER TABLE {table} ENABLE ROW LEVEL SECURITY", "row level security"),
    ("CREATE RULE forget AS ON DELETE TO {table} DO INSTEAD NOTHING", "CREATE RULE forget"),
    ("CREATE UNIQUE INDEX surplus ON {table} ((1))", "index surplus"),
    ("ALTER TABLE {table} DROP CONSTRAINT {name} CASCADE", "primary key"),
    ("ALTER TABLE {table} ADD CHECK (false)", "CHECK (false)"),
    ("ALTER TABLE {table} ADD EXCLUDE ((1) WITH =)", "EXCLUDE USING btree"),
    ("ALTER TABLE {table} ADD COLUMN surplus int", "column surplus"),
)
INDEX_WAYS: Sequence[LiteralString] = (
    "DROP INDEX {name}",
    "ALTER INDEX {name} RENAME TO surplus",
    "DROP INDEX {name}; CREATE INDEX {name} ON {table} USING hash (id)",
    "DROP INDEX {name}; CREATE INDEX {name} ON {table} (id DESC)",
    "DROP INDEX {name}; CREATE INDEX {name} ON {table} ((1))",
    "UPDATE pg_index SET indisvalid = false WHERE indexrelid = {text}::regclass",
    "UPDATE pg_index SET indisunique = NOT indisunique WHERE indexrelid = {text}::regclass",
)
COLUMN_WAYS: Sequence[LiteralString] = (
    "ALTER TABLE {table} DROP COLUMN {name} CASCADE",
    "ALTER TABLE {table} RENAME COLUMN {name} TO surplus",
    "ALTER TABLE {table} DROP COLUMN {name} CASCADE, ADD COLUMN {name} char(7)",
    "ALTER TABLE {table} DROP COLUMN {name} CASCADE, ADD COLUMN {name} char(7) GENERATED ALWAYS AS ('a') STORED",
    "UPDATE pg_attribute SET attnotnull = NOT attnotnull WHERE attrelid = {table_text}::regclass AND attname = {text}",
)
FOREIGN_KEY_WAYS: Sequence[tuple[LiteralString, str]] = (
    ("ALTER TABLE {table} DROP CONSTRAINT {name}", "no such foreign key"),
    ("ALTER TABLE {table} ALTER CONSTRAINT {name} NOT ENFORCED", "NOT ENFORCED"),
    ("ALTER TABLE {table} ALTER CONSTRAINT {name} DEFERRABLE", "DEFERRABLE"),
    ("ALTER TABLE {table} DISABLE TRIGGER ALL", "disabled by its triggers"),
    ("UPDATE pg_constraint SET convalidated = false WHERE conname = {text}", "NOT VALID"),
)
HARMLESS_WAYS: Sequence[LiteralString] = (
    "CREATE INDEX surplus ON {table} ((1))",
    "CREATE UNIQUE INDEX surplus ON {table} (id, {name})",
    "CREATE VIEW surplus AS SELECT {name} FROM {table}",
    "ALTER TABLE {table} ALTER COLUMN {name} DROP DEFAULT",
    "ALTER TABLE {table} ALTER COLUMN {name} SET STATISTICS 7",
    "ALTER TABLE {table} SET (fillfactor = 70)",
    "COMMENT ON TABLE {table} IS 'surplus'",
    "GRANT SELECT ON {table} TO PUBLIC",
    "CREATE TABLE elsewhere.{table} ()",
)
TABLES = sorted(PROMISED.tables)
INDEXES = [(table, name) for table in TABLES for name in PROMISED.tables[table].indexes]
COLUMNS = [(table, name) for table in TABLES for name in PROMISED.tables[table].columns]
FOREIGN_KEYS = [
    (table, f"{table}_{key[key.index('(') + 1 : key.index(')')]}_fkey")
    for table in TABLES
    for key in PROMISED.tables[table].foreign_keys
]


@st.composite
def edits(draw: st.DrawFn) -> Edit:
    """An edit of a table, an index, a column or a foreign key that is a difference."""
    kind = draw(st.sampled_from(["table", "index", "column", "foreign key"]))
    if kind == "table":
        name = draw(st.sampled_from(TABLES))
        statements, words = draw(st.sampled_from(TABLE_WAYS))
        return Edit(name, f"{name}_pkey", statements, words)
    if kind == "foreign key":
        table, name = draw(st.sampled_from(FOREIGN_KEYS))
        statements, words = draw(st.sampled_from(FOREIGN_KEY_WAYS))
        return Edit(table, name, statements, words)
    table, name = draw(st.sampled_from(INDEXES if kind == "index" else COLUMNS))
    return Edit(table, name, draw(st.sampled_from(INDEX_WAYS if kind == "index" else COLUMN_WAYS)), f"{kind} {name}")


@st.composite
def harmless_edits(draw: st.DrawFn) -> Edit:
    """An edit that takes nothing from what was promised, and refuses nothing."""
    table, name = draw(st.sampled_from(COLUMNS))
    return Edit(table, name, draw(st.sampled_from(HARMLESS_WAYS)), "")


def edited(up: Running, edit: Edit) -> Schema:
    """Return what the catalogs show after the edit, in a transaction that is then undone."""
    connection: psycopg.Connection[Any] = psycopg.connect(
        up.deployment.postgres.admin_dsn("ecomdash"), row_factory=namedtuple_row
    )
    with connection, connection.transaction(force_rollback=True):
        connection.execute("SET LOCAL search_path = public; CREATE SCHEMA elsewhere")
        connection.execute("CREATE SCHEMA ecomdash AUTHORIZATION ecomdash")
        connection.execute(edit.composed())
        return read_schema(connection)


@given(edits())
@settings(max_examples=25, deadline=None)
def test_each_edit_is_found_and_named(booted: Running, edit: Edit) -> None:
    """Whatever is dropped, renamed, moved, changed or added: a difference of its table holds its name."""
    found = edited(booted, edit)
    differences = [*structure_differences(PROMISED, found), *column_differences(PROMISED, found)]
    named = [
        difference for difference in differences if difference.table == edit.table and edit.words in str(difference)
    ]
    assert named, differences


@given(harmless_edits())
@settings(max_examples=25, deadline=None)
def test_what_harms_nothing_is_no_difference(booted: Running, edit: Edit) -> None:
    """Indexes for speed, views, defaults, statistics, comments, privileges, and tables elsewhere."""
    found = edited(booted, edit)
    assert structure_differences(PROMISED, found) + column_differences(PROMISED, found) == ()
    assert extra_tables(PROMISED, found) == ("alembic_version",)
