"""A client of the provider's API that holds each good answer against its published shape."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
from jsonschema import Draft202012Validator

from proof.provider_api.memory import MemoryEngine
from reference.provider.model import Service, Workspace

_SHAPES = json.loads((Path(__file__).parent / "answers.schema.json").read_text())
_IDS = re.compile(r"/(?:(?:srv|crn|dep|dpg|red|evg|tea)-[^/]+|(?<=/env-vars/)[^/]+|(?<=/metrics/)[^/]+)")


@cache
def _validator(template: str) -> Draft202012Validator:
    return Draft202012Validator({"$defs": _SHAPES["$defs"], **_SHAPES["answers"][template]})


def validate(path: str, body: object) -> None:
    """Hold the body of a GET of `path` against its shape.

    Raises:
        jsonschema.ValidationError: it deviates.
    """
    _validator(_IDS.sub("/{}", path)).validate(body)


@dataclass
class Provider:
    """A provider that is being served, and all that stands behind it."""

    http: httpx.Client
    workspace: Workspace
    engine: MemoryEngine

    @property
    def api(self) -> Service:
        """The plan's web service."""
        return self.workspace.services[0]

    def get(self, path: str, /, **parameters: Any) -> Any:
        """The body of a GET that succeeds and keeps to its shape."""
        answer = self.http.get(path, params=parameters)
        assert answer.status_code == 200, answer.text
        body = answer.json()
        validate(path, body)
        return body

    def refused(self, status: int, method: str, path: str, **options: Any) -> str:
        """The message of a request that ends in an error of `status`."""
        answer = self.http.request(method, path, **options)
        assert answer.status_code == status, answer.text
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        body = answer.json()
        assert body.keys() == {"message"}
        return str(body["message"])

    def walk(self, path: str, kind: str, **parameters: Any) -> Iterator[Any]:
        """Every item of a listing, page by page."""
        while page := self.get(path, **parameters):
            yield from (item[kind] for item in page)
            parameters["cursor"] = page[-1]["cursor"]
