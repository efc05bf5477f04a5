"""Which addresses name the same server: by default ports, the provider's two forms, and what a query overrides."""

from __future__ import annotations

import pytest

from acceptance.checks.addresses import same_database, same_store

NO_ADDRESS = "no address (special characters in a password must be percent-encoded)"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("postgresql://u@db.test/d", "postgres://u:word@DB.test:5432/d/"),
        ("postgresql://u@db.test/d%20e", "postgresql://u@db.test/d e"),
        ("postgresql://u%2Bv@db.test/d", "postgresql://u+v@db.test/d"),
        ("postgresql://u@[::1]:5433/d", "postgresql://u@127.0.0.9:5433/d"),
        ("postgresql://u@dpg-1-a:5432/d", "postgresql://u@dpg-1-a.oregon-postgres.render.com:6543/d"),
        ("postgresql://u@db.test/d?options=a&dbname=x", "postgresql://u@db.test/d?dbname=x&sslmode=require&options=a"),
        ("postgresql:///d", "postgresql://:5432/d"),
        ("postgresql://db.test", "postgresql://db.test:5432/"),
    ],
)
def test_one_database_has_many_addresses(one: str, other: str) -> None:
    """What a driver takes to be the same."""
    assert same_database(one, other)
    assert same_database(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("postgresql://u@db.test/d", "postgresql://u@db.test:5433/d"),
        ("postgresql://u@db.test/d", "postgresql://u@db2.test/d"),
        ("postgresql://u@db.test/d", "postgresql://u@localhost/d"),
        ("postgresql://u@localhost/d", "postgresql://u@10.0.0.1/d"),
        ("postgresql://u@db.test/d", "postgresql://u@db.test/D"),
        ("postgresql://u@db.test/XdX", "postgresql://u@db.test/d"),
        ("postgresql://u@db.test/d", "postgresql://U@db.test/d"),
        ("postgresql://u@db.test/d", "postgresql://db.test/d"),
        ("postgresql://u@db.test", "postgresql://u@db.test/d"),
        ("postgresql://XXXX@db.test/d", "postgresql://db.test/d"),
        ("postgresql://u@xxxx/d", "postgresql://u@/d"),
        ("postgresql://u@dpg-1-a/d", "postgresql://u@dpg-2-a/d"),
        ("postgresql://u@dpg-1-a.oregon.test/d", "postgresql://u@dpg-1-a/e"),
        *[
            ("postgresql://u@db.test/d", f"postgresql://u@db.test/d?{name}=x")
            for name in ("host", "hostaddr", "port", "dbname", "user", "service", "options")
        ],
    ],
)
def test_two_databases_are_told_apart(one: str, other: str) -> None:
    """By server, port, name, user, and whatever the query puts in their place."""
    assert not same_database(one, other)
    assert not same_database(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("redis://cache.test", "rediss://:word@CACHE.test:6379/0"),
        ("redis://cache.test/", "redis://cache.test/0/"),
        ("redis://u@[::1]", "redis://localhost:6379"),
        ("redis://red-1", "redis://red-1.oregon.test:7000"),
        ("redis://red-1/2", "rediss://red-1:word@oregon-keyvalue.render.com/2"),
        ("rediss://red%2D1:word@oregon-keyvalue.render.com", "rediss://red-1@ohio-keyvalue.render.com:6380"),
    ],
)
def test_one_store_has_many_addresses(one: str, other: str) -> None:
    """The user is none of its parts, but where the provider puts the internal name there."""
    assert same_store(one, other)
    assert same_store(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("redis://cache.test", "redis://cache.test:6380"),
        ("redis://cache.test", "redis://cache.test/1"),
        ("redis://cache.test/X1X", "redis://cache.test/1"),
        ("redis://cache.test", "redis://other.test"),
        ("redis://cache.test", "redis://localhost"),
        ("redis://xxxx", "redis://"),
        ("redis://red-1", "redis://red-2"),
        ("redis://red-1", "rediss://red-1x:word@oregon-keyvalue.render.com"),
    ],
)
def test_two_stores_are_told_apart(one: str, other: str) -> None:
    """By server, port and number."""
    assert not same_store(one, other)
    assert not same_store(other, one)


@pytest.mark.parametrize("same", [same_database, same_store])
@pytest.mark.parametrize("broken", ["x://u:p[w@h/d", "x://h:port/d", "x://h:99999/d"])
def test_what_is_no_address_is_an_error_without_a_piece_of_it(same: object, broken: str) -> None:
    """On either side."""
    assert callable(same)
    for pair in ((broken, "x://h/d"), ("x://h/d", broken)):
        with pytest.raises(ValueError, match=r"^no address") as caught:
            same(*pair)
        assert str(caught.value) == NO_ADDRESS
