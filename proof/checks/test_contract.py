"""The contract's files: a broken one is said by file, key and what is expected; an empty one is never a pass."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from acceptance.contract import CONTRACT_DIR, Contract, ContractError, Filling

Read = Callable[[Contract], object]
FILLING = Filling("apx-7", datetime(2026, 11, 2, 9, 30, 15, tzinfo=UTC))

SCHEMA: Read = lambda contract: contract.database  # noqa: E731 - what is read, by name
ENVIRONMENT: Read = lambda contract: contract.environment  # noqa: E731
SERVICES: Read = lambda contract: contract.services  # noqa: E731
EXPOSURE: Read = lambda contract: contract.exposure  # noqa: E731
API: Read = lambda contract: contract.api  # noqa: E731
REQUESTS: Read = lambda contract: contract.requests  # noqa: E731


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the contract that a test may break."""
    return Path(shutil.copytree(CONTRACT_DIR, tmp_path / "contract"))


def test_the_contract_holds_what_the_plan_promises() -> None:
    """Fourteen tables of two revisions, the API's variables, five services, every operation with good input."""
    contract = Contract()
    assert {r: len(names) for r, names in contract.database.tables_of.items()} == {"001": 8, "002": 6}
    assert sum(v.required for v in contract.environment.variables.values()) == 12
    assert {"SECRET_KEY", "DATABASE_URL", "SENTRY_DSN"} <= contract.environment.secrets
    assert [s.name for s in contract.services if s.required] == ["ecomdash-api", "ecomdash-db", "ecomdash-redis"]
    assert {planned.operation for planned in contract.requests.good} == set(contract.api.operations)


def test_whatever_would_be_stored_is_marked() -> None:
    """Good or bad: an application that accepts a bad event stores it."""
    planned = {entry.id for entry in Contract().requests if (entry.operation or "").startswith("track")}
    assert {entry.id for entry in Contract().requests if entry.writes} == planned
    assert len(planned) > 15


def test_a_gate_s_requests_fit_into_the_rate_limit() -> None:
    """All of them together, with the samples of the health check and the redirect: 90 or fewer."""
    contract = Contract()
    assert len(list(contract.requests)) + len(contract.exposure.leak_paths) <= 80


@pytest.mark.parametrize(
    ("name", "text", "read", "words"),
    [
        ("schema.toml", "", SCHEMA, "schema.toml: tables: expected at least one entry, found none"),
        ("schema.toml", "head =", SCHEMA, "schema.toml is no valid TOML"),
        ("environment.toml", "minimum = 12", ENVIRONMENT, "environment.toml: variables: expected at least one"),
        ("services.toml", "", SERVICES, "services.toml: services: expected at least one entry"),
        ("exposure.toml", "leak_paths = []", EXPOSURE, "exposure.toml: leak_paths"),
        ("openapi.yaml", "paths: {}", API, "openapi.yaml: paths: expected entries, found none"),
        ("openapi.yaml", "- a list", API, "openapi.yaml: expected a mapping at the top, found list"),
        ("openapi.yaml", "a: [", API, "openapi.yaml is no valid YAML"),
        ("requests.yaml", "good: []", REQUESTS, "requests.yaml: good: expected at least one request"),
    ],
)
def test_an_empty_or_unreadable_file_is_an_error(folder: Path, name: str, text: str, read: Read, words: str) -> None:
    """A gate over nothing would be green by accident."""
    (folder / name).write_text(text)
    with pytest.raises(ContractError) as caught:
        read(Contract(folder))
    assert words in str(caught.value)


@pytest.mark.parametrize(
    ("name", "old", "new", "read", "words"),
    [
        ("schema.toml", 'head = "002"', 'head = "003"', SCHEMA, "head: expected one of revisions (001, 002)"),
        (
            "schema.toml",
            'ix_shops_domain = ["domain"]',
            'ix_shops_domain = ["dom"]',
            SCHEMA,
            "ix_shops_domain names dom",
        ),
        ("schema.toml", 'revision = "001"', 'revision = "000"', SCHEMA, "tables.shops.revision: '000'"),
        ("schema.toml", 'head = "002"', 'heads = "002"', SCHEMA, "schema.toml: head: Field required"),
        ("environment.toml", 'rule = "origins"', 'rule = "origin"', ENVIRONMENT, "variables.ALLOWED_ORIGINS.rule"),
        ("environment.toml", "min_bytes = 32", "", ENVIRONMENT, "the rule random_key needs min_bytes"),
        ("environment.toml", "secret = true", "secrets = true", ENVIRONMENT, "variables.DATABASE_URL.secrets: Extra"),
        ("services.toml", "api = true", "", SERVICES, "expected api = true of one service, found none"),
        ("services.toml", 'kind = "postgres"', 'kind = "mysql"', SERVICES, "services.ecomdash-db.kind"),
        ("exposure.toml", '"/docs"', '"docs"', EXPOSURE, "expected a path that begins with /, found 'docs'"),
        ("exposure.toml", "'-----BEGIN", "'(-----BEGIN", EXPOSURE, "is no regular expression"),
        ("exposure.toml", '["<title>"]', "[]", EXPOSURE, "implementation_details.a server's error page.signs"),
        ("exposure.toml", '["rnd_"]', '["RND_"]', EXPOSURE, "secret_shapes.a key of the hosting provider.signs.0"),
        ("openapi.yaml", 'schemas/Health"', 'schemas/Helth"', API, "points at nothing"),
        ("openapi.yaml", "operationId: ready", "operationId: health", API, "operationId health stands twice"),
        ("openapi.yaml", "operationId: ready", "summary: none", API, "operationId: expected a name"),
        ("openapi.yaml", "Count: { type: integer", "Count: { type: whole", API, "a schema is wrong"),
        ("requests.yaml", "operation: realtime", "operation: instant", REQUESTS, "instant is not in openapi.yaml"),
        ("requests.yaml", "after: track-batch", "after: nothing", REQUESTS, "expected the id of an earlier request"),
        ("requests.yaml", "id: root,", "id: health,", REQUESTS, "health: the id stands twice"),
        ("requests.yaml", "method: GET, path: /,", "path: /,", REQUESTS, "good.root.method: Field required"),
    ],
)
def test_a_broken_entry_is_named(folder: Path, *, name: str, old: str, new: str, read: Read, words: str) -> None:
    """By file and key, with what is expected."""
    text = (folder / name).read_text()
    assert old in text
    (folder / name).write_text(text.replace(old, new, 1))
    with pytest.raises(ContractError) as caught:
        read(Contract(folder))
    assert words in str(caught.value)
    assert str(caught.value).startswith(name)


def test_a_missing_file_is_an_error(folder: Path) -> None:
    """Named, and only when it is asked for."""
    (folder / "openapi.yaml").unlink()
    contract = Contract(folder)
    assert contract.schema.tables
    with pytest.raises(ContractError, match=r"openapi\.yaml can't be read"):
        _ = contract.api


def test_an_operation_without_good_input_is_an_error(folder: Path) -> None:
    """Every endpoint is asked; none is forgotten."""
    text = (folder / "openapi.yaml").read_text()
    more = (
        "  /new:\n    get:\n      operationId: brandNew\n      responses: { '200': { description: new } }\ncomponents:"
    )
    (folder / "openapi.yaml").write_text(text.replace("components:", more, 1))
    with pytest.raises(ContractError, match="none for brandNew"):
        _ = Contract(folder).requests


def test_a_planned_request_is_filled() -> None:
    """Prefix, times and repetitions; other braces stay."""
    template = "{prefix}|{now}|{day_ago}|{repeat:3:ab}|{repeat:2:/}|{other}|{}"
    assert FILLING.text(template) == "apx-7|2026-11-02T09:30:15|2026-11-01T09:30:15|ababab|//|{other}|{}"


def test_planned_requests_become_requests() -> None:
    """Query in order, JSON and literal bodies with their content type, and the id as a label."""
    planned = {entry.id: entry.request(FILLING) for entry in Contract().requests}
    assert planned["summary-dates-with-offset"].target == (
        "/api/v1/analytics/summary?date_from=2026-11-01T09%3A30%3A15%2B02%3A00&date_to=2026-11-02T09%3A30%3A15Z"
    )
    batch = planned["batch-of-101"].body or b""
    assert batch.count(b'"apx-7-contract"') == 101
    assert planned["event-malformed-json"].headers == {"Content-Type": "application/json"}
    assert planned["event-wrong-content-type"].headers == {"Content-Type": "application/x-www-form-urlencoded"}
    assert b"\\u0000" in (planned["event-nul-character"].body or b"")
    assert planned["unknown-method"].label == "unknown-method"
