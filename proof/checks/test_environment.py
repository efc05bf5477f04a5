"""The environment's rules: each breach is refused with a reason, and no reason holds a value."""

from __future__ import annotations

import base64
import hashlib
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.checks.addresses import same_database, same_store
from acceptance.checks.environment import differing_variables, problems, secret_values, skipped
from acceptance.checks.hosts import host_reason
from acceptance.checks.randomness import key_reason, opaque_reason
from acceptance.contract import Contract
from acceptance.outcomes import Unverified
from acceptance.target import Target, make_target

CONTRACT = Contract().environment
DATABASE = "postgresql://ecomdash:Wq7-fmz2Kd@dpg-abc123-a/ecomdash"
STORE = "redis://red-xyz789:6379"
TARGET = {
    "APEX_BASE_URL": "https://ecomdash-api.onrender.com",
    "DATABASE_URL": "postgresql://ecomdash:Wq7-fmz2Kd@dpg-abc123-a.oregon-postgres.render.com:5432/ecomdash",
    "REDIS_URL": "rediss://red-xyz789:word@oregon-keyvalue.render.com:6379",
}
GOOD = {
    "ENVIRONMENT": "production",
    "DEBUG": "false",
    "LOG_LEVEL": "INFO",
    "DATABASE_URL": DATABASE,
    "REDIS_URL": STORE,
    "SECRET_KEY": hashlib.sha256(b"one").hexdigest(),
    "ENCRYPTION_KEY": hashlib.sha256(b"another").hexdigest(),
    "SHOPIFY_API_KEY": "7d1b93c5e04f6a82b9c3d57e10f4a68b",
    "SHOPIFY_API_SECRET": "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",
    "SHOPIFY_APP_URL": "https://app.ecomdash.io",
    "ALLOWED_ORIGINS": "https://app.ecomdash.io, https://shop.ecomdash.io",
    "OPENROUTER_API_KEY": "sk-or-v1-9b1c7e5d3f0a8642c1e7b5d9f3a08642",
}


def target(**changes: str) -> Target:
    """Return a target whose addresses are external forms of the service's."""
    return make_target({key: value for key, value in (TARGET | changes).items() if value}, "proof")


def refused(**changes: str) -> dict[str, str]:
    """Return what is refused, by name, when the good environment is changed."""
    return {problem.name: problem.reason for problem in problems(CONTRACT, GOOD | changes, target())}


def test_a_good_environment_has_no_problem() -> None:
    """Internal addresses of the service are the external ones that were tested."""
    assert refused() == {}


@pytest.mark.parametrize("name", [name for name, variable in CONTRACT.variables.items() if variable.required])
def test_each_required_variable_is_missed(name: str) -> None:
    """Whether it is not there or only blank."""
    left = {key: value for key, value in GOOD.items() if key != name}
    reasons = {p.name: p.reason for p in problems(CONTRACT, left, target())}
    assert reasons[name] == "it is not set"
    assert refused(**{name: "  "})[name] == "it is empty"


@pytest.mark.parametrize(
    ("name", "value", "reason"),
    [
        ("ENVIRONMENT", "development", "another value"),
        ("ENVIRONMENT", "Production", "another value"),
        ("DEBUG", "true", "another value"),
        ("LOG_LEVEL", "DEBUG", "another value"),
        ("SECRET_KEY", "changeme", "replaced"),
        ("SECRET_KEY", "your-secret-key-here", "template"),
        ("SECRET_KEY", "dev-secret-key-do-not-use", "development"),
        ("SECRET_KEY", "a" * 64, "repeats itself"),
        ("SECRET_KEY", "0123456789abcdef" * 4, "repeats itself"),
        ("SECRET_KEY", "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", "sequence"),
        ("SECRET_KEY", "9f86d081884c7d65", "64 bits"),
        ("SECRET_KEY", "correct horse battery staple and seventeen more words of it", "phrase"),
        ("ENCRYPTION_KEY", GOOD["SECRET_KEY"], "same value as SECRET_KEY"),
        ("SHOPIFY_API_KEY", "<your key>", "template"),
        ("SHOPIFY_API_KEY", "xxxxxxxx", "blanked out"),
        ("SHOPIFY_API_SECRET", "example-secret-0451", "example"),
        ("OPENROUTER_API_KEY", "todo", "stands for nothing"),
        ("SHOPIFY_APP_URL", "http://app.ecomdash.io", "not https"),
        ("SHOPIFY_APP_URL", "https://localhost:3000", "own machine"),
        ("SHOPIFY_APP_URL", "https://your-app.example.com", "example domain"),
        ("SHOPIFY_APP_URL", "app.ecomdash.io", "no address"),
        ("ALLOWED_ORIGINS", "*", "origin with *"),
        ("ALLOWED_ORIGINS", "https://app.ecomdash.io,https://*.ecomdash.io", "origin with *"),
        ("ALLOWED_ORIGINS", "https://app.ecomdash.io,http://localhost:3000", "own machine"),
        ("ALLOWED_ORIGINS", "http://app.ecomdash.io", "not https"),
        ("ALLOWED_ORIGINS", "https://app.ecomdash.io/start", "path"),
        ("ALLOWED_ORIGINS", "https://app.ecomdash.io,", "no origin"),
        ("ALLOWED_ORIGINS", "https://app.ecomdash.io#top", "path"),
        ("ALLOWED_ORIGINS", "https://me:word@app.ecomdash.io", "user's name"),
        ("ALLOWED_ORIGINS", "null", "no origin"),
        ("ALLOWED_ORIGINS", "https://10.0.0.7", "private network"),
        ("SHOPIFY_API_SECRET", GOOD["SHOPIFY_API_KEY"], "same value as SHOPIFY_API_KEY"),
        ("DATABASE_URL", "mysql://u:p@h/d", "another scheme"),
        ("DATABASE_URL", "postgresql://ecomdash@dpg-abc123-a/ecomdash", "without password"),
        ("DATABASE_URL", "postgresql://ecomdash:changeme@dpg-abc123-a/ecomdash", "placeholder"),
        ("DATABASE_URL", DATABASE.replace("abc123", "zzz999"), "another database"),
        ("DATABASE_URL", f"{DATABASE}_old", "another database"),
        ("REDIS_URL", "http://red-xyz789:6379", "another scheme"),
        ("REDIS_URL", "redis://red-other:6379", "another key value store"),
        ("REDIS_URL", "redis://red-xyz789:6379/3", "another key value store"),
        ("REDIS_URL", "redis://red-xyz789:change-me@red-xyz789:6379", "placeholder"),
        ("RATE_LIMIT_REQUESTS", "many", "no whole number"),
        ("RATE_LIMIT_PERIOD", "0", "smaller number"),
        ("SENTRY_DSN", "http://key@sentry.io/1", "not https"),
        ("RESEND_API_KEY", "changeme", "placeholder"),
    ],
)
def test_each_breach_is_refused_without_its_value(name: str, value: str, reason: str) -> None:
    """The reason names the breach, and never holds what was set."""
    found = refused(**{name: value})
    assert list(found) == [name]
    assert reason in found[name]
    assert value.strip() not in found[name] or len(value) < 3


def test_the_pool_of_all_instances_counts() -> None:
    """Three instances of three connections are nine, of four are twelve."""
    env = GOOD | {"DATABASE_POOL_SIZE": "2", "DATABASE_MAX_OVERFLOW": "1"}
    assert problems(CONTRACT, env, target(), instances=3) == []
    (problem,) = problems(CONTRACT, env | {"DATABASE_POOL_SIZE": "3"}, target(), instances=3)
    assert "12 connections" in problem.reason


def test_too_few_variables_are_counted() -> None:
    """The plan asks for twelve, whatever their names."""
    found = {p.name for p in problems(CONTRACT, {k: v for k, v in GOOD.items() if k != "DEBUG"}, target())}
    assert found == {"DEBUG", "(all together)"}


def test_a_variable_may_be_left_out_knowingly() -> None:
    """Only one that the contract lets go; it is a note, and no problem."""
    left = {key: value for key, value in GOOD.items() if key not in ("SHOPIFY_API_KEY", "SECRET_KEY")}
    knowing = target(APEX_SKIPPED_VARIABLES="SHOPIFY_API_KEY,SECRET_KEY")
    assert {p.name for p in problems(CONTRACT, left, knowing)} == {"SECRET_KEY", "(all together)"}
    assert skipped(CONTRACT, left, knowing.knowingly_skipped) == ["SHOPIFY_API_KEY"]


def test_an_address_that_was_not_tested_is_unverified() -> None:
    """Unless something is wrong anyway: that is a failure first."""
    with pytest.raises(Unverified, match="the target sets no REDIS_URL"):
        problems(CONTRACT, GOOD, target(REDIS_URL=""))
    assert problems(CONTRACT, GOOD | {"DEBUG": "true"}, target(REDIS_URL=""))


@pytest.mark.parametrize("password", ["secret/0451", "[secret0451", "secret0451:x/y", "[secret0451]", "se@[cret0451]/"])
def test_a_badly_escaped_password_shows_no_piece_of_itself(password: str) -> None:
    """In the service's address it is a problem; compared, it is an error with a fixed sentence."""
    address = f"postgresql://ecomdash:{password}@dpg-abc123-a/ecomdash"
    reason = refused(DATABASE_URL=address)["DATABASE_URL"]
    with pytest.raises(ValueError, match="no address") as caught:
        same_database(address, DATABASE)
    for shown in (reason, str(caught.value)):
        assert "percent-encoded" in shown
        assert "0451" not in shown


def test_undeclared_secrets_are_secret() -> None:
    """By the name's words, in any case; a short value is none, and an ordinary variable neither."""
    env = {
        "SECRET_KEY": "short",
        "Stripe_Api_Key": "sk_live_1234",
        "SMTP_PASSWORD": "12345678",
        "GITHUB_TOKEN": "7 chars",
        "AWS_CREDENTIALS": "{json: true}",
        "SENTRY_DSN": " ",
        "OLD_DSN": "https://k@h/1",
        "DB_PASSWD": "hunter22",
        "DEBUG": "false-false",
    }
    found = secret_values(CONTRACT, env)
    assert set(found) == {
        "SECRET_KEY", "Stripe_Api_Key", "SMTP_PASSWORD", "AWS_CREDENTIALS", "OLD_DSN", "DB_PASSWD"
    }  # fmt: skip
    assert found["SMTP_PASSWORD"] == "12345678"


def test_another_service_must_hold_the_same_values() -> None:
    """Named by variable and service, without the values."""
    other = GOOD | {"SECRET_KEY": secrets.token_hex(32)}
    names = ("SECRET_KEY", "REDIS_URL")
    (problem,) = differing_variables(names, GOOD, other, "ecomdash-worker")
    assert (problem.name, problem.reason) == ("SECRET_KEY", "differs in ecomdash-worker")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("postgresql://u:a@localhost:5433/d", "postgres://u:b@127.0.0.1:5433/d", True),
        ("postgresql://u:a@localhost/d", "postgresql://u:a@localhost:5432/d", True),
        ("postgresql://u:a@localhost:5433/d", "postgresql://u:a@localhost:5434/d", False),
        ("postgresql://u:a@h/d", "postgresql://v:a@h/d", False),
        ("postgresql://u:a@dpg-1-a/d", "postgresql://u:a@dpg-1-a.ohio-postgres.render.com/d?sslmode=require", True),
        ("postgresql://u:a@dpg-1-a/d", "postgresql://u:a@dpg-1-b/d", False),
    ],
)
def test_databases_are_compared_by_server_name_and_user(one: str, other: str, *, same: bool) -> None:
    """Passwords and parameters don't count; internal and external hosts are one."""
    assert same_database(one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("redis://:a@localhost:6380/0", "redis://default:a@127.0.0.1:6380", True),
        ("redis://localhost:6380", "redis://localhost:6381", False),
        ("redis://red-1:6379", "rediss://red-1:w@ohio-keyvalue.render.com:6379", True),
        ("redis://red-1:6379", "rediss://red-2:w@ohio-keyvalue.render.com:6379", False),
    ],
)
def test_stores_are_compared_by_server_and_number(one: str, other: str, *, same: bool) -> None:
    """Externally the provider's user is the internal host."""
    assert same_store(one, other) is same


@given(st.binary(min_size=32, max_size=32).filter(lambda raw: len(set(raw)) > 25))
def test_random_keys_are_accepted_however_they_are_written(raw: bytes) -> None:
    """32 random bytes, in hex; base64 may by chance spell a word."""
    assert key_reason(raw.hex(), 32) in ("", "it is blanked out")


def test_generated_keys_are_accepted() -> None:
    """What openssl and the standard library generate."""
    reasons = [key_reason(secrets.token_hex(32), 32) for _ in range(2_000)]
    reasons += [key_reason(base64.b64encode(secrets.token_bytes(33)).decode(), 32) for _ in range(2_000)]
    reasons += [opaque_reason(secrets.token_hex(16)) for _ in range(2_000)]
    assert sum(map(bool, reasons)) <= 2  # once in some hundred thousand a random key spells a placeholder


@given(st.text("0123456789abcdef", min_size=1, max_size=31))
def test_half_a_key_twice_is_refused(half: str) -> None:
    """Its length is that of a good key, its entropy is not."""
    assert key_reason(half * (64 // len(half) + 1), 32)


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("ENVIRONMENT", "production ", "white space"),
        ("SECRET_KEY", f'"{GOOD["SECRET_KEY"]}"', "quotes"),
        ("SHOPIFY_API_KEY", f"'{GOOD['SHOPIFY_API_KEY']}'", "quotes"),
        ("SECRET_KEY", f"{GOOD['SECRET_KEY']}\nDEBUG=true", "can't be seen"),
        ("DATABASE_URL", DATABASE.replace("Wq7-fmz2Kd", "Zt9-other8Word"), "another password"),
        ("REDIS_URL", STORE.replace("//", "//default:Zt9-other8Word@"), "another password"),
        ("DATABASE_URL", f"{DATABASE}?dbname=other", "another database"),
        ("DATABASE_URL", f"{DATABASE}?host=elsewhere.test", "another database"),
        ("DATABASE_URL", f"{DATABASE}?options=-csearch_path%3Dshadow", "another database"),
    ],
)
def test_what_looks_alike_is_refused(name: str, value: str, words: str) -> None:
    """Space and quotes that the application keeps, a password that was not tried, an overridden address."""
    assert words in refused(**{name: value})[name]


@pytest.mark.parametrize(
    ("host", "words"),
    [
        ("localhost", "own machine"),
        ("shop.localhost", "own machine"),
        ("127.0.0.2", "own machine"),
        ("::1", "own machine"),
        ("0.0.0.0", "private network"),
        ("192.168.1.20", "private network"),
        ("fd00::7", "private network"),
        ("api", "private network"),
        ("shop.local", "private network"),
        ("shop.test", "private network"),
        ("Shop.Example.COM.", "example domain"),
        ("odd-fox.trycloudflare.com", "tunnel"),
        ("3f1c.ngrok-free.app", "tunnel"),
        ("yourapp.com", "template"),
        ("shop.your-domain.com", "template"),
        ("${app}.onrender.com", "template"),
    ],
)
def test_a_host_that_the_world_does_not_reach_is_refused(host: str, words: str) -> None:
    """Whatever development, examples and templates leave behind."""
    assert words in host_reason(host)


@pytest.mark.parametrize(
    "host", ["ecomdash-api.onrender.com", "app.ecomdash.io", "1.1.1.1", "yourself.io", "ingrok.io", "2606:4700::1111"]
)
def test_a_public_host_is_accepted(host: str) -> None:
    """What only looks alike is none of them."""
    assert host_reason(host) == ""
