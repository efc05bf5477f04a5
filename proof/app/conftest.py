"""One PostgreSQL, one Valkey and one application for all tests here; each test brings sessions of its own."""

import asyncio
import socket
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from proof.app.serving import Application, running, variables
from reference.cluster import prepared
from reference.postgres import Postgres
from reference.valkey import Valkey
from reference.world import World

Serve = Callable[..., AbstractContextManager[Application]]


@dataclass(frozen=True)
class Servers:
    """Where the real servers answer, and the loop that their processes belong to."""

    runner: asyncio.Runner
    postgres: Postgres
    valkey: Valkey


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """Real servers, the database migrated."""
    world = World()
    postgres, valkey = Postgres(world, partial(prepared, world)), Valkey(world)
    with asyncio.Runner() as runner:
        try:
            runner.run(_start(postgres, valkey))
            yield Servers(runner, postgres, valkey)
        finally:
            runner.run(_stop(postgres, valkey))
            world.close()


async def _start(postgres: Postgres, valkey: Valkey) -> None:
    await postgres.start()
    await valkey.start()


async def _stop(postgres: Postgres, valkey: Valkey) -> None:
    await postgres.stop(clean=False)
    await valkey.stop()
    postgres.close()
    valkey.close()


@pytest.fixture(scope="session")
def serve(servers: Servers, tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Starts further applications, each with its own changes of the environment."""

    def start(**changes: str) -> AbstractContextManager[Application]:
        env = variables(servers.postgres.dsn, servers.valkey.url, **changes)
        return running(env, tmp_path_factory.mktemp("application"), _free_port())

    return start


@pytest.fixture(scope="session")
def application(serve: Serve) -> Iterator[Application]:
    """The application, its rate limit out of the way."""
    with serve() as started:
        yield started


@pytest.fixture
def database(servers: Servers) -> Iterator[psycopg.Connection[DictRow]]:
    """A connection to the application's database; rows come as dictionaries."""
    with psycopg.connect(servers.postgres.dsn, autocommit=True, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture
def empty_database(servers: Servers) -> Iterator[str]:
    """The address of a database that holds nothing yet."""
    name = f"scratch_{uuid4().hex}"
    with psycopg.connect(servers.postgres.dsn, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield servers.postgres.dsn_of(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def prefix() -> str:
    """What makes this test's sessions and visitors its own."""
    return f"proof-{uuid4().hex}"


@pytest.fixture(scope="session")
def contract() -> Path:
    """The folder of the contract's data."""
    return Path(__file__).parents[2] / "contract"


def _free_port() -> int:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        port: int = listening.getsockname()[1]
        return port
