"""Applications on the deployment's PostgreSQL and Valkey; each test brings sessions of its own."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg.rows import DictRow, dict_row

from proof.app.serving import Application, running, variables
from proof.platform.background import Running

Serve = Callable[..., AbstractContextManager[Application]]


@pytest.fixture(scope="session")
def serve(booted: Running, tmp_path_factory: pytest.TempPathFactory) -> Serve:
    """Starts further applications, each with its own changes of the environment."""

    def start(**changes: str) -> AbstractContextManager[Application]:
        # Another of Valkey's databases: what is sent here must not count against the deployment's own rate limit.
        store = booted.deployment.valkey.url.removesuffix("/0") + "/1"
        env = variables(booted.deployment.postgres.dsn, store, **changes)
        return running(env, tmp_path_factory.mktemp("application"))

    return start


@pytest.fixture(scope="session")
def application(serve: Serve) -> Iterator[Application]:
    """The application, its rate limit out of the way."""
    with serve() as started:
        yield started


@pytest.fixture
def database(booted: Running) -> Iterator[psycopg.Connection[DictRow]]:
    """A connection to the application's database; rows come as dictionaries."""
    with psycopg.connect(booted.deployment.postgres.dsn, autocommit=True, row_factory=dict_row) as connection:
        yield connection


@pytest.fixture
def empty_database(booted: Running) -> Iterator[str]:
    """The address of a database that holds nothing yet."""
    name = f"scratch_{uuid4().hex}"
    with psycopg.connect(booted.deployment.postgres.dsn, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield booted.deployment.postgres.dsn_of(name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def prefix() -> str:
    """What makes this test's sessions and visitors its own."""
    return f"proof-{uuid4().hex}"


@pytest.fixture(scope="session")
def contract() -> Path:
    """The folder of the contract's data."""
    return Path(__file__).parents[2] / "contract"
