"""A real PostgreSQL server of our own, thrown away afterwards."""

import secrets
import signal
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from reference.ports import LOOPBACK, Port
from reference.processes import Launch, OnLine, Process, unheard
from reference.waiting import until
from reference.world import World, bare_environment

NAME = "ecomdash"
"""The database and its owner."""
TEMPLATE = "ecomdash_template"
"""The migrated database that `reset` copies."""
SUPERUSER = "postgres"
ADMINISTRATION = "template1"
_COUNTING = "SELECT count(*) FROM pg_stat_activity WHERE datname = %s"
"""Where the superuser works; there is no database `postgres`, for a smaller data directory."""

_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "max_connections": "100",
    "password_encryption": "scram-sha-256",
    # Nothing survives the deployment: neither crash safety nor replicas are worth the time.
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "shared_buffers": "32MB",
    "io_method": "sync",
    "jit": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_line_prefix": "",
    "log_checkpoints": "off",
}


@dataclass(frozen=True)
class Cluster:
    """PostgreSQL's programs, and a data directory that a server may change at will."""

    programs: Path
    data: Path


class Postgres:
    """A server on a cluster, which `source` gives when it is first started."""

    def __init__(self, world: World, source: Callable[[], Awaitable[Cluster]]) -> None:
        self._world = world
        self._source = source
        self._cluster: Cluster | None = None
        self._port = Port()
        self._password = secrets.token_urlsafe(24)
        self._socket = world.folder / f"socket-{self._port.number}"
        self._process: Process | None = None
        self.template = TEMPLATE
        """What `reset` makes the database from; `template0` makes it empty."""
        self.on_line: OnLine = unheard
        """Takes what the server prints."""

    @property
    def dsn(self) -> str:
        """Where the application's role reaches its database, with its password."""
        return self.dsn_of(NAME)

    @property
    def running(self) -> bool:
        """Whether the server's process runs."""
        return self._process is not None and self._process.running

    @property
    def pid(self) -> int | None:
        """The server's process, None when it does not run."""
        return self._process.pid if self._process and self._process.running else None

    def dsn_of(self, database: str) -> str:
        """The application role's DSN for another database of the server."""
        return f"postgresql://{NAME}:{self._password}@{self._port.address}/{database}"

    def admin_dsn(self, database: str = ADMINISTRATION) -> str:
        """The superuser's DSN, through the socket in our own folder."""
        return f"host={self._socket} port={self._port.number} user={SUPERUSER} dbname={database}"

    async def start(self) -> None:
        """Start the server and give the application's role its password.

        Raises:
            TooLateError: it does not answer; its lines say why.
        """
        self._cluster = self._cluster or await self._source()
        self._socket.mkdir(mode=0o700, exist_ok=True)
        if self._world.account:
            self._world.account.give(self._socket)
        settings = {**_SETTINGS, "port": str(self._port.number), "unix_socket_directories": str(self._socket)}
        options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
        self._process = await self._world.start(
            Launch(
                (str(self._cluster.programs / "postgres"), "-D", str(self._cluster.data), *options),
                folder=self._cluster.data,
                env=bare_environment(),
                account=self._world.account,
                ending=signal.SIGQUIT,
            ),
            self.on_line,
        )
        await until(self._open, what="PostgreSQL answers", seconds=20)

    async def stop(self, *, clean: bool = True) -> None:
        """Stop the server; not clean: at once, its data then need a recovery."""
        if self._process is not None:
            await self._process.stop(signal.SIGINT if clean else signal.SIGQUIT, grace_seconds=10)

    def close(self) -> None:
        """Give the port back, after `stop`."""
        self._port.close()

    async def execute(self, statement: str, parameters: Sequence[object] | None = None) -> list[tuple[object, ...]]:
        """Execute SQL as the application's role, which owns the database; the rows, if it gives any.

        Raises:
            psycopg.Error: the statement failed.
        """
        return await _execute(self.dsn, statement, parameters)

    async def administer(self, statement: str, *, database: str = NAME) -> list[tuple[object, ...]]:
        """Execute SQL as the superuser; the rows, if it gives any.

        Raises:
            psycopg.Error: the statement failed.
        """
        return await _execute(self.admin_dsn(database), statement)

    async def sessions(self) -> int:
        """Count the sessions of the application's database.

        Raises:
            psycopg.Error: the server does not answer.
        """
        ((count,),) = await _execute(self.admin_dsn(), _COUNTING, [NAME])
        return int(str(count))

    async def reset(self) -> None:
        """Recreate the database from its template; whoever is connected to it is cut off."""
        drop = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(NAME))
        create = sql.SQL("CREATE DATABASE {0} OWNER {0} TEMPLATE {1} STRATEGY file_copy").format(
            sql.Identifier(NAME), sql.Identifier(self.template)
        )
        async with await psycopg.AsyncConnection.connect(self.admin_dsn(), autocommit=True) as connection:
            await connection.execute(drop)
            await connection.execute(create)

    async def _open(self) -> bool:
        """Set the role's password; whether the server was ready for it."""
        if not self.running:
            raise RuntimeError("PostgreSQL ended while it was starting; its lines say why")
        if not (self._socket / f".s.PGSQL.{self._port.number}").exists():
            return False
        statement = sql.SQL("ALTER ROLE {} PASSWORD {}").format(sql.Identifier(NAME), sql.Literal(self._password))
        try:
            async with await psycopg.AsyncConnection.connect(self.admin_dsn(), autocommit=True) as connection:
                await connection.execute(statement)
        except psycopg.OperationalError:
            return False
        return True


async def _execute(dsn: str, statement: str, parameters: Sequence[object] | None = None) -> list[tuple[object, ...]]:
    # Without a transaction the end of the context waits for nothing: a task cancelled there would leave it open.
    async with await psycopg.AsyncConnection.connect(dsn, autocommit=True) as connection:
        cursor = await connection.execute(statement, parameters)
        return await cursor.fetchall() if cursor.description else []
