"""Whether a service's environment variables obey the contract. No reason ever holds a value."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from pydantic import SecretStr

from acceptance.checks.addresses import same_database, same_store
from acceptance.checks.hosts import host_reason
from acceptance.checks.randomness import key_reason, opaque_reason, placeholder_reason
from acceptance.contract import EnvironmentContract, Variable
from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.addresses import split_address
from acceptance.target import Target

_NO_ADDRESS = "no address (special characters in a password must be percent-encoded)"

_SECRET_NAME = re.compile("KEY|SECRET|TOKEN|PASSWORD|PASSWD|DSN|CREDENTIAL", re.IGNORECASE)
_SHORTEST_UNDECLARED = 8  # a shorter value, such as a switch, stands in too many innocent texts


@dataclass(frozen=True)
class Tested:
    """The addresses that the run tested; None where the target does not set one."""

    database_url: str | None
    redis_url: str | None


@dataclass(frozen=True)
class Problem:
    """A variable that is refused, and why, without its value."""

    name: str
    reason: str
    expected: str = "a variable as the contract describes it"

    @property
    def finding(self) -> Finding:
        """The problem as failures are shown."""
        return Finding(self.expected, self.reason, f"environment variable {self.name}")


def problems(
    contract: EnvironmentContract, env: Mapping[str, str], target: Target, *, instances: int = 1
) -> list[Problem]:
    """Return every variable that breaks its rule.

    Args:
        contract: the variables and their rules.
        env: the service's variables by name, linked groups included.
        target: holds the addresses that were tested, and which variables are knowingly left out.
        instances: how many instances may run at once.

    Raises:
        Unverified: nothing is wrong, but an address could not be compared: the target does not set it.
    """
    tested = Tested(_secret(target.database_url), _secret(target.redis_url))
    left_out = skipped(contract, env, target.knowingly_skipped)
    found = [
        _missing(name, variable, env)
        for name, variable in contract.variables.items()
        if variable.required and not _is_set(env, name) and name not in left_out
    ]
    for name, variable in contract.variables.items():
        if _is_set(env, name) and (reason := _reason(env[name], variable, env, tested)):
            found.append(Problem(name, reason, _expected(variable)))
    found += _too_few(contract, env, len(left_out)) + _pool(contract, env, instances)
    if not found:
        _refuse_untested(contract, tested)
    return found


def secret_values(contract: EnvironmentContract, env: Mapping[str, str]) -> dict[str, str]:
    """Return the values that no output and no answer may show, by variable.

    They are those of the contract's secret variables, and of any other whose name says that it is one.
    """
    return {
        name: value
        for name, value in env.items()
        if (name in contract.secrets and value.strip())
        or (_SECRET_NAME.search(name) and len(value.strip()) >= _SHORTEST_UNDECLARED)
    }


def _reason(value: str, variable: Variable, env: Mapping[str, str], tested: Tested) -> str:
    if value != value.strip():
        return "white space at its beginning or end, which the application takes for a part of it"
    if value[0] == value[-1] and value[0] in "'\"":
        return "quotes around it, which the application takes for a part of it"
    if not value.isprintable():
        return "a character within that can't be seen, such as the end of a line"
    return _RULES[variable.rule](value, variable, env, tested) or _same(value, variable, env)


def _same(value: str, variable: Variable, env: Mapping[str, str]) -> str:
    """Why the value can't be right although it is well-formed: it was pasted twice."""
    is_same = variable.differs_from and value == env.get(variable.differs_from, "").strip()
    return f"the same value as {variable.differs_from}" if is_same else ""


def skipped(contract: EnvironmentContract, env: Mapping[str, str], names: Collection[str]) -> list[str]:
    """Return the variables of `names` that are not set and that the contract allows to leave out."""
    return [
        name
        for name, variable in contract.variables.items()
        if name in names and variable.skippable and not _is_set(env, name)
    ]


def differing_variables(
    names: Collection[str], api: Mapping[str, str], other: Mapping[str, str], service: str
) -> tuple[Problem, ...]:
    """Return the variables whose values must equal the API's in another service, and don't."""
    expected = "the same value as the API's"
    return tuple(
        Problem(name, f"{'differs' if name in other else 'is not set'} in {service}", expected)
        for name in names
        if api.get(name) != other.get(name)
    )


def _missing(name: str, variable: Variable, env: Mapping[str, str]) -> Problem:
    why = f" ({variable.why})" if variable.why else ""
    return Problem(name, "it is empty" if name in env else "it is not set", f"{_expected(variable)}{why}")


def _expected(variable: Variable) -> str:
    """What the rule asks for, in words."""
    return {
        "set": "a real value",
        "one_of": f"one of {', '.join(variable.values)}",
        "https_url": "an https:// address",
        "origins": "comma-separated https:// origins without * and localhost",
        "database": f"{'/'.join(variable.schemes)}://user:password@host/database, the one that was tested",
        "cache": f"{'/'.join(variable.schemes)}://host, the one that was tested",
        "random_key": f"a random key of {variable.min_bytes} bytes",
        "integer": f"a whole number, {variable.minimum} or more",
    }[variable.rule]


def _one_of(value: str, variable: Variable, _env: Mapping[str, str], _tested: Tested) -> str:
    return "" if value in variable.values else "another value"


def _set(value: str, _variable: Variable, _env: Mapping[str, str], _tested: Tested) -> str:
    reason = opaque_reason(value)
    return f"a placeholder: {reason}" if reason else ""


def _random_key(value: str, variable: Variable, _env: Mapping[str, str], _tested: Tested) -> str:
    reason = key_reason(value, variable.min_bytes)
    return f"not random enough: {reason}" if reason else ""


def _integer(value: str, variable: Variable, _env: Mapping[str, str], _tested: Tested) -> str:
    if not value.isascii() or not value.isdecimal():
        return "no whole number"
    return "" if int(value) >= variable.minimum else "a smaller number"


def _https_url(value: str, _variable: Variable, _env: Mapping[str, str], _tested: Tested) -> str:
    parts = split_address(value)
    if parts is None or not parts.hostname or any(c.isspace() for c in value):
        return "no address"
    return host_reason(parts.hostname) or ("" if parts.scheme == "https" else "an address that is not https")


def _origins(value: str, _variable: Variable, _env: Mapping[str, str], _tested: Tested) -> str:
    reasons = [_origin_reason(origin.strip()) for origin in value.split(",")]
    return next((reason for reason in reasons if reason), "")


def _origin_reason(origin: str) -> str:
    if "*" in origin:
        return "an origin with *: every page could call the API with its visitor's rights"
    parts = split_address(origin)
    if parts is None or not parts.hostname:
        return "an entry that is no origin"
    if reason := host_reason(parts.hostname):
        return reason
    if parts.scheme != "https":
        return "an origin that is not https"
    if parts.path or parts.query or parts.fragment:
        return "an origin with a path: browsers never send one"
    return "an origin with a user's name: browsers never send one" if "@" in parts.netloc else ""


def _database(value: str, variable: Variable, _env: Mapping[str, str], tested: Tested) -> str:
    parts = split_address(value)
    if parts is None:
        return _NO_ADDRESS
    if parts.scheme.partition("+")[0] not in variable.schemes:
        return "an address of another scheme"
    name = parts.path.strip("/")
    has = {"host": parts.hostname, "user": parts.username, "password": parts.password, "database": name}
    lacking = [part for part, found in has.items() if not found]
    if lacking:
        return f"an address without {', '.join(lacking)}"
    if reason := placeholder_reason(unquote(parts.password or "")):
        return f"a password that is a placeholder: {reason}"
    if tested.database_url is not None and not same_database(value, tested.database_url):
        return "another database than the one that was tested"
    return _other_password(value, tested.database_url)


def _cache(value: str, variable: Variable, _env: Mapping[str, str], tested: Tested) -> str:
    parts = split_address(value)
    if parts is None:
        return _NO_ADDRESS
    if parts.scheme not in variable.schemes:
        return "an address of another scheme"
    if not parts.hostname:
        return "an address without a host"
    if reason := placeholder_reason(unquote(parts.password or "")):
        return f"a password that is a placeholder: {reason}"
    if tested.redis_url is not None and not same_store(value, tested.redis_url):
        return "another key value store than the one that was tested"
    return _other_password(value, tested.redis_url)


def _other_password(value: str, tested: str | None) -> str:
    """Why a password can't be right: it is not the one that worked; an internal address may go without."""
    passwords = [parts.password for each in (value, tested or "") if (parts := split_address(each)) and parts.password]
    return "another password than the one that was tested" if len({*map(unquote, passwords)}) > 1 else ""


def _is_set(env: Mapping[str, str], name: str) -> bool:
    return bool(env.get(name, "").strip())


def _secret(value: SecretStr | None) -> str | None:
    return value.get_secret_value() if value else None


def _too_few(contract: EnvironmentContract, env: Mapping[str, str], left_out: int) -> list[Problem]:
    there = sum(_is_set(env, name) for name in env) + left_out
    if there >= contract.minimum:
        return []
    return [Problem("(all together)", f"{there} variables are set", f"{contract.minimum} variables or more")]


def _pool(contract: EnvironmentContract, env: Mapping[str, str], instances: int) -> list[Problem]:
    """The pools of all instances together; judged by what is set, since the application's defaults are not known."""
    sizes = {name: env[name].strip() for name in contract.pool.variables if env.get(name, "").strip().isdecimal()}
    total = sum(map(int, sizes.values())) * instances
    if total < contract.pool.fewer_than:
        return []
    found = f"{total} connections ({instances} instance{'s' if instances != 1 else ''} at most)"
    return [Problem(" + ".join(sizes), found, f"fewer than {contract.pool.fewer_than} connections of all instances")]


def _refuse_untested(contract: EnvironmentContract, tested: Tested) -> None:
    known = {"database": tested.database_url, "cache": tested.redis_url}
    for name, variable in contract.variables.items():
        if variable.rule in known and known[variable.rule] is None:
            raise Unverified(
                f"Whether {name} of the service is the one that was tested is not known: the target sets no {name}"
            )


_Check = Callable[[str, Variable, Mapping[str, str], Tested], str]
_RULES: Mapping[str, _Check] = {
    "set": _set,
    "one_of": _one_of,
    "https_url": _https_url,
    "origins": _origins,
    "database": _database,
    "cache": _cache,
    "random_key": _random_key,
    "integer": _integer,
}
