"""The application keeps the contract: every request of it is answered as it says."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from proof.app.contract import breaches, entries, load, operations, request
from proof.app.serving import Application
from reference.app.events import Event

GOOD, BAD = entries("good"), entries("bad")


@pytest.fixture(scope="module")
def exposure(contract: Path) -> dict[str, Any]:
    """What no answer may show, as the contract lists it."""
    return tomllib.loads((contract / "exposure.toml").read_text())


@pytest.mark.parametrize("entry", GOOD, ids=lambda entry: entry["id"])
def test_good_input(application: Application, prefix: str, entry: dict[str, Any]) -> None:
    """Good input gets the documented status, and a body of the documented shape."""
    if "after" in entry:
        (before,) = [one for one in GOOD if one["id"] == entry["after"]]
        assert request(application.client, before, prefix).status_code in before["expect"]
    answer = request(application.client, entry, prefix)
    assert answer.status_code in entry["expect"], answer.text
    assert breaches(answer, entry["operation"]) == []


@pytest.mark.parametrize("entry", BAD, ids=lambda entry: entry["id"])
def test_bad_input(application: Application, exposure: dict[str, Any], prefix: str, entry: dict[str, Any]) -> None:
    """Bad input gets a documented 4xx with a JSON error that echoes nothing and shows nothing of the inside."""
    answer = request(application.client, entry, prefix)
    assert answer.status_code in entry["expect"], answer.text
    assert answer.headers["content-type"] == "application/json"
    assert list(answer.json()) == ["detail"]
    assert prefix not in answer.text
    traces = exposure["implementation_details"] | exposure["secret_shapes"]
    assert [what for what, trace in traces.items() if re.search(trace["regex"], answer.text)] == []


def test_every_operation_is_asked() -> None:
    """No operation of the contract is left out, and no id is used twice."""
    assert {entry["operation"] for entry in GOOD} == set(operations())
    ids = [entry["id"] for entry in GOOD + BAD]
    assert len(ids) == len(set(ids)) <= 50


def test_schemas_are_schemas() -> None:
    """Every schema of the contract is one by JSON Schema 2020-12, and every operation has its latency target."""
    for schema in load("openapi.yaml")["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    assert all(operation["x-latency-target-ms"] >= 500 for operation in operations().values())


def test_event_fields_are_the_contracts() -> None:
    """The application's event has exactly the contract's fields."""
    promised = load("openapi.yaml")["components"]["schemas"]["Event"]
    assert set(Event.model_fields) == set(promised["properties"])
    required = {name for name, field in Event.model_fields.items() if field.is_required()}
    assert required == set(promised["required"])


def test_leak_paths_are_not_served(application: Application, exposure: dict[str, Any]) -> None:
    """Documentation, schema and files that leak are unknown paths in production."""
    for path in exposure["leak_paths"]:
        answer = application.client.get(path)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Not Found"}), path
