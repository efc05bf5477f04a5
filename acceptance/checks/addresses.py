"""Whether two addresses name the same database or key value store, in the provider's internal and external forms."""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import SplitResult, parse_qsl, unquote

from acceptance.probes.addresses import is_loopback, split_address

# What a driver takes from the query instead of from the address itself.
_OVERRIDING = ("host", "hostaddr", "port", "dbname", "user", "service", "options")
_DATABASE_PREFIX, _STORE_PREFIX = "dpg-", "red-"


@dataclass(frozen=True)
class _Place:
    server: str
    name: str
    user: str = ""
    overrides: tuple[tuple[str, str], ...] = ()


def same_database(one: str, other: str) -> bool:
    """Return whether two addresses name the same server, database and user.

    The provider's internal host is `dpg-...-a`, its external one `dpg-...-a.<region>-postgres.render.com`.

    Raises:
        ValueError: one of them is no address.
    """
    return _database(_parts(one)) == _database(_parts(other))


def same_store(one: str, other: str) -> bool:
    """Return whether two addresses name the same server and database number.

    The provider's internal host is `red-...`; externally the same word is the user's name.

    Raises:
        ValueError: one of them is no address.
    """
    return _store(_parts(one)) == _store(_parts(other))


def _parts(address: str) -> SplitResult:
    parts = split_address(address)
    if parts is None:
        raise ValueError("no address (special characters in a password must be percent-encoded)")
    return parts


def _database(parts: SplitResult) -> _Place:
    host = (parts.hostname or "").lower()
    is_named = host.startswith(_DATABASE_PREFIX)
    server = host.partition(".")[0] if is_named else f"{_host(host)}:{parts.port or 5432}"
    overrides = tuple(sorted(pair for pair in parse_qsl(parts.query) if pair[0] in _OVERRIDING))
    return _Place(server, unquote(parts.path.strip("/")), unquote(parts.username or ""), overrides)


def _store(parts: SplitResult) -> _Place:
    host, user = (parts.hostname or "").lower(), unquote(parts.username or "")
    if host.startswith(_STORE_PREFIX):
        server = host.partition(".")[0]
    elif user.startswith(_STORE_PREFIX):
        server = user
    else:
        server = f"{_host(host)}:{parts.port or 6379}"
    return _Place(server, parts.path.strip("/") or "0")


def _host(host: str) -> str:
    return "this machine" if is_loopback(host) else host
