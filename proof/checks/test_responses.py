"""Answers against the contract: each way of being wrong is a finding, and a right answer none."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import pytest

from acceptance.checks.responses import answer_findings, detail_findings, implementation_details, schema_findings
from acceptance.contract import Contract, PlannedRequest
from acceptance.outcomes import Unverified
from acceptance.probes.exchange import Exchange, Failure, Request
from proof.checks.exchanges import answered, unanswered

CONTRACT = Contract()
API, PATTERNS = CONTRACT.api, CONTRACT.exposure.implementation_details
HEALTH = {"status": "healthy", "timestamp": "2026-11-02T09:30:00+00:00", "version": "2.0.0"}
PLANNED = {planned.id: planned for planned in CONTRACT.requests}


@dataclass(frozen=True)
class Answer:
    """A planned request and what came back."""

    planned: PlannedRequest
    exchange: Exchange


def found(exchange: Exchange, name: str = "health") -> list[str]:
    """Return what was found wrong, as `expected / found`."""
    return [f"{f.expected} / {f.found}" for f in answer_findings(API, Answer(PLANNED[name], exchange))]


def test_a_right_answer_has_no_finding() -> None:
    """Also one that holds more than the schema names."""
    assert found(answered(json.dumps(HEALTH))) == []
    assert found(answered(json.dumps(HEALTH | {"uptime_s": 5}))) == []


@pytest.mark.parametrize(
    ("exchange", "words"),
    [
        (answered("{}", 500), "status 200 / status 500"),
        (answered("", 302, location="https://login.test/"), "status 200 / status 302"),
        (answered(json.dumps(HEALTH), kind="text/html"), "content type application/json / text/html"),
        (answered(json.dumps(HEALTH), kind=""), "content type application/json / no content type"),
        (answered("{healthy}"), "a JSON body"),
        (answered(json.dumps(HEALTH | {"load": float("nan")})), "a JSON body / NaN is no JSON"),
        (answered(json.dumps(HEALTH | {"load": -float("inf")})), "a JSON body / -Infinity is no JSON"),
        (answered("[" * 100_000), "a JSON body / nested too deep to be read"),
        (answered(json.dumps(HEALTH | {"status": "degraded"})), "$.status"),
        (answered(json.dumps(HEALTH | {"timestamp": "yesterday"})), "$.timestamp"),
        (answered(json.dumps({"status": "healthy"})), "'timestamp' is a required property"),
        (answered("[]"), "is not of type 'object'"),
        (unanswered(Failure("timeout", "no complete answer within 10 s")), "no complete answer"),
        (unanswered(Failure("reset", "closed the connection")), "closed the connection"),
    ],
)
def test_each_way_of_being_wrong_is_found(exchange: Exchange, words: str) -> None:
    """Status, redirect, content type, JSON, schema, silence."""
    assert any(words in finding for finding in found(exchange))


@pytest.mark.parametrize("kind", ["rate_limited", "dns", "unreachable"])
def test_what_never_reached_the_application_is_unverified(kind: str) -> None:
    """Nothing can be said of an endpoint that was not asked."""
    with pytest.raises(Unverified, match="was not answered"):
        found(unanswered(Failure(kind, "said why")))  # type: ignore[arg-type] # one of FailureKind


def test_a_refusal_must_be_documented_and_in_json() -> None:
    """A 4xx that the contract names, with its error body."""
    assert found(answered('{"detail": "session_id is missing"}', 422), "event-without-session") == []
    assert found(answered('{"detail": ""}', 422), "event-without-session")
    assert found(answered("<h1>Unprocessable</h1>", 422, "text/html"), "event-without-session")
    assert found(answered('{"detail": "no"}', 400), "event-without-session")


def test_what_no_operation_serves_is_judged_by_status_and_kind() -> None:
    """An unknown path: 404 in JSON."""
    assert found(answered('{"detail": "Not Found"}', 404), "unknown-path") == []
    assert found(answered("<h1>Not Found</h1>", 404, "text/html"), "unknown-path")


def test_an_identifier_must_have_its_format() -> None:
    """A uuid is one, not only a string."""
    stored = {"success": True, "event_id": "3f2b8c1e-9a4d-4e6f-8b7a-1c2d3e4f5a6b"}
    assert found(answered(json.dumps(stored), 202), "track-event") == []
    assert found(answered(json.dumps(stored | {"event_id": "17"}), 202), "track-event")


def test_a_script_is_no_json() -> None:
    """Another content type is judged as text, and may not be empty."""
    assert found(answered("const a = 1;", kind="text/javascript; charset=utf-8"), "sdk") == []
    assert found(answered("", kind="text/javascript"), "sdk")


def test_a_body_that_was_cut_is_found() -> None:
    """An endless body is no answer."""
    assert "a body of a reasonable size" in found(replace(answered("{}"), cut=True))[0]


def test_every_sample_is_checked() -> None:
    """One bad of three is found."""
    good, bad = answered(json.dumps(HEALTH)), answered(json.dumps(HEALTH | {"version": 2}))
    assert len(schema_findings(API, "health", [good, bad, good])) == 1


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ('Traceback (most recent call last):\n  File "x.py", line 3', "a stack trace"),
        ('{"detail": "ValueError: invalid literal for int()"}', "an exception's text"),
        ('{"detail": "sqlalchemy.exc.DataError: (psycopg.errors.NumericValueOutOfRange)"}', "an exception's text"),
        ('{"detail": "SELECT id, domain FROM shops WHERE id = 1"}', "SQL"),
        ('{"detail": "relation \\"shops\\" does not exist"}', "a database's error"),
        ('{"detail": "invalid input syntax for type uuid"}', "a database's error"),
        ('{"detail": "no such file: /app/src/main.py"}', "a file path"),
        (r'{"detail": "C:\\app\\main.py"}', "a file path"),
        ("TypeError: x\n    at handle (/srv/app/index.js:10:5)", "a stack trace"),
        (r'{"stack": "Oops\n    at new Shop (index.js:10:5)"}', "a stack trace"),
        ('{"detail": "select id from shops where id = 1"}', "SQL"),
        ('{"detail": "UPDATE shops SET domain = 1"}', "SQL"),
        ('{"detail": "/usr/lib/python3.12/site-packages/fastapi"}', "a file path"),
        ('{"url": "https://errors.pydantic.dev/2.11/v/missing"}', "a library's documentation link"),
        ("<title>500 Internal Server Error</title>", "a server's error page"),
    ],
)
def test_traces_of_the_implementation_are_recognised(text: str, what: str) -> None:
    """Stack trace, exception, SQL, the database's words, paths."""
    assert what in {detail.partition(":")[0] for detail in implementation_details(PATTERNS, text)}


@pytest.mark.parametrize(
    "text",
    [
        '{"detail": "Not Found"}',
        '{"detail": [{"loc": ["body", "path"], "msg": "Field required", "type": "missing"}]}',
        '{"detail": [{"loc": ["body", 1], "msg": "JSON decode error", "type": "json_invalid"}]}',
        '{"detail": "Please select a period from the calendar and update it"}',
        '{"detail": "date_from must not be after date_to"}',
        '{"top_pages": [{"path": "/products/lamp.html", "pageviews": 3}], "referrer": "https://shop.example/app/start"}',
        '{"detail": "too many requests; try again in 12 s"}',
        '{"detail": "Options:\\nA:\\nSee the manual.html"}',
    ],
)
def test_plain_answers_show_nothing(text: str) -> None:
    """No false alarm on what a careful API says."""
    assert implementation_details(PATTERNS, text) == []


def test_an_echo_is_no_trace() -> None:
    """What the request itself had sent."""
    sent = Request("POST", "/x", (), {}, b'{"path": "/app/main.py"}')
    echo = answered('{"detail": [{"input": "/app/main.py"}]}', 422, request=sent)
    assert detail_findings(CONTRACT.exposure, [echo]) == []
    assert len(detail_findings(CONTRACT.exposure, [replace(echo, request=Request("POST", "/x"))])) == 1
