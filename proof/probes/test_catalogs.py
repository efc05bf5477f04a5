"""The catalogs, on the real server: what makes a table, an index, a column or a key other than it seems."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from psycopg.conninfo import conninfo_to_dict

from acceptance.checks.schema import Difference, column_differences, extra_tables, structure_differences
from acceptance.contract import Contract
from acceptance.probes.database import read_database
from acceptance.probes.schema import Schema
from proof.platform.background import Running

CONTRACT = Contract()
ORDERS_KEY = "FOREIGN KEY (shop_id) REFERENCES shops(id) ON DELETE CASCADE"
FORGET = "CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'"
TRIGGER = "CREATE TRIGGER lost BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION forget()"
ANOTHER = "another table of that name is found first: "
VIEW = "CREATE VIEW heatmap_data AS SELECT * FROM behind"
BEHIND = "ALTER TABLE heatmap_data RENAME TO behind"
INDEX_OF_KEY = "WHERE indexrelid = 'shops_pkey'::regclass"


def after(up: Running, *statements: str) -> Schema:
    """Return what the catalogs show after statements of the superuser."""
    for statement in statements:
        up.do(up.deployment.postgres.administer(statement))
    return read_database(up.deployment.postgres.dsn).schema


def structure(schema: Schema) -> Sequence[Difference]:
    """Return what is wrong with the structure."""
    return structure_differences(CONTRACT.schema, schema)


def columns(schema: Schema) -> Sequence[Difference]:
    """Return what is wrong with the columns."""
    return column_differences(CONTRACT.schema, schema)


@pytest.mark.parametrize(
    ("change", "kind", "found"),
    [
        ("SET indisvalid = false", "primary key, valid", "an invalid unique btree index on (id)"),
        ("SET indisready = false", "primary key, ready", "not ready unique btree index on (id)"),
        ("SET indimmediate = false", "primary key, deferrable", "unique btree index on (id) deferrable"),
    ],
)
def test_a_primary_key_that_does_not_serve_shows(up: Running, change: str, kind: str, found: str) -> None:
    """Its constraint stands, its index does not work."""
    (difference,) = structure(after(up, f"UPDATE pg_index {change} {INDEX_OF_KEY}"))
    assert (difference.table, difference.kind, difference.found) == ("shops", kind, found)


@pytest.mark.parametrize(
    ("definition", "kind", "found"),
    [
        ('(domain COLLATE "C")', "collation", 'on (domain) with domain COLLATE "C"'),
        ("(domain varchar_pattern_ops)", "operator class", "on (domain) with domain varchar_pattern_ops"),
        ("(domain DESC)", "ordering", "on (domain) with domain DESC"),
        ("(domain NULLS FIRST)", "ordering", "on (domain) with domain NULLS FIRST"),
        ("(domain DESC NULLS LAST)", "ordering", "on (domain) with domain DESC NULLS LAST"),
        ("(domain) NULLS NOT DISTINCT", "distinctness of NULLs", "on (domain) nulls not distinct"),
    ],
)
def test_an_index_of_another_make_shows(up: Running, definition: str, kind: str, found: str) -> None:
    """Its name and columns are right, and ordinary comparisons or sorts can't use it."""
    make = f"CREATE UNIQUE INDEX ix_shops_domain ON shops {definition}"
    schema = after(up, "DROP INDEX ix_shops_domain", make)
    (difference,) = structure(schema)
    assert (difference.table, difference.kind) == ("shops", f"index ix_shops_domain, {kind}")
    assert difference.found == f"unique btree index {found}"
    assert columns(schema) == ()


def test_the_second_column_of_an_index_counts_as_well(up: Running) -> None:
    """Each difference is said with its column."""
    make = 'CREATE INDEX idx_events_timestamp_path ON analytics_events ("timestamp" DESC, path text_pattern_ops)'
    (difference,) = structure(after(up, "DROP INDEX idx_events_timestamp_path", make))
    assert difference.kind == "index idx_events_timestamp_path, operator class, ordering"
    assert difference.found.endswith("on (timestamp, path) with path text_pattern_ops, timestamp DESC")


@pytest.mark.parametrize(
    ("statements", "kind", "found"),
    [
        (["ALTER TABLE heatmap_data SET UNLOGGED"], "persistence", "unlogged"),
        (["ALTER TABLE heatmap_data ENABLE ROW LEVEL SECURITY"], "row level security", "enabled"),
        (["ALTER TABLE heatmap_data FORCE ROW LEVEL SECURITY"], "row level security", "forced"),
        ([BEHIND, VIEW], "kind", "a view"),
        ([BEHIND, VIEW.replace("VIEW", "MATERIALIZED VIEW")], "kind", "a materialized view"),
        (
            [BEHIND, "CREATE TABLE heatmap_data (LIKE behind) PARTITION BY RANGE (created_at)"],
            "kind",
            "a partitioned table",
        ),
        (
            [
                BEHIND,
                "CREATE FOREIGN DATA WRAPPER nothing",
                "CREATE SERVER away FOREIGN DATA WRAPPER nothing",
                "CREATE FOREIGN TABLE heatmap_data (id uuid) SERVER away",
            ],
            "kind",
            "a foreign table",
        ),
        (
            ["CREATE RULE gone AS ON INSERT TO heatmap_data DO INSTEAD NOTHING"],
            "rule",
            "CREATE RULE gone AS\n    ON INSERT TO heatmap_data DO INSTEAD NOTHING;",
        ),
    ],
)
def test_a_table_that_is_no_plain_one_shows(up: Running, statements: list[str], kind: str, found: str) -> None:
    """Its name is right, and its rows are lost in a crash, hidden, elsewhere or never stored."""
    schema = after(up, *statements)
    (difference,) = structure(schema)
    assert (difference.table, difference.kind, difference.found) == ("heatmap_data", kind, found)
    assert columns(schema) == ()


def test_a_trigger_shows(up: Running) -> None:
    """It may drop each row that is written; one that is disabled is told as such."""
    (difference,) = structure(after(up, FORGET, TRIGGER))
    assert (difference.table, difference.kind, difference.expected) == ("orders", "trigger", "no such trigger")
    assert difference.found == TRIGGER
    (difference,) = structure(after(up, "ALTER TABLE orders DISABLE TRIGGER lost"))
    assert difference.found == f"{TRIGGER}, disabled"


@pytest.mark.parametrize(
    ("statements", "suffix"),
    [
        (["ALTER TABLE orders DISABLE TRIGGER ALL"], ", disabled by its triggers"),
        (["UPDATE pg_trigger SET tgenabled = 'R' WHERE tgrelid = 'orders'::regclass"], ", disabled by its triggers"),
        (["UPDATE pg_constraint SET convalidated = false WHERE conname = 'orders_shop_id_fkey'"], " NOT VALID"),
        (["ALTER TABLE orders ALTER CONSTRAINT orders_shop_id_fkey NOT ENFORCED"], " NOT ENFORCED"),
    ],
)
def test_a_foreign_key_that_checks_nothing_shows(up: Running, statements: list[str], suffix: str) -> None:
    """It stands in the catalogs, and orders may belong to no shop."""
    schema = after(up, *statements)
    (difference,) = columns(schema)
    assert (difference.table, difference.expected) == ("orders", ORDERS_KEY)
    assert difference.found == ORDERS_KEY + suffix
    assert structure(schema) == ()


def test_a_referenced_table_without_its_triggers_shows(up: Running) -> None:
    """A shop may go and leave behind what refers to it: each key to it is named."""
    schema = after(up, "ALTER TABLE shops DISABLE TRIGGER ALL")
    referring = {
        name for name, table in CONTRACT.schema.tables.items() if "REFERENCES shops" in str(table.foreign_keys)
    }
    assert {difference.table for difference in columns(schema)} == referring


@pytest.mark.parametrize(
    ("schema", "settings", "path"),
    [
        ("ecomdash", [], '"$user", public'),
        ('"a, ""b"', ['ALTER DATABASE ecomdash SET search_path = "a, ""b", public'], '"a, ""b", public'),
        (
            "other",
            [
                "ALTER DATABASE ecomdash SET search_path = public, other",
                "ALTER ROLE ecomdash IN DATABASE ecomdash SET search_path = nowhere, other, public",
            ],
            "nowhere, other, public",
        ),
    ],
)
def test_a_table_that_is_found_first_shows(up: Running, schema: str, settings: list[str], path: str) -> None:
    """By a schema named like the role, the database's setting, and the role's, which goes before it."""
    made = (f"CREATE SCHEMA {schema} AUTHORIZATION ecomdash", f"CREATE TABLE {schema}.orders ()")
    found = after(up, *made, *settings)
    (difference,) = structure(found)
    assert (difference.table, difference.kind) == ("orders", "search_path")
    assert difference.found == f"{ANOTHER}{schema}.orders (role ecomdash, search_path {path})"
    assert columns(found) == ()


def test_the_path_of_the_tables_owner_counts_for_another_reader(up: Running) -> None:
    """The gate may read as a role of its own; the application's finds another table."""
    made = ("CREATE SCHEMA ecomdash AUTHORIZATION ecomdash", "CREATE VIEW ecomdash.orders AS SELECT 1 AS id")
    after(up, *made)
    place = conninfo_to_dict(up.deployment.postgres.admin_dsn())
    reader = f"postgresql://{place['user']}@/ecomdash?host={place['host']}&port={place['port']}"
    (difference,) = structure(read_database(reader).schema)
    assert difference.found == f'{ANOTHER}ecomdash.orders (role ecomdash, search_path "$user", public)'


@pytest.mark.parametrize(
    "statements",
    [
        ["CREATE SCHEMA other AUTHORIZATION ecomdash", "ALTER DATABASE ecomdash SET search_path = public, other"],
        ["CREATE SCHEMA other", "ALTER DATABASE ecomdash SET search_path = other, public"],
        ["CREATE SCHEMA other AUTHORIZATION ecomdash"],
    ],
)
def test_a_table_that_is_not_found_first_is_no_difference(up: Running, statements: list[str]) -> None:
    """Later on the path, in a schema that the role may not use, or on no path."""
    assert structure(after(up, *statements, "CREATE TABLE other.orders ()")) == ()


@pytest.mark.parametrize(
    ("change", "kind", "found"),
    [
        (
            "heatmap_data ALTER COLUMN viewport_width ADD GENERATED BY DEFAULT AS IDENTITY",
            "column viewport_width, origin of values",
            "an identity column",
        ),
        (
            "shops DROP COLUMN sync_status, ADD COLUMN sync_status varchar(50) GENERATED ALWAYS AS ('done') STORED",
            "column sync_status, origin of values",
            "a generated column",
        ),
        (
            "shops DROP COLUMN sync_status, ADD COLUMN sync_status varchar(50) GENERATED ALWAYS AS ('done') VIRTUAL",
            "column sync_status, origin of values",
            "a generated column",
        ),
        ('shops ALTER COLUMN scopes TYPE text COLLATE "C"', "column scopes, collation", "C"),
        (
            "shops ALTER COLUMN scopes DROP NOT NULL, ADD CONSTRAINT later NOT NULL scopes NOT VALID",
            "column scopes, nullability",
            "NULL",
        ),
    ],
)
def test_a_column_that_is_no_plain_one_shows(up: Running, change: str, kind: str, found: str) -> None:
    """Its name and type are right; what the application writes is refused, or sorts otherwise, or may be NULL."""
    schema = after(up, f"ALTER TABLE {change}")
    (difference,) = columns(schema)
    assert (difference.kind, difference.found) == (kind, found)
    assert structure(schema) == ()


def test_a_surplus_view_is_no_table(up: Running) -> None:
    """An extension's views are nobody's concern; a partitioned table is."""
    schema = after(up, "CREATE VIEW seen AS SELECT 1 AS one", "CREATE TABLE parts (id int) PARTITION BY HASH (id)")
    assert extra_tables(CONTRACT.schema, schema) == ("parts",)


def test_a_default_is_no_difference(up: Running) -> None:
    """Where values come from when nobody gives them is free."""
    assert columns(after(up, "ALTER TABLE shops ALTER COLUMN sync_status SET DEFAULT 'done'")) == ()
