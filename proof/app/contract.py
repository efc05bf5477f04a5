"""The contract's requests, made ready to be sent, and its schemas."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

FOLDER = Path(__file__).parents[2] / "contract"


@cache
def load(name: str) -> Any:
    """Reads one of the contract's YAML files."""
    return yaml.safe_load((FOLDER / name).read_text())


def entries(kind: str) -> list[dict[str, Any]]:
    """Gives the good or the bad requests."""
    found: list[dict[str, Any]] = load("requests.yaml")[kind]
    return found


def filler(prefix: str) -> Callable[[Any], Any]:
    """Makes the function that puts values for the placeholders into a request."""
    now = datetime.now(UTC).replace(microsecond=0, tzinfo=None)
    values = {"prefix": prefix, "now": now.isoformat(), "day_ago": (now - timedelta(days=1)).isoformat()}

    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: fill(part) for name, part in value.items()}
        if isinstance(value, list):
            return [fill(part) for part in value]
        if not isinstance(value, str):
            return value
        named = re.sub(r"\{(prefix|now|day_ago)\}", lambda found: values[found[1]], value)
        return re.sub(r"\{repeat:(\d+):([^}]+)\}", lambda found: found[2] * int(found[1]), named)

    return fill


def request(client: httpx.Client, entry: dict[str, Any], prefix: str) -> httpx.Response:
    """Sends a request of the contract."""
    fill = filler(prefix)
    content: dict[str, Any] = {}
    if "json" in entry:
        content = {"json": fill(entry["json"])}
    elif repeat := entry.get("json_repeat"):
        content = {"json": {repeat["field"]: [fill(repeat["item"])] * repeat["count"]}}
    elif "body" in entry:
        body = fill(entry["body"]).encode()
        content = {"content": body, "headers": {"Content-Type": entry["content_type"]}}
    query = [(name, value) for name, value in fill(entry.get("query", []))]
    return client.request(entry["method"], fill(entry["path"]), params=query or None, **content)


def operations() -> dict[str, dict[str, Any]]:
    """Gives every operation by its id."""
    return {
        operation["operationId"]: operation
        for path in load("openapi.yaml")["paths"].values()
        for name, operation in path.items()
        if name != "parameters"
    }


def breaches(answer: httpx.Response, operation_id: str) -> list[str]:
    """Says how an answer breaks its operation's schema."""
    document = load("openapi.yaml")
    response = operations()[operation_id]["responses"][str(answer.status_code)]
    if "$ref" in response:
        response = document["components"]["responses"][response["$ref"].rsplit("/", 1)[1]]
    kind = answer.headers["content-type"].partition(";")[0]
    if kind not in response["content"]:
        return [f"content type {kind}"]
    value = answer.json() if kind == "application/json" else answer.text
    schema = {**response["content"][kind]["schema"], "components": document["components"]}
    registry: Registry[Any] = Registry().with_resource("", DRAFT202012.create_resource(document))
    return [error.message for error in Draft202012Validator(schema, registry=registry).iter_errors(value)]
