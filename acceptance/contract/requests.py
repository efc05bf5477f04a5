"""The requests that the API is asked with, good and bad: `requests.yaml`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from pydantic import Field, model_validator

from acceptance.contract.api import Api
from acceptance.contract.reading import ContractError, Entry, parse, read_yaml
from acceptance.probes.exchange import Request

_FILLED = re.compile(r"\{(?:(prefix|now|day_ago)|repeat:(\d+):([^{}]+))\}")


@dataclass(frozen=True)
class Filling:
    """What the braces in a planned request stand for: the run's prefix, and the time (UTC)."""

    prefix: str
    now: datetime

    def text(self, template: str) -> str:
        """Return the text with its known braces filled."""
        return _FILLED.sub(self._one, template)

    def data(self, value: Any) -> Any:  # noqa: ANN401 - any JSON
        """Return JSON data with the braces of all its strings filled."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, dict):
            return {key: self.data(item) for key, item in value.items()}
        return [self.data(item) for item in value] if isinstance(value, list) else value

    def _one(self, match: re.Match[str]) -> str:
        name, times, repeated = match.groups()
        if times:
            return str(repeated) * int(times)
        moments = {"now": self.now, "day_ago": self.now - timedelta(days=1)}
        return f"{moments[name].astimezone(UTC):%Y-%m-%dT%H:%M:%S}" if name in moments else self.prefix


class Repeated(Entry):
    """A body of one field that holds `item` `count` times."""

    count: int = Field(ge=1)
    field: str
    item: Any


class PlannedRequest(Entry):
    """One request of the contract and the statuses that it may be answered with.

    `writes`: it would store something if the application accepted it. `after`: the id of a request that is sent in an
    earlier wave.
    """

    id: str
    method: str
    path: str = Field(pattern="^/")
    expect: tuple[int, ...] = Field(min_length=1)
    operation: str | None = None
    query: tuple[tuple[str, str], ...] = ()
    json_body: Any = Field(default=None, alias="json")
    json_repeat: Repeated | None = None
    body: str | None = None
    content_type: str | None = None
    writes: bool = False
    after: str | None = None

    @property
    def needs_writing(self) -> bool:
        """Whether it can be asked only where something may be stored."""
        return self.writes or self.after is not None

    @model_validator(mode="after")
    def _has_one_body(self) -> Self:
        if sum(body is not None for body in (self.json_body, self.json_repeat, self.body)) > 1:
            raise ValueError("expected one of json, json_repeat and body")
        if (self.body is None) != (self.content_type is None):
            raise ValueError("body and content_type belong together")
        return self

    def request(self, filling: Filling) -> Request:
        """Return the request as it is sent."""
        content = self._content(filling)
        headers = {"Content-Type": self.content_type or "application/json"} if content is not None else {}
        query = tuple((name, filling.text(value)) for name, value in self.query)
        return Request(self.method, filling.text(self.path), query, headers, content, self.id)

    def _content(self, filling: Filling) -> bytes | None:
        if self.body is not None:
            return filling.text(self.body).encode()
        data = self.json_body
        if self.json_repeat:
            data = {self.json_repeat.field: [self.json_repeat.item] * self.json_repeat.count}
        return None if data is None else json.dumps(filling.data(data)).encode()


@dataclass(frozen=True)
class PlannedRequests:
    """Good input, and bad input that must be refused."""

    good: tuple[PlannedRequest, ...]
    bad: tuple[PlannedRequest, ...]

    def __iter__(self) -> Iterator[PlannedRequest]:
        """Iterate over good and bad."""
        return iter((*self.good, *self.bad))


def read_requests(path: Path, api: Api) -> PlannedRequests:
    """Read `requests.yaml`.

    Raises:
        ContractError: it is broken, a list is empty, an id stands twice, or an entry names what does not exist.
    """
    data = read_yaml(path)
    good, bad = (_entries(path, key, data.get(key)) for key in ("good", "bad"))
    _refuse_unknown(path, (*good, *bad), api)
    covered = {entry.operation for entry in good}
    if left_out := sorted(set(api.operations) - covered):
        raise ContractError(
            f"{path.name}: good: expected a request for every operation, none for {', '.join(left_out)}"
        )
    return PlannedRequests(good, bad)


def _entries(path: Path, key: str, entries: object) -> tuple[PlannedRequest, ...]:
    if not isinstance(entries, list) or not entries:
        raise ContractError(f"{path.name}: {key}: expected at least one request, found none")
    return tuple(parse(path, PlannedRequest, entry, f"{key}.{_name(entry, n)}") for n, entry in enumerate(entries))


def _name(entry: object, number: int) -> str:
    return str(entry.get("id", number)) if isinstance(entry, Mapping) else str(number)


def _refuse_unknown(path: Path, entries: Sequence[PlannedRequest], api: Api) -> None:
    known: set[str] = set()
    for entry in entries:
        if entry.id in known:
            raise ContractError(f"{path.name}: {entry.id}: the id stands twice")
        if entry.after is not None and entry.after not in known:
            raise ContractError(
                f"{path.name}: {entry.id}.after: expected the id of an earlier request, found {entry.after}"
            )
        if entry.operation is not None and entry.operation not in api.operations:
            raise ContractError(f"{path.name}: {entry.id}.operation: {entry.operation} is not in openapi.yaml")
        known.add(entry.id)
