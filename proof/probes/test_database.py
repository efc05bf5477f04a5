"""The database probe, on the real server: what the catalogs show, and why they could not be read."""

from __future__ import annotations

import pytest

from acceptance.checks.schema import column_differences, structure_differences
from acceptance.contract import Contract
from acceptance.outcomes import Unverified
from acceptance.probes.database import DatabaseReading, connect, may_delete, read_database
from acceptance.probes.schema import Index
from proof.platform.background import Running
from proof.probes.served import free_port, listening, never_answer

CONTRACT = Contract()


def reading(up: Running) -> DatabaseReading:
    """Return what the probe shows now."""
    return read_database(up.deployment.postgres.dsn)


def after(up: Running, statement: str) -> DatabaseReading:
    """Return what the probe shows after a statement."""
    up.do(up.deployment.postgres.execute(statement))
    return reading(up)


def test_the_migrated_database_is_the_contract_s(booted: Running) -> None:
    """Every column, key and index as promised, the revision stamped."""
    found = reading(booted)
    assert found.alembic_versions == ("002",)
    assert structure_differences(CONTRACT.schema, found.schema) == ()
    assert column_differences(CONTRACT.schema, found.schema) == ()


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("DROP INDEX ix_insights_type", "index ix_insights_type"),
        ("ALTER INDEX ix_insights_type RENAME TO ix_other", "index ix_insights_type"),
        ("DROP TABLE heatmap_data", "table"),
        ("ALTER TABLE session_replays DROP CONSTRAINT session_replays_pkey", "primary key"),
    ],
)
def test_a_changed_structure_shows(up: Running, statement: str, where: str) -> None:
    """One change, one difference, none among the columns."""
    found = after(up, statement)
    (difference,) = structure_differences(CONTRACT.schema, found.schema)
    assert difference.kind == where
    assert column_differences(CONTRACT.schema, found.schema) == ()


@pytest.mark.parametrize(
    ("statement", "where"),
    [
        ("ALTER TABLE shops ALTER COLUMN domain TYPE character varying(100)", "column domain, type"),
        ("ALTER TABLE shops ALTER COLUMN scopes DROP NOT NULL", "column scopes, nullability"),
        ("ALTER TABLE shops DROP COLUMN sync_status", "column sync_status"),
        ("ALTER TABLE shops ADD COLUMN surplus int", "column surplus"),
        ("ALTER TABLE products DROP CONSTRAINT products_shop_id_fkey", "foreign key"),
    ],
)
def test_a_changed_column_shows(up: Running, statement: str, where: str) -> None:
    """One change, one difference, none in the structure."""
    found = after(up, statement)
    (difference,) = column_differences(CONTRACT.schema, found.schema)
    assert difference.kind == where
    assert structure_differences(CONTRACT.schema, found.schema) == ()


def test_every_property_of_an_index_shows(up: Running) -> None:
    """Order, uniqueness, method, predicate, expressions, columns that ride along."""
    for statement in (
        'CREATE UNIQUE INDEX one ON analytics_events ("timestamp", id) WHERE event_name IS NOT NULL',
        "CREATE INDEX two ON analytics_events (lower(url), id)",
        "CREATE INDEX three ON analytics_events USING hash (path)",
        "CREATE INDEX four ON analytics_events (id) INCLUDE (path)",
    ):
        up.do(up.deployment.postgres.execute(statement))
    found = reading(up).schema.tables["analytics_events"].indexes
    assert found["one"] == Index(("timestamp", "id"), unique=True, predicate="(event_name IS NOT NULL)")
    assert found["two"] == Index(("lower(url::text)", "id"), expression=True)
    assert found["three"] == Index(("path",), method="hash")
    assert found["four"] == Index(("id",), included=("path",))


def test_an_invalid_index_shows(up: Running) -> None:
    """As one that was built concurrently and failed leaves behind."""
    postgres = up.deployment.postgres
    up.do(postgres.administer("UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix_shops_domain'::regclass"))
    (difference,) = structure_differences(CONTRACT.schema, reading(up).schema)
    assert (difference.kind, difference.found) == (
        "index ix_shops_domain, valid",
        "an invalid unique btree index on (domain)",
    )


@pytest.mark.parametrize(
    ("statement", "versions"),
    [
        ("DROP TABLE alembic_version", None),
        ("DELETE FROM alembic_version", ()),
        ("INSERT INTO alembic_version VALUES ('001')", ("001", "002")),
    ],
)
def test_the_stamp_shows(up: Running, statement: str, versions: tuple[str, ...] | None) -> None:
    """No table, no row, two rows."""
    assert after(up, statement).alembic_versions == versions


def test_tables_of_other_schemas_do_not_count(up: Running) -> None:
    """A table of the right name in the wrong place is not the promised one."""
    up.do(up.deployment.postgres.execute("CREATE SCHEMA old"))
    found = after(up, "ALTER TABLE heatmap_data SET SCHEMA old")
    assert [d.kind for d in structure_differences(CONTRACT.schema, found.schema)] == ["table"]


def test_an_empty_database_shows_as_such(booted: Running) -> None:
    """No table at all."""
    found = read_database(booted.deployment.postgres.dsn_of("template1"))
    assert (dict(found.schema.tables), found.alembic_versions) == ({}, None)


def test_why_it_can_t_be_read_is_said_without_the_password(booted: Running) -> None:
    """Wrong password, no such database or user, nobody there, no such host, no address."""
    dsn = booted.deployment.postgres.dsn
    head, _, place = dsn.rpartition("@")
    word = "secret-0451"
    wrong = {
        f"postgresql://ecomdash:{word}@{place}": "the user name or password is wrong",
        f"postgresql://nobody:{word}@{place}": "the user name or password is wrong",
        f"{head}@{place.partition('/')[0]}/nothing": "there is no database of that name",
        f"postgresql://u:{word}@127.0.0.1:{free_port()}/d": "the connection was refused",
        f"postgresql://u:{word}@nowhere.invalid/d": "its host name can't be resolved",
        f"postgresql://u:{word}/x@h:port/d": "DATABASE_URL",
        f"postgresql://u:[{word}@nowhere.invalid/d": "its host name can't be resolved",
        f"mysql://u:{word}@h/d": "no postgresql:// address",
    }
    for address, words in wrong.items():
        with pytest.raises(Unverified) as caught:
            read_database(address)
        assert words in str(caught.value)
        assert word not in str(caught.value)


def test_a_driver_in_the_scheme_is_no_obstacle(booted: Running) -> None:
    """As SQLAlchemy writes its addresses."""
    dsn = booted.deployment.postgres.dsn.replace("postgresql://", "postgresql+psycopg://")
    assert read_database(dsn).alembic_versions == ("002",)


def test_the_session_can_write_nothing(up: Running) -> None:
    """Read-only by default, and named so that its connections can be told apart."""
    import psycopg

    with connect(up.deployment.postgres.dsn) as connection:
        (row,) = connection.execute("SELECT current_setting('application_name') AS name").fetchall()
        assert row.name == "apex-acceptance"
        with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
            connection.execute("DELETE FROM alembic_version")


def test_what_a_session_writes_is_committed_when_it_may(up: Running) -> None:
    """With the driver in the scheme, the search path pinned, and the time-out that was asked for."""
    dsn = up.deployment.postgres.dsn.replace("postgresql://", "postgresql+psycopg://")
    with connect(f"{dsn}?options=-csearch_path%3Dold", read_only=False, statement_timeout_ms=1_234) as connection:
        connection.execute("INSERT INTO alembic_version VALUES ('001')")
        shown = [connection.execute(f"SHOW {name}").fetchall()[0][0] for name in ("search_path", "statement_timeout")]
    assert shown == ["public", "1234ms"]
    assert read_database(dsn).alembic_versions == ("001", "002")


def test_a_session_gives_up_on_a_server_that_is_gone(booted: Running) -> None:
    """Time-outs for connecting, for silence, and for what is never acknowledged."""
    with connect(booted.deployment.postgres.dsn) as connection:
        found = connection.info.get_parameters()
    wanted = {"connect_timeout": "5", "tcp_user_timeout": "10000", "keepalives": "1", "keepalives_idle": "5"}
    assert {name: found[name] for name in wanted} == wanted


def test_a_server_that_says_nothing_is_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    """It accepts the connection, and that is all."""
    monkeypatch.setattr("acceptance.probes.database.CONNECT_S", 2)
    with listening(never_answer) as place, pytest.raises(Unverified, match="did not answer in time"):
        read_database(f"postgresql://u:secret-0451@{place}/d")


def test_who_may_delete_is_told(up: Running) -> None:
    """All of the tables, by privilege; one that is missing can't be cleaned."""
    postgres = up.deployment.postgres
    tables = ["analytics_events", "analytics_sessions"]
    assert may_delete(postgres.dsn, tables)
    assert not may_delete(postgres.dsn, [*tables, "no_such_table"])
    up.do(postgres.execute("REVOKE DELETE ON analytics_sessions FROM ecomdash"))
    assert not may_delete(postgres.dsn, tables)
    assert may_delete(postgres.dsn, ["analytics_events"])
    assert not may_delete(postgres.dsn, [])
