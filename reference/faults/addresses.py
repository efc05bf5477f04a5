"""Faults of the addresses: the service's database or store is not the one that was tested, or can't be reached."""

from collections.abc import Callable, Mapping

from reference.deployment import Deployment
from reference.faults.catalogue import fault
from reference.postgres import ADMINISTRATION

_REFUSED = {"MH-5": "failed"}
_NOT_STARTED = {"MH-5": "failed", "MH-1": "failed", "DP-3": "failed"}
"""The application does not start with the address, so the newest deploy fails and an older one serves on."""
_NOT_HEALTHY = {"MH-5": "failed", "MH-1": "noted", "MH-2": "failed", "MH-6": "failed", "DP-3": "failed"}
"""It serves without what it needs, since the provider asks for less than its health (noted)."""
_LESS = "/health/live"

Address = Callable[[str], str | None]


def _deployed(
    name: str,
    summary: str,
    variable: str,
    address: Address,
    *,
    says: str,
    breaks: Mapping[str, str] = _REFUSED,
    path: str | None = None,
) -> None:
    """Enter a fault that makes another address of the service's own, and deploys with it.

    `path` is what the provider asks for instead of the application's health.
    """

    @fault(name, summary, breaks, says=says)
    async def apply(deployment: Deployment) -> None:
        deployment.api.health_check_path = path or deployment.api.health_check_path
        await deployment.set_env({variable: address(deployment.api.env[variable])})


def _saved(name: str, summary: str, variable: str, address: Address, *, says: str) -> None:
    """Enter a fault that saves another address without a deploy: the process runs on with the former one."""

    @fault(name, summary, _REFUSED, says=says)
    async def apply(deployment: Deployment) -> None:
        former = deployment.api.env.pop(variable)
        if (changed := address(former)) is not None:
            deployment.api.env[variable] = changed


def _nothing(_former: str) -> None:
    """No address at all."""


def _other_scheme(scheme: str) -> Address:
    return lambda former: f"{scheme}://{former.partition('://')[2]}"


def _other_password(word: str) -> Address:
    """Another password, or none if the word is empty."""

    def address(former: str) -> str:
        account, _, place = former.rpartition("@")
        return f"{account.rpartition(':')[0]}{word and ':'}{word}@{place}"

    return address


def _other_path(path: str) -> Address:
    return lambda former: f"{former.rpartition('/')[0]}/{path}"


_deployed(
    "database-url-missing",
    "the service has no database, and the application does not start",
    "DATABASE_URL",
    _nothing,
    says="DATABASE_URL",
    breaks=_NOT_STARTED,
)
_deployed(
    "database-url-of-another-kind",
    "the service's database is of another kind, and the application does not start",
    "DATABASE_URL",
    _other_scheme("mysql"),
    says="an address of another scheme",
    breaks=_NOT_STARTED,
)
_deployed(
    "database-another",
    "the service stores in another database than the one that was tested",
    "DATABASE_URL",
    _other_path(ADMINISTRATION),
    says="another database than the one that was tested",
    breaks=_REFUSED | {"MH-6": "failed", "DP-3": "failed"},
)
_deployed(
    "database-overridden",
    "the end of the database's address sends its queries to another schema first",
    "DATABASE_URL",
    lambda former: f"{former}?options=-csearch_path%3Dshadow,public",
    says="another database than the one that was tested",
)
_deployed(
    "database-password-wrong",
    "the service can't log in to its database",
    "DATABASE_URL",
    _other_password("Zt9-other8Word"),
    says="another password than the one that was tested",
    breaks=_NOT_HEALTHY,
    path=_LESS,
)
_saved(
    "database-password-missing",
    "the database's address has no password; it was saved and takes effect with the next deploy",
    "DATABASE_URL",
    _other_password(""),
    says="an address without password",
)
_saved(
    "database-password-placeholder",
    "the database's password is a placeholder; it was saved and takes effect with the next deploy",
    "DATABASE_URL",
    _other_password("change-me"),
    says="a password that is a placeholder",
)
_saved(
    "database-host-missing",
    "the database's address has no host; it was saved and takes effect with the next deploy",
    "DATABASE_URL",
    lambda former: f"{former.rpartition('@')[0]}@/ecomdash",
    says="an address without host",
)
_saved(
    "store-url-missing",
    "the service has no key value store; it was saved and takes effect with the next deploy",
    "REDIS_URL",
    _nothing,
    says="REDIS_URL",
)
_deployed(
    "store-url-of-another-kind",
    "the store's address is one for browsers, and the application does not start",
    "REDIS_URL",
    _other_scheme("http"),
    says="an address of another scheme",
    breaks=_NOT_STARTED,
)
_deployed(
    "store-another",
    "the service keeps its counters in another store than the one that was tested",
    "REDIS_URL",
    _other_path("3"),
    says="another key value store than the one that was tested",
)
_deployed(
    "store-password-wrong",
    "the service can't log in to its key value store",
    "REDIS_URL",
    _other_password("Zt9-other8Word"),
    says="another password than the one that was tested",
    breaks=_NOT_HEALTHY,
    path=_LESS,
)
_saved(
    "store-password-placeholder",
    "the store's password is a placeholder; it was saved and takes effect with the next deploy",
    "REDIS_URL",
    _other_password("change-me"),
    says="a password that is a placeholder",
)
