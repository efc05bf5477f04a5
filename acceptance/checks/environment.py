"""Whether a service's environment variables obey the contract. No reason ever holds a value."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from acceptance.checks.addresses import same_database, same_store
from acceptance.checks.randomness import key_reason, opaque_reason, placeholder_reason
from acceptance.contract import EnvironmentContract, Variable
from acceptance.findings import Finding

_THIS_MACHINE = ("localhost", "127.0.0.1", "::1", "0.0.0.0")  # noqa: S104 - names to compare, nothing is bound
_NO_CLEAR_HOSTS = ("example.com", "example.org", "example.net")


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


@dataclass(frozen=True)
class EnvironmentJudgement:
    """What is refused, what is to be noted (knowingly skipped variables), and what could not be judged."""

    problems: tuple[Problem, ...]
    notes: tuple[str, ...]
    unverified: tuple[str, ...]


def judge_environment(
    contract: EnvironmentContract,
    env: Mapping[str, str],
    tested: Tested,
    *,
    skipped: Collection[str] = (),
    instances: int = 1,
) -> EnvironmentJudgement:
    """Judge every variable by its rule.

    Args:
        contract: the variables and their rules.
        env: the service's variables by name, linked groups included.
        tested: the addresses that the variables must name.
        skipped: variables that are knowingly left out; only those the contract allows to skip count.
        instances: how many instances may run at once.
    """
    allowed = {name for name in skipped if name in contract.variables and contract.variables[name].skippable}
    missing = {name for name, v in contract.variables.items() if v.required and not env.get(name, "").strip()}
    present = {name: v for name, v in contract.variables.items() if env.get(name, "").strip()}
    problems = [_missing(name, contract.variables[name], env) for name in sorted(missing - allowed)]
    for name, variable in present.items():
        if reason := _RULES[variable.rule](env[name].strip(), variable, env, tested):
            problems.append(Problem(name, reason, _expected(variable)))
    problems += _too_few(contract, env, allowed & missing) + _pool(contract, env, instances)
    notes = tuple(f"{name} is knowingly not set" for name in sorted(allowed & missing))
    return EnvironmentJudgement(tuple(problems), notes, _not_judged(present, tested))


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


def _random_key(value: str, variable: Variable, env: Mapping[str, str], _tested: Tested) -> str:
    if reason := key_reason(value, variable.min_bytes):
        return f"not random enough: {reason}"
    if variable.differs_from and value == env.get(variable.differs_from, "").strip():
        return f"the same value as {variable.differs_from}"
    return ""


def _integer(value: str, variable: Variable, _env: Mapping[str, str], _tested: Tested) -> str:
    if not value.isascii() or not value.isdecimal():
        return "no whole number"
    return "" if int(value) >= variable.minimum else "a smaller number"


def _https_url(value: str, _variable: Variable, _env: Mapping[str, str], _tested: Tested) -> str:
    parts = _split(value)
    if parts is None or not parts.hostname or any(c.isspace() for c in value):
        return "no address"
    return _public_host_reason(parts) or ("" if parts.scheme == "https" else "an address that is not https")


def _origins(value: str, _variable: Variable, _env: Mapping[str, str], _tested: Tested) -> str:
    reasons = [_origin_reason(origin.strip()) for origin in value.split(",")]
    return next((reason for reason in reasons if reason), "")


def _origin_reason(origin: str) -> str:
    if "*" in origin:
        return "an origin with *: every page could call the API with its visitor's rights"
    parts = _split(origin)
    if parts is None or not parts.hostname:
        return "an entry that is no origin"
    if reason := _public_host_reason(parts):
        return reason
    if parts.scheme != "https":
        return "an origin that is not https"
    return "an origin with a path: browsers never send one" if parts.path or parts.query else ""


def _public_host_reason(parts: SplitResult) -> str:
    host = (parts.hostname or "").lower()
    if host in _THIS_MACHINE or host.endswith(".localhost"):
        return "an address of the developer's own machine"
    if host in _NO_CLEAR_HOSTS or host.endswith(tuple(f".{name}" for name in _NO_CLEAR_HOSTS)):
        return "an address of an example domain"
    is_template = host.startswith("your-") or ".your-" in host or "<" in host
    return "an address that is a template" if is_template else ""


def _database(value: str, variable: Variable, _env: Mapping[str, str], tested: Tested) -> str:
    parts = _split(value)
    if parts is None or parts.scheme.partition("+")[0] not in variable.schemes:
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
    return ""


def _cache(value: str, variable: Variable, _env: Mapping[str, str], tested: Tested) -> str:
    parts = _split(value)
    if parts is None or parts.scheme not in variable.schemes:
        return "an address of another scheme"
    if not parts.hostname:
        return "an address without a host"
    if tested.redis_url is not None and not same_store(value, tested.redis_url):
        return "another key value store than the one that was tested"
    return ""


def _split(value: str) -> SplitResult | None:
    """The address in parts; None when it is none."""
    try:
        parts = urlsplit(value)
        parts.port  # noqa: B018 - it is parsed, and refused, when it is read
    except ValueError:
        return None
    return parts


def _too_few(contract: EnvironmentContract, env: Mapping[str, str], skipped: Collection[str]) -> list[Problem]:
    there = sum(bool(value.strip()) for value in env.values()) + len(skipped)
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


def _not_judged(present: Mapping[str, Variable], tested: Tested) -> tuple[str, ...]:
    """What can't be compared because the target names no address that was tested."""
    known = {"database": tested.database_url, "cache": tested.redis_url}
    return tuple(
        f"{name} of the service was not compared: the target sets no {name}"
        for name, variable in present.items()
        if variable.rule in known and known[variable.rule] is None
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
