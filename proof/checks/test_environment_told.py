"""What is said of a service's variables: what each rule asks for, whole sentences, and where exactly a limit stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acceptance.checks.environment import Problem, differing_variables, problems, secret_values
from acceptance.contract import Contract, EnvironmentContract, Variable
from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.target import Target, make_target

CONTRACT = Contract().environment
BASE = {"APEX_BASE_URL": "https://ecomdash-api.onrender.com"}
DATABASE = "postgresql://u:Wq7-fmz2Kd@db.ecomdash.io/d"
STORE = "redis://:Vb4-Nm6Zt8@cache.ecomdash.io"
KEY = "4b1f0c9d8e7a6b5c4d3e2f1a0b9c8d7e"
RULES: dict[str, Variable] = {variable.rule: variable for variable in CONTRACT.variables.values()}


def one(rule: str, **changes: object) -> EnvironmentContract:
    """Return a contract with one required variable, X, of that rule."""
    plain: dict[str, object] = {"required": True, "secret": False, "why": "", "differs_from": ""}
    return replace(CONTRACT, variables={"X": RULES[rule].model_copy(update=plain | changes)}, minimum=1)


def target(**settings: str) -> Target:
    """Return a target with these addresses."""
    return make_target(BASE | settings, "proof")


def told(contract: EnvironmentContract, value: str | None = None, **settings: str) -> list[tuple[str, str]]:
    """Return what is said of X when it has that value: reason and expectation."""
    env = {} if value is None else {"X": value}
    return [(p.reason, p.expected) for p in problems(contract, env, target(**settings)) if p.name == "X"]


@pytest.mark.parametrize(
    ("rule", "changes", "expected"),
    [
        ("set", {}, "a real value"),
        ("one_of", {"values": ("INFO", "ERROR")}, "one of INFO, ERROR"),
        ("https_url", {}, "an https:// address"),
        ("origins", {}, "comma-separated https:// origins without * and localhost"),
        (
            "database",
            {"schemes": ("postgresql", "postgres")},
            "postgresql/postgres://user:password@host/database, the one that was tested",
        ),
        ("cache", {"schemes": ("redis", "rediss")}, "redis/rediss://host, the one that was tested"),
        ("random_key", {"min_bytes": 32}, "a random key of 32 bytes"),
        ("integer", {"minimum": 2}, "a whole number, 2 or more"),
    ],
)
def test_each_rule_says_what_it_asks_for(rule: str, changes: dict[str, object], expected: str) -> None:
    """Where the variable is missing, empty, and where its value is refused."""
    contract = one(rule, **changes)
    assert told(contract) == [("it is not set", expected)]
    assert told(contract, " ") == [("it is empty", expected)]
    assert [wanted for _, wanted in told(contract, "\u00e4")] == [expected]


def test_what_a_variable_is_for_is_told_where_it_is_missing() -> None:
    """So that somebody knows where to get it."""
    contract = one("set")
    wanted = {"X": contract.variables["X"].model_copy(update={"why": "from the partner dashboard"})}
    assert told(replace(contract, variables=wanted)) == [("it is not set", "a real value (from the partner dashboard)")]


@pytest.mark.parametrize(
    ("rule", "value", "reason"),
    [
        ("integer", "2", ""),
        ("integer", "3", ""),
        ("integer", "1", "a smaller number"),
        ("integer", "-3", "no whole number"),
        ("integer", "2.5", "no whole number"),
        ("integer", "\u0663", "no whole number"),
        ("integer", "\u00b2", "no whole number"),
        ("one_of", "info", "another value"),
        ("https_url", "https://app.ecomdash.io:8443/x?y", ""),
        ("https_url", "HTTPS://app.ecomdash.io", ""),
        ("https_url", "https://", "no address"),
        ("https_url", "https://app ecomdash.io", "no address"),
        ("https_url", "https://app.ecomdash.io/a b", "no address"),
        ("https_url", "https://[app", "no address"),
        ("https_url", "ftp://app.ecomdash.io", "an address that is not https"),
        ("origins", "https://a.ecomdash.io,https://b.ecomdash.io:8443", ""),
        ("origins", "https://a.ecomdash.io , https://*", "an origin with *: every page could call the API with its"),
        ("origins", "https://[app", "an entry that is no origin"),
        ("origins", "https://a.ecomdash.io,,https://b.ecomdash.io", "an entry that is no origin"),
        ("origins", "https://a.ecomdash.io?x", "an origin with a path: browsers never send one"),
        ("origins", "https://a.ecomdash.io/", "an origin with a path: browsers never send one"),
        ("origins", "ftp://a.ecomdash.io", "an origin that is not https"),
        ("set", "changeme", "a placeholder: it says that it is to be replaced"),
        ("random_key", "changeme", "not random enough: it says that it is to be replaced"),
    ],
)
def test_each_value_is_told_its_reason(rule: str, value: str, reason: str) -> None:
    """Whole; the empty one is a value that passes."""
    contract = one(rule, minimum=2, values=("INFO",), min_bytes=16)
    said = told(contract, value)
    assert [told_reason[: len(reason)] for told_reason, _ in said] == ([reason] if reason else [])
    assert reason.startswith("an origin with *") or [told_reason for told_reason, _ in said] == [reason] * bool(reason)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (DATABASE, ""),
        (DATABASE.replace("postgresql:", "postgres+psycopg:"), ""),
        ("mysql://u:Wq7-fmz2Kd@db.ecomdash.io/d", "an address of another scheme"),
        ("postgresql://", "an address without host, user, password, database"),
        ("postgresql://u@db.ecomdash.io/d", "an address without password"),
        ("postgresql://:Wq7-fmz2Kd@db.ecomdash.io/d", "an address without user"),
        ("postgresql://u:Wq7-fmz2Kd@/d", "an address without host"),
        ("postgresql://u:Wq7-fmz2Kd@db.ecomdash.io/", "an address without database"),
        ("postgresql://u:change%6De@db.ecomdash.io/d", "a password that is a placeholder: it says that it is to be"),
        (f"{DATABASE}2", "another database than the one that was tested"),
        ("postgresql://u:Wq7-fmz2Kd@db.ecomdash.io/X", "another database than the one that was tested"),
        (DATABASE.replace("Wq7", "Wq8"), "another password than the one that was tested"),
        (DATABASE.replace("Wq7", "%57q7"), ""),
        ("postgresql://u:p[w@h/d", "no address (special characters in a password must be percent-encoded)"),
    ],
)
def test_each_database_address_is_told_its_reason(value: str, reason: str) -> None:
    """Compared with the one that was tested."""
    (*said,) = told(one("database", schemes=("postgresql", "postgres")), value, DATABASE_URL=DATABASE)
    assert [told_reason[: len(reason)] for told_reason, _ in said] == ([reason] if reason else [])
    assert len(said) == bool(reason)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        (STORE, ""),
        ("redis://cache.ecomdash.io", ""),
        ("rediss://default:Vb4-Nm6Zt8@cache.ecomdash.io:6379/0", ""),
        ("memcached://cache.ecomdash.io", "an address of another scheme"),
        ("redis://", "an address without a host"),
        ("redis://:Vb4-Nm6Zt8@cache.ecomdash.io/1", "another key value store than the one that was tested"),
        ("redis://:Vb4-Nm6Zt9@cache.ecomdash.io", "another password than the one that was tested"),
        ("redis://u:p[w@h", "no address (special characters in a password must be percent-encoded)"),
    ],
)
def test_each_store_address_is_told_its_reason(value: str, reason: str) -> None:
    """Inside the provider's network a store may go without a password."""
    said = told(one("cache", schemes=("redis", "rediss")), value, REDIS_URL=STORE)
    assert [told_reason for told_reason, _ in said] == ([reason] if reason else [])


@pytest.mark.parametrize(
    ("rule", "value", "setting", "tested"),
    [("database", DATABASE, "DATABASE_URL", DATABASE), ("cache", STORE, "REDIS_URL", STORE)],
)
def test_an_address_that_was_not_tested_is_unverified_in_words(
    rule: str, value: str, setting: str, tested: str
) -> None:
    """Once the target sets it, it is compared."""
    contract = one(rule)
    renamed = replace(contract, variables={setting: contract.variables["X"]})
    with pytest.raises(Unverified) as caught:
        problems(renamed, {setting: value}, target())
    assert str(caught.value) == (
        f"Whether {setting} of the service is the one that was tested is not known: the target sets no {setting}"
    )
    assert problems(renamed, {setting: value}, target(**{setting: tested})) == []


def test_a_problem_is_told_as_a_finding() -> None:
    """By the variable's name, without its value."""
    problem = Problem("X", "it is empty", "a real value")
    assert problem.finding == Finding("a real value", "it is empty", "environment variable X")
    assert Problem("X", "it is empty").expected == "a variable as the contract describes it"


def test_variables_are_counted_as_far_as_they_are_set() -> None:
    """One that is blank does not count, one that is knowingly left out does."""
    contract = replace(CONTRACT, variables={}, minimum=3)
    env = {"A": "1", "B": "2", "C": "  "}
    assert problems(contract, env, target()) == [
        Problem("(all together)", "2 variables are set", "3 variables or more")
    ]
    assert problems(contract, env | {"C": "3"}, target()) == []
    skippable = {"D": RULES["set"].model_copy(update={"required": True, "skippable": True})}
    knowing = target(APEX_SKIPPED_VARIABLES="D")
    assert problems(replace(contract, variables=skippable), env, knowing) == []


def test_the_pools_of_all_instances_are_told() -> None:
    """Nine connections pass, ten do not; what is no number counts as nothing here."""
    contract = replace(CONTRACT, variables={}, minimum=0)
    size, overflow = CONTRACT.pool.variables

    def pool(instances: int, **env: str) -> list[Problem]:
        return problems(contract, env, target(), instances=instances)

    assert pool(1, **{size: "9"}) == pool(3, **{size: "2", overflow: "1"}) == pool(9, **{size: "many"}) == []
    wanted = "fewer than 10 connections of all instances"
    assert pool(1, **{size: " 9 ", overflow: "1"}) == [
        Problem(f"{size} + {overflow}", "10 connections (1 instance at most)", wanted)
    ]
    assert pool(2, **{overflow: "5"}) == [Problem(overflow, "10 connections (2 instances at most)", wanted)]
    assert problems(contract, {size: "9"}, target()) == []


def test_variables_of_another_service_are_told() -> None:
    """Another value, none, and one that only the other has."""
    api, other = {"A": "1", "B": "2", "D": "4"}, {"A": "1", "B": "3", "C": "5"}
    wanted = "the same value as the API's"
    assert differing_variables(("A", "B", "C", "D", "E"), api, other, "worker") == (
        Problem("B", "differs in worker", wanted),
        Problem("C", "differs in worker", wanted),
        Problem("D", "is not set in worker", wanted),
    )


@pytest.mark.parametrize(
    "name", ["A_KEY", "a_secret", "Token", "MY_PASSWORD", "db_passwd", "SENTRY_DSN", "GOOGLE_CREDENTIALS", "KEYSTONE"]
)
def test_a_name_says_that_a_value_is_secret(name: str) -> None:
    """From eight characters on, white space not counted; the value is kept as it stands."""
    contract = replace(CONTRACT, variables={})
    assert secret_values(contract, {name: " 12345678 "}) == {name: " 12345678 "}
    assert secret_values(contract, {name: " 1234567 "}) == {}
    assert secret_values(contract, {"PLAIN": KEY}) == {}
