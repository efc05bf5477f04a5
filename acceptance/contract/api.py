"""The contract's API: `openapi.yaml`, as far as answers are judged by it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from acceptance.contract.reading import ContractError, read_yaml

_METHODS = ("get", "put", "post", "delete", "patch", "head", "options")
_URN = "urn:apex:openapi"


@dataclass(frozen=True)
class Operation:
    """A method of a path. `answers` holds for each status the content types, each with its schema's address."""

    id: str
    method: str
    path: str
    answers: Mapping[int, Mapping[str, str]]


@dataclass(frozen=True)
class Api:
    """The operations by id, and the document that their schemas' addresses point into."""

    operations: Mapping[str, Operation]
    document: Mapping[str, Any] = field(repr=False)

    @cached_property
    def registry(self) -> Any:  # noqa: ANN401 - a referencing.Registry, imported when a schema is first used
        """The document, for resolving references."""
        from referencing import Registry
        from referencing.jsonschema import DRAFT202012

        return Registry().with_resource(_URN, DRAFT202012.create_resource(self.document))

    def schema(self, address: str) -> Any:  # noqa: ANN401 - a JSON schema may be any object
        """Return the schema at an address of the document.

        Raises:
            referencing.exceptions.Unresolvable: there is none.
        """
        return self.registry.resolver(_URN).lookup(address).contents


def read_api(path: Path) -> Api:
    """Read `openapi.yaml`.

    Raises:
        ContractError: it is broken, names no operation, or an operation twice, or points at nothing.
    """
    document = read_yaml(path)
    operations: dict[str, Operation] = {}
    for operation in _operations(path, document):
        if operation.id in operations:
            raise ContractError(f"{path.name}: operationId {operation.id} stands twice")
        operations[operation.id] = operation
    if not operations:
        raise ContractError(f"{path.name}: paths: expected at least one operation, found none")
    api = Api(operations, document)
    _check_schemas(path, api)
    return api


def _operations(path: Path, document: Mapping[str, Any]) -> Iterator[Operation]:
    for url, item in _mapping(path, document, "paths").items():
        for method in _METHODS:
            if method not in item:
                continue
            where = f"paths.{url}.{method}"
            operation_id = item[method].get("operationId")
            if not operation_id:
                raise ContractError(f"{path.name}: {where}.operationId: expected a name, found none")
            responses = _mapping(path, item[method], "responses", where)
            base = f"#/paths/{_escaped(url)}/{method}/responses"
            answers = {
                int(status): _content(path, document, response, f"{base}/{status}")
                for status, response in responses.items()
            }
            yield Operation(operation_id, method.upper(), url, answers)


def _content(path: Path, document: Mapping[str, Any], response: Mapping[str, Any], address: str) -> dict[str, str]:
    """The addresses of a response's schemas, by content type."""
    if "$ref" in response:
        address = response["$ref"]
        response = _target(path, document, address)
    content = response.get("content", {})
    return {kind: f"{_URN}{address}/content/{_escaped(kind)}/schema" for kind in content}


def _target(path: Path, document: Mapping[str, Any], address: str) -> Mapping[str, Any]:
    found: Any = document
    for part in address.removeprefix("#/").split("/"):
        found = found.get(part.replace("~1", "/").replace("~0", "~")) if isinstance(found, dict) else None
    if not isinstance(found, dict):
        raise ContractError(f"{path.name}: {address} points at nothing")
    return found


def _escaped(part: str) -> str:
    """A key as a part of a JSON pointer."""
    return part.replace("~", "~0").replace("/", "~1").replace("{", "%7B").replace("}", "%7D")


def _mapping(path: Path, data: Mapping[str, Any], key: str, where: str = "") -> Mapping[str, Any]:
    found = data.get(key)
    if not isinstance(found, dict) or not found:
        raise ContractError(f"{path.name}: {'.'.join(filter(None, (where, key)))}: expected entries, found none")
    return found


def _check_schemas(path: Path, api: Api) -> None:
    """Refuse a broken schema or a reference to nothing before an answer is judged by it."""
    from jsonschema import Draft202012Validator, SchemaError
    from referencing.exceptions import Unresolvable

    stated = {
        address for op in api.operations.values() for content in op.answers.values() for address in content.values()
    }
    try:
        for reference in set(_references(api.document)):
            api.schema(f"{_URN}{reference}")
        inline = [schema for schema in map(api.schema, stated) if "$ref" not in schema]
        shared = api.document.get("components", {}).get("schemas", {}).values()
        for schema in (*inline, *shared):
            Draft202012Validator.check_schema(schema)
    except Unresolvable as error:
        raise ContractError(f"{path.name}: {error.ref} points at nothing") from error
    except SchemaError as error:
        raise ContractError(f"{path.name}: a schema is wrong: {error.message}") from error


def _references(data: object) -> Iterator[str]:
    if isinstance(data, dict):
        if isinstance(reference := data.get("$ref"), str):
            yield reference
        for value in data.values():
            yield from _references(value)
    elif isinstance(data, list):
        for value in data:
            yield from _references(value)
