"""The data stores: real, as the plan sets them, reset and restarted; and what is measured and logged of all."""

import asyncio
import gc
import warnings
from contextlib import suppress

import psycopg
import pytest

from proof.platform.background import Running
from proof.waiting import wait_for


def test_the_database_is_what_the_plan_wants(booted: Running) -> None:
    """PostgreSQL 18 with a password, its role no superuser, owner of a migrated database."""
    rows = booted.do(
        booted.deployment.postgres.execute(
            "SELECT current_setting('server_version_num')::int / 10000, rolsuper, version_num,"
            " pg_get_userbyid(datdba) = current_user"
            " FROM pg_roles, alembic_version, pg_database"
            " WHERE rolname = current_user AND datname = current_database()"
        )
    )
    assert rows == [(18, False, "002", True)]


def test_a_wrong_password_is_refused(booted: Running) -> None:
    """Nobody gets in without the password."""
    wrong = booted.deployment.postgres.dsn.replace("ecomdash:", "ecomdash:not-", 1)
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(wrong)


def test_reset_recreates_the_database_under_the_application(up: Running) -> None:
    """Whatever was done to the database is undone, and the application goes on without a restart."""
    instance = up.deployment.api.instances[0].id
    up.do(up.deployment.postgres.execute("CREATE TABLE stray (id int); DROP TABLE alembic_version"))
    up.do(up.deployment.postgres.reset())
    names = up.do(up.deployment.postgres.execute("SELECT to_regclass('stray'), to_regclass('alembic_version')::text"))
    assert names == [(None, "alembic_version")]
    assert up.edge.get("/api/v1/analytics/realtime").status_code == 200
    assert up.deployment.api.instances[0].id == instance


def test_a_scratch_database_can_be_made(up: Running) -> None:
    """The application's role may create databases, from the default template and from the empty one."""
    for ending in ("", " TEMPLATE template0"):
        up.do(up.deployment.postgres.execute(f"CREATE DATABASE scratch{ending}"))
        up.do(up.deployment.postgres.execute("DROP DATABASE scratch"))


def test_the_store_is_what_the_plan_wants(booted: Running) -> None:
    """Valkey asks for its password, has 25 MB, evicts the least recently used key and keeps nothing on disk."""
    settings = booted.do(booted.deployment.valkey.execute("CONFIG", "GET", "*"))
    assert isinstance(settings, dict)
    wanted = {"maxmemory": "26214400", "maxmemory-policy": "allkeys-lru", "save": "", "appendonly": "no"}
    assert {name: settings[name] for name in wanted} == wanted
    assert settings["requirepass"]


def test_reset_empties_the_store(up: Running) -> None:
    """Keys are gone and the policy is the plan's again."""
    store = up.deployment.valkey
    up.do(store.execute("SET", "stray", "1"))
    up.do(store.execute("CONFIG", "SET", "maxmemory-policy", "noeviction"))
    up.do(store.reset())
    assert up.do(store.execute("DBSIZE")) == 0
    assert up.do(store.execute("CONFIG", "GET", "maxmemory-policy")) == {"maxmemory-policy": "allkeys-lru"}


def test_the_provider_tells_the_real_policy(up: Running) -> None:
    """What Valkey itself evicts by is what the provider reports, alone and in the list."""
    store = up.deployment.workspace.stores[0].id

    def told() -> set[str]:
        alone = up.provider.get(f"/key-value/{store}").json()
        listed = up.provider.get("/key-value").json()[0]["keyValue"]
        return {each["options"]["maxmemoryPolicy"] for each in (alone, listed)}

    before = told()
    up.do(up.deployment.valkey.execute("CONFIG", "SET", "maxmemory-policy", "volatile-ttl"))
    assert (before, told()) == ({"allkeys_lru"}, {"volatile_ttl"})


def test_a_stopped_store_is_told_and_healed(up: Running) -> None:
    """The provider reports what really runs; healing starts it again."""
    up.do(up.deployment.postgres.stop())
    up.do(up.deployment.valkey.stop())
    database = up.provider.get(f"/postgres/{up.deployment.workspace.databases[0].id}").json()
    store = up.provider.get(f"/key-value/{up.deployment.workspace.stores[0].id}").json()
    sick = up.edge.get("/health/ready").status_code
    up.do(up.deployment.heal())
    healed = up.provider.get("/postgres").json()[0]["postgres"]["status"]
    assert (database["status"], store["status"], sick) == ("unavailable", "unavailable", 503)
    assert (healed, up.edge.get("/health/ready").status_code) == ("available", 200)


def test_the_lines_of_all_processes_are_kept(booted: Running) -> None:
    """What a request makes the application print can be read through the provider's API, with its level."""
    booted.edge.get("/health", headers={"X-Request-ID": "a-line-to-find"})
    query = {
        "ownerId": booted.deployment.workspace.owner.id,
        "resource": booted.deployment.api.id,
        "text": "a-line-to-find",
    }
    wait_for(lambda: bool(booted.provider.get("/logs", params=query).json()["logs"]), "the line is there")
    line = booted.provider.get("/logs", params=query).json()["logs"][0]
    labels = {label["name"]: label["value"] for label in line["labels"]}
    assert labels["level"] == "info"
    assert labels["instance"] == booted.deployment.api.instances[0].id
    assert booted.deployment._journal.lines(booted.deployment.workspace.databases[0].id)


@pytest.mark.parametrize(
    ("metric", "least", "most"),
    [
        ("cpu", 0.0, 2.0),
        ("cpu-limit", 0.5, 0.5),
        ("memory", 30e6, 400e6),
        ("memory-limit", 536870912, 536870912),
        ("instance-count", 1, 1),
        ("http-requests", 1, 100),
        ("http-latency", 0.1, 5000),
    ],
)
def test_the_processes_are_measured(booted: Running, metric: str, least: float, most: float) -> None:
    """Every metric of the api comes from what its process does, in the unit that the provider names."""
    booted.edge.get("/health")
    query = {"resource": booted.deployment.api.id}
    wait_for(lambda: bool(booted.provider.get(f"/metrics/{metric}", params=query).json()), "there is a value")
    series = booted.provider.get(f"/metrics/{metric}", params=query).json()
    values = [value["value"] for each in series for value in each["values"]]
    assert least <= min(values) <= max(values) <= most


def test_the_databases_connections_are_measured(booted: Running) -> None:
    """The application's sessions are counted as PostgreSQL counts them."""
    booted.edge.get("/health")
    query = {"resource": booted.deployment.workspace.databases[0].id}

    def counted() -> bool:
        series = booted.provider.get("/metrics/active-connections", params=query).json()
        return any(value["value"] >= 1 for each in series for value in each["values"])

    wait_for(counted, "a session is counted")


def test_a_count_cut_short_leaves_no_session_open(booted: Running) -> None:
    """The meter may be stopped at any moment of its counting: its connection is closed all the same."""

    async def cut_short(seconds: float) -> None:
        counting = asyncio.ensure_future(booted.deployment.postgres.sessions())
        await asyncio.sleep(seconds)
        counting.cancel()
        with suppress(asyncio.CancelledError):
            await counting

    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", ResourceWarning)
        for tenth_ms in range(100):
            booted.do(cut_short(tenth_ms / 10_000))
        gc.collect()
    assert [str(each.message) for each in caught] == []
