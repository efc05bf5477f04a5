"""Faults of the application: wrappers around it at the edge; its code holds none."""

import base64
import json
import re

from reference.deployment import Deployment
from reference.faults.catalogue import fault
from reference.faults.wrappers import (
    JSON,
    answering,
    anywhere,
    at,
    changing,
    hanging,
    with_body,
    with_header,
    with_type,
)
from reference.upstream import Answer

SUMMARY = "/api/v1/analytics/summary"
REALTIME = "/api/v1/analytics/realtime"
TRACE = (
    'Traceback (most recent call last):\n  File "/app/src/api/analytics.py", line 214, in summary\n'
    "    rows = await session.execute(query)\nsqlalchemy.exc.ProgrammingError: syntax error at or near"
)


@fault("health-503", "the health endpoint answers 503", {"MH-2": "failed", "MH-6": "failed"}, says="status 503")
async def health_503(deployment: Deployment) -> None:
    """The service says that it is not healthy."""
    body = json.dumps({"status": "unhealthy", "timestamp": "2026-11-24T12:00:00+00:00", "version": "2.0.0"}).encode()
    deployment.edge.layers.append(answering(at("/health"), Answer(503, [JSON], body)))


@fault(
    "health-unhealthy-200",
    "the health endpoint answers 200 and says unhealthy",
    {"MH-2": "failed", "MH-6": "failed"},
    says="unhealthy",
)
async def health_unhealthy_200(deployment: Deployment) -> None:
    """Whoever looks at the status alone sees nothing."""
    deployment.edge.layers.append(
        changing(at("/health"), lambda answer: with_body(answer, answer.body.replace(b"healthy", b"unhealthy")))
    )


@fault(
    "health-behind-login",
    "the health endpoint redirects to a log-in page, which the provider's own check takes for healthy",
    {"MH-2": "failed", "MH-6": "failed"},
    says="status 302 to /login",
)
async def health_behind_login(deployment: Deployment) -> None:
    """A proxy with authentication stands before everything."""
    deployment.edge.layers.append(answering(at("/health"), Answer(302, [(b"location", b"/login")], b"")))


@fault("old-version", "an older version answers", {"MH-2": "failed"}, says="version '1.9.3'")
async def old_version(deployment: Deployment) -> None:
    """The deploy is live, the old build serves."""
    deployment.edge.layers.append(
        changing(at("/health"), lambda answer: with_body(answer, answer.body.replace(b"2.0.0", b"1.9.3")))
    )


@fault("other-commit", "the process of another commit answers", {"MH-2": "failed"}, says="commit 'deadbeef")
async def other_commit(deployment: Deployment) -> None:
    """The deploy of the expected commit is live at the provider, yet an older process serves."""
    live = deployment.api.live_deploy
    commit = live.commit.id.encode() if live and live.commit else b""
    deployment.edge.layers.append(
        changing(at("/health"), lambda answer: with_body(answer, answer.body.replace(commit, b"deadbeef" * 5)))
    )


@fault("health-cached", "the health answer is an old one from a cache", {"MH-2": "failed"}, says="a timestamp within")
async def health_cached(deployment: Deployment) -> None:
    """It was healthy when it was cached."""
    moment, old = re.compile(rb'"timestamp": ?"[^"]*"'), b'"timestamp":"2026-01-07T09:00:00+00:00"'
    deployment.edge.layers.append(
        changing(at("/health"), lambda answer: with_body(answer, moment.sub(old, answer.body)))
    )


@fault("events-not-stored", "events are accepted and dropped", {"MH-6": "failed"}, says="accepted events")
async def events_not_stored(deployment: Deployment) -> None:
    """A queue that nobody reads."""
    one = b'{"success": true, "event_id": "7f0c3a52-9d1e-4b7a-8f36-2c1d5e9b4a60", "message": null}'
    deployment.edge.layers.append(answering(at("/api/v1/analytics/track/event"), Answer(202, [JSON], one)))


@fault("bad-input-500", "one endpoint answers bad input with 500", {"MH-6": "failed"}, says="status 500")
async def bad_input_500(deployment: Deployment) -> None:
    """A date that can't be read is not caught."""
    error = Answer(500, [JSON], b'{"detail": "Internal Server Error"}')
    deployment.edge.layers.append(changing(at(SUMMARY), lambda answer: error if answer.status == 422 else answer))


@fault("empty-answer", "one endpoint answers 200 without its data", {"MH-6": "failed"}, says="current_visitors")
async def empty_answer(deployment: Deployment) -> None:
    """Status and type are right, the body is not."""
    deployment.edge.layers.append(changing(at(REALTIME), lambda answer: with_body(answer, b"{}")))


@fault("endpoint-hangs", "one endpoint never answers", {"MH-6": "failed"}, says="within 10 s")
async def endpoint_hangs(deployment: Deployment) -> None:
    """It takes the request and waits for something that does not come."""
    deployment.edge.layers.append(hanging(at(REALTIME)))


@fault("wrong-content-type", "one endpoint calls its JSON text/html", {"MH-6": "failed"}, says="text/html")
async def wrong_content_type(deployment: Deployment) -> None:
    """Lenient clients read it all the same, browsers do not."""
    deployment.edge.layers.append(changing(at(SUMMARY), lambda answer: with_type(answer, b"text/html; charset=utf-8")))


@fault("schema-served", "the API's schema is served in production", {"MH-7": "failed"}, says="/openapi.json")
async def schema_served(deployment: Deployment) -> None:
    """Everyone can read how to call what is not announced."""
    schema = b'{"openapi": "3.1.0", "info": {"title": "APEX Analytics", "version": "2.0.0"}, "paths": {}}'
    deployment.edge.layers.append(answering(at("/openapi.json"), Answer(200, [JSON], schema)))


@fault("secret-in-header", "a response header shows a secret", {"MH-7": "failed"}, says="ENCRYPTION_KEY")
async def secret_in_header(deployment: Deployment) -> None:
    """A header from debugging, on the live endpoint only."""
    value = deployment.api.env["ENCRYPTION_KEY"].encode()
    deployment.edge.layers.append(
        changing(at("/health/live"), lambda answer: with_header(answer, b"x-debug-key", value))
    )


@fault("secret-in-body-base64", "the client SDK holds a secret in base64", {"MH-7": "failed"}, says="(base64)")
async def secret_in_body_base64(deployment: Deployment) -> None:
    """A build step has put the environment into the file that every shop includes."""
    comment = b"\n/* build: " + base64.b64encode(deployment.api.env["SECRET_KEY"].encode()) + b" */\n"
    deployment.edge.layers.append(
        changing(at("/static/apex-analytics.js"), lambda answer: with_body(answer, answer.body + comment))
    )


@fault("env-file-served", "the file of variables is served", {"MH-7": "failed"}, says="/.env")
async def env_file_served(deployment: Deployment) -> None:
    """The static folder is one level too high; the file is of a developer's machine."""
    file = b"DEBUG=true\nDATABASE_URL=postgresql://dev:dev@localhost:5432/apex\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(file)).encode())]
    deployment.edge.layers.append(answering(at("/.env"), Answer(200, headers, file)))


@fault("trace-in-error", "an error's body shows a stack trace", {"MH-7": "failed"}, says="a stack trace")
async def trace_in_error(deployment: Deployment) -> None:
    """The framework's debugging aid is on for one route."""
    body = json.dumps({"detail": TRACE}).encode()
    deployment.edge.layers.append(
        changing(at(SUMMARY), lambda answer: with_body(answer, body) if answer.status == 422 else answer)
    )


@fault("hsts-missing", "no answer tells browsers to stay on https", {"MH-7": "noted"}, says="Strict-Transport-Security")
async def hsts_missing(deployment: Deployment) -> None:
    """Noted, since the plan does not ask for it."""

    def without(answer: Answer) -> Answer:
        kept = [(name, value) for name, value in answer.headers if name.lower() != b"strict-transport-security"]
        return Answer(answer.status, kept, answer.body)

    deployment.edge.layers.append(changing(anywhere, without))
