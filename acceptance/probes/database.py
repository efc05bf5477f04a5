"""Reading a PostgreSQL database: one read-only session, one snapshot, few round trips."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString

import psycopg
from psycopg import conninfo
from psycopg.rows import namedtuple_row

from acceptance.outcomes import Unverified
from acceptance.probes.catalogs import read_schema
from acceptance.probes.schema import Schema

APPLICATION_NAME = "apex-acceptance"
VERSION_TABLE, VERSION_COLUMN = "alembic_version", "version_num"
CONNECT_S = 5
STATEMENT_MS = 10_000
LOCK_MS = 2_000
# A server that dies or is cut off in the midst of a session is given up within these times.
_TCP = {
    "tcp_user_timeout": 10_000,
    "keepalives": 1,
    "keepalives_idle": 5,
    "keepalives_interval": 2,
    "keepalives_count": 3,
}
_SESSION = "-c search_path=public -c idle_in_transaction_session_timeout=30000"

# To delete rows by a condition on them is to read them too; a standby refuses it whatever the privileges.
_MAY_DELETE: LiteralString = """
    SELECT NOT pg_is_in_recovery() AND bool_and(
               coalesce(has_table_privilege(t.oid, 'DELETE') AND has_table_privilege(t.oid, 'SELECT'), false)) AS may
    FROM unnest(%s::text[]) AS wanted (name)
    LEFT JOIN pg_class t
      ON t.relname = wanted.name AND t.relnamespace = 'public'::regnamespace AND t.relkind IN ('r', 'p')
"""
_VERSIONS: LiteralString = "SELECT version_num FROM public.alembic_version ORDER BY version_num"


@dataclass(frozen=True)
class DatabaseReading:
    """What the catalogs show in one snapshot.

    `schema` holds the tables of the schema public, Alembic's own apart from the others; `alembic_versions` is None when
    that one is missing or has no column for a version.
    """

    server_version: str
    schema: Schema
    alembic_versions: tuple[str, ...] | None


def read_database(dsn: str) -> DatabaseReading:
    """Read the database that `dsn` names.

    Raises:
        Unverified: it can't be reached or read; says why, never the password.
    """
    try:
        with connect(dsn) as connection:
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            return _read(connection)
    except psycopg.Error as error:
        raise _unreadable(dsn, error) from None


def may_delete(dsn: str, tables: Sequence[str]) -> bool:
    """Return whether the role that `dsn` names may delete rows of each of the tables of the schema public.

    Raises:
        Unverified: the database can't be reached or read; says why, never the password.
    """
    try:
        with connect(dsn) as connection:
            (row,) = connection.execute(_MAY_DELETE, (list(tables),)).fetchall()
    except psycopg.Error as error:
        raise _unreadable(dsn, error) from None
    return bool(row.may)


@contextmanager
def connect(
    dsn: str, *, read_only: bool = True, statement_timeout_ms: int = STATEMENT_MS
) -> Iterator[psycopg.Connection[Any]]:
    """Give a connection with time-outs, whose rows are named tuples; what it did is committed at the end.

    Args:
        dsn: a URL; a driver's name in its scheme (`postgresql+psycopg://`) is left out.
        read_only: refuse to write.
        statement_timeout_ms: the longest that the server may work on a statement.

    Raises:
        Unverified: no connection could be made; says why, never the password.
        psycopg.Error: a statement failed; nothing was committed then.
    """
    try:
        connection = psycopg.connect(_conninfo(dsn, statement_timeout_ms), row_factory=namedtuple_row)
    except psycopg.Error as error:
        raise _unreadable(dsn, error) from None
    with connection:
        connection.read_only = read_only
        yield connection


def described(dsn: str) -> str:
    """Return host and database of a DSN for people: never user, password or what could be a part of one."""
    try:
        parts = conninfo.conninfo_to_dict(_for_libpq(dsn))
    except psycopg.Error:
        return "of DATABASE_URL"
    host, name = str(parts.get("host", "")), str(parts.get("dbname", ""))
    plain = re.compile(r"[\w./:-]+")
    return f"{name} on {host}" if plain.fullmatch(host) and plain.fullmatch(name) else "of DATABASE_URL"


def _for_libpq(dsn: str) -> str:
    """Leave a driver's name out of the scheme (`postgresql+psycopg://`), which libpq doesn't know."""
    scheme, separator, rest = dsn.partition("://")
    return f"{scheme.partition('+')[0]}{separator}{rest}"


def _conninfo(dsn: str, statement_timeout_ms: int) -> str:
    if dsn.partition("://")[0].partition("+")[0] not in ("postgresql", "postgres"):
        raise Unverified("DATABASE_URL of the target is no postgresql:// address")
    return conninfo.make_conninfo(
        _for_libpq(dsn),
        connect_timeout=CONNECT_S,
        application_name=APPLICATION_NAME,
        options=f"{_SESSION} -c statement_timeout={statement_timeout_ms} -c lock_timeout={LOCK_MS}",
        **_TCP,
    )


def _unreadable(dsn: str, error: psycopg.Error) -> Unverified:
    return Unverified(f"the database {described(dsn)} can't be read: {_reason(error)}")


def _read(connection: psycopg.Connection[Any]) -> DatabaseReading:
    tables = dict(read_schema(connection).tables)
    version_table = tables.pop(VERSION_TABLE, None)
    is_alembic_s = version_table is not None and VERSION_COLUMN in version_table.columns
    versions = connection.execute(_VERSIONS).fetchall() if is_alembic_s else None
    return DatabaseReading(
        server_version=connection.info.parameter_status("server_version") or "of an unknown version",
        schema=Schema(tables, version_table),
        alembic_versions=None if versions is None else tuple(row.version_num for row in versions),
    )


# libpq gives no SQLSTATE for a failed connection, and its text may hold parts of a badly escaped password.
_REASONS = (
    ("password authentication failed", "the user name or password is wrong"),
    ("no password supplied", "it asks for a password and the address holds none"),
    ("no pg_hba.conf entry", "it does not accept connections from this address"),
    ("role ", "the user does not exist or may not log in"),
    ("does not exist", "there is no database of that name"),
    ("connection refused", "the connection was refused; is it up, and is access from here allowed?"),
    ("timeout", "it did not answer in time; is access from here allowed?"),
    ("could not translate host name", "its host name can't be resolved"),
    ("failed to resolve host", "its host name can't be resolved"),
    ("too many", "it has no connection left"),
    ("remaining connection slots", "it has no connection left"),
    ("starting up", "it is starting up"),
    ("shutting down", "it is shutting down"),
    ("certificate", "its TLS certificate was not accepted"),
    ("ssl", "no TLS connection could be made"),
    ("permission denied", "the user may not read the catalogs or alembic_version; a role with SELECT is enough"),
    ("server closed the connection", "it closed the connection"),
)


def _reason(error: psycopg.Error) -> str:
    if isinstance(error, psycopg.errors.QueryCanceled | psycopg.errors.LockNotAvailable):
        return "it did not answer in time"
    text = str(error).lower()
    known = next((reason for sign, reason in _REASONS if sign in text), None)
    if isinstance(error, psycopg.ProgrammingError) and error.sqlstate is None:
        return "DATABASE_URL is malformed (special characters in the password must be percent-encoded)"
    return known or f"{type(error).__name__}{f' (SQLSTATE {error.sqlstate})' if error.sqlstate else ''}"
