"""Random answers of the provider: the reading is right or unverified; never a trace, never a wrong "all well"."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Sequence
from typing import Any

import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from acceptance.checks import services as checks
from acceptance.contract import Contract
from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.provider import ProviderClient
from proof.provider_api.memory import make_engine, make_workspace, serving
from reference.provider.api import create_api

SERVICES = Contract().services
FAST = settings(deadline=None, max_examples=40)
STATUSES = [200, 200, 201, 202, 206, 301, 400, 401, 403, 404, 410, 429, 500, 503]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
FACTS = [
    ("/services", "service", "name"),
    ("/services", "service", "type"),
    ("/services", "service", "suspended"),
    ("/postgres", "postgres", "name"),
    ("/postgres", "postgres", "status"),
    ("/postgres", "postgres", "suspended"),
    ("/key-value", "keyValue", "name"),
    ("/key-value", "keyValue", "status"),
    ("/services/{api}/deploys", "deploy", "status"),
    ("/services/{api}/deploys", "deploy", "createdAt"),
    ("/services/{api}/deploys", "deploy", "commit"),
]
"""What MH-1 stands on: in the first item of each listing, which is the plan's (of the deploys: the live one)."""


class Provider:
    """The embedded provider's API; the first page of one path can be replaced."""

    def __init__(self) -> None:
        self.workspace = make_workspace()
        self.workspace.quirks.newest_first = True
        self.instead: dict[str, tuple[int, bytes]] = {}
        self._app = create_api(self.workspace, make_engine(self.workspace))
        self.url = ""
        self.healthy: dict[str, Any] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer what stands for the path instead."""
        status, body = self.instead.get(scope.get("path", ""), (0, b""))
        if not status or b"cursor=" in scope["query_string"]:
            await self._app(scope, receive, send)
            return
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def path(self, template: str) -> str:
        """Return a path below the version, with the plan's ids."""
        api, group = self.workspace.services[0], self.workspace.env_groups[0]
        return "/v1" + template.format(api=api.id, group=group.id)

    def answer(self, template: str) -> Any:
        """Return what is answered when all is well."""
        headers = {"Authorization": f"Bearer {self.workspace.api_key}"}
        return httpx.get(f"{self.url}{self.path(template)}?limit=100", headers=headers).json()

    def findings(self, template: str, status: int, body: bytes) -> list[Finding]:
        """Return what MH-1 finds when one path answers this.

        Raises:
            Unverified: it could not be read.
        """
        self.instead = {self.path(template): (status, body)}
        live = self.workspace.services[0].live_deploy
        assert live is not None
        assert live.commit is not None
        with ProviderClient(f"{self.url}/v1", self.workspace.api_key) as client:
            reading = client.read("ecomdash-api", SERVICES)
        assert checks.rows(reading) is not None
        assert checks.newest_deploy(reading)
        checks.departures(SERVICES, reading)
        found = checks.missing(SERVICES, reading) + checks.suspensions(reading) + checks.unavailable(reading)
        return found + checks.deploy_findings(reading, live.commit.id)


PATHS = sorted({path for path, _, _ in FACTS} | {"/env-groups", "/env-groups/{group}", "/services/{api}/env-vars"})


@pytest.fixture(scope="module")
def provider() -> Iterator[Provider]:
    """The provider, served."""
    answering = Provider()
    answering.workspace.rate_limits.reads = 1_000_000
    with serving(answering) as answering.url:
        answering.healthy = {path: answering.answer(path) for path in PATHS}
        yield answering


def ends_in_words(provider: Provider, path: str, status: int, body: bytes) -> None:
    """Read, and expect findings, none, or a reason why nothing could be read."""
    words: list[object]
    try:
        words = list(provider.findings(path, status, body))
    except Unverified as reason:
        words = [reason]
    assert all(map(str, words))


def test_all_is_well_when_nothing_is_replaced(provider: Provider) -> None:
    """Without which the rest would prove nothing."""
    for path in PATHS:
        assert provider.findings(path, 200, json.dumps(provider.healthy[path]).encode()) == []


@FAST
@given(path=st.sampled_from(PATHS), status=st.sampled_from(STATUSES), content=JSON)
def test_any_json_of_any_status_ends_in_words(provider: Provider, path: str, status: int, content: object) -> None:
    """Whatever shape it has."""
    ends_in_words(provider, path, status, json.dumps(content).encode())


@FAST
@given(path=st.sampled_from(PATHS), body=st.binary(max_size=60) | st.just(b"[" * 100_000))
def test_any_bytes_end_in_words(provider: Provider, path: str, body: bytes) -> None:
    """No JSON, no text, or brackets without a bottom."""
    ends_in_words(provider, path, 200, body)


@FAST
@given(path=st.sampled_from(PATHS), data=st.data())
def test_a_right_answer_that_was_changed_anywhere_ends_in_words(
    provider: Provider, path: str, data: st.DataObject
) -> None:
    """One value, at any depth, became another."""
    answer = copy.deepcopy(provider.healthy[path])
    *steps, last = data.draw(st.sampled_from(sorted(places(answer), key=str)), label="place")
    node = answer
    for step in steps:
        node = node[step]
    node[last] = data.draw(JSON, label="value")
    ends_in_words(provider, path, 200, json.dumps(answer).encode())


@FAST
@given(fact=st.sampled_from(FACTS), value=JSON.filter(lambda value: value is not None))
def test_a_fact_that_is_otherwise_is_never_all_well(
    provider: Provider, fact: tuple[str, str, str], value: object
) -> None:
    """Found, or unverified: no value but the right one passes."""
    path, kind, field = fact
    answer = copy.deepcopy(provider.healthy[path])
    item = next(item[kind] for item in answer if kind != "deploy" or item[kind]["status"] == "live")
    if item[field] == value:
        return
    item[field] = value
    try:
        found = provider.findings(path, 200, json.dumps(answer).encode())
    except Unverified:
        return
    assert found, (fact, value)


def places(node: Any, *steps: Any) -> Iterator[Sequence[Any]]:
    """Yield the way to every value."""
    inside = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, inner in inside:
        yield (*steps, step)
        yield from places(inner, *steps, step)
