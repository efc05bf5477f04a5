"""Faults of exposure: secrets, traces of the implementation and files in what is answered."""

import base64
import html
import json
from urllib.parse import quote, urlsplit

from reference.deployment import Deployment
from reference.faults.catalogue import fault
from reference.faults.wrappers import (
    Matches,
    answering,
    anywhere,
    as_json,
    at,
    changing,
    with_body,
    with_header,
    with_json,
    with_type,
)
from reference.upstream import Answer

ROOT = at("/")
SDK = at("/static/apex-analytics.js")
SUMMARY = at("/api/v1/analytics/summary")
TRACE = (
    'Traceback (most recent call last):\n  File "/app/src/api/analytics.py", line 214, in summary\n'
    "    rows = await session.execute(query)\nsqlalchemy.exc.ProgrammingError: syntax error at or near"
)


def in_answer(deployment: Deployment, matches: Matches, text: str) -> None:
    """Put a text into the answers that are JSON."""
    deployment.edge.layers.append(
        changing(matches, lambda answer: with_json(answer, lambda body: body | {"debug": text}))
    )


def in_sdk(deployment: Deployment, text: str) -> None:
    """Put a text into the file that every shop includes."""
    comment = f"\n/* build: {text} */\n".encode()
    deployment.edge.layers.append(changing(SDK, lambda answer: with_body(answer, answer.body + comment)))


def in_error(deployment: Deployment, text: str) -> None:
    """Let the refusals of bad input say a text."""
    told = json.dumps({"detail": text}).encode()
    deployment.edge.layers.append(
        changing(SUMMARY, lambda answer: with_body(answer, told) if answer.status == 422 else answer)
    )


def serving(deployment: Deployment, path: str, kind: str, body: str) -> None:
    """Serve a body at a path."""
    deployment.edge.layers.append(answering(at(path), with_type(Answer(200, [], body.encode()), kind.encode())))


@fault("secret-in-body", "an answer shows a secret", {"MH-7": "failed"}, says="SECRET_KEY (raw)")
async def secret_in_body(deployment: Deployment) -> None:
    """A line from debugging, in an answer that matches its schema."""
    in_answer(deployment, ROOT, deployment.api.env["SECRET_KEY"])


@fault("secret-in-header", "a response header shows a secret", {"MH-7": "failed"}, says="ENCRYPTION_KEY")
async def secret_in_header(deployment: Deployment) -> None:
    """A header from debugging, on the live endpoint only."""
    value = deployment.api.env["ENCRYPTION_KEY"].encode()
    deployment.edge.layers.append(
        changing(at("/health/live"), lambda answer: with_header(answer, b"x-debug-key", value))
    )


@fault("secret-in-sdk", "the client SDK holds a secret", {"MH-7": "failed"}, says="SHOPIFY_API_SECRET")
async def secret_in_sdk(deployment: Deployment) -> None:
    """A build step has put the environment into the file that every shop includes."""
    in_sdk(deployment, deployment.api.env["SHOPIFY_API_SECRET"])


@fault("secret-in-body-base64", "the client SDK holds a secret in base64", {"MH-7": "failed"}, says="(base64)")
async def secret_in_body_base64(deployment: Deployment) -> None:
    """It was encoded, not hidden."""
    in_sdk(deployment, base64.b64encode(deployment.api.env["SECRET_KEY"].encode()).decode())


@fault("secret-in-body-hex", "an answer shows a secret in hex", {"MH-7": "failed"}, says="SECRET_KEY (hex)")
async def secret_in_body_hex(deployment: Deployment) -> None:
    """Bytes as a debugger prints them."""
    in_answer(deployment, ROOT, deployment.api.env["SECRET_KEY"].encode().hex())


@fault(
    "secret-in-body-url-encoded",
    "an answer shows the database's address, URL-encoded",
    {"MH-7": "failed"},
    says="DATABASE_URL (URL-encoded)",
)
async def secret_in_body_url_encoded(deployment: Deployment) -> None:
    """It travelled as a parameter of another address."""
    in_answer(deployment, ROOT, f"/connect?to={quote(deployment.api.env['DATABASE_URL'], safe='')}")


@fault(
    "secret-encoded-twice",
    "an answer shows the database's address in base64 of its URL-encoded form",
    {"MH-7": "failed"},
    says="DATABASE_URL",
)
async def secret_encoded_twice(deployment: Deployment) -> None:
    """A token that was made of a parameter."""
    inner = quote(deployment.api.env["DATABASE_URL"], safe="")
    in_answer(deployment, ROOT, base64.urlsafe_b64encode(f"to={inner}&v=2".encode()).decode())


@fault(
    "secret-in-letter-codes",
    "an answer shows a secret as character references",
    {"MH-7": "failed"},
    says="SECRET_KEY",
)
async def secret_in_letter_codes(deployment: Deployment) -> None:
    """As some editors write a page's source."""
    in_answer(deployment, ROOT, "".join(f"&#{ord(letter)};" for letter in deployment.api.env["SECRET_KEY"]))


@fault("secret-in-error", "a refusal shows a secret", {"MH-7": "failed"}, says="SECRET_KEY (raw)")
async def secret_in_error(deployment: Deployment) -> None:
    """Bad input leads to it, good input does not."""
    in_error(deployment, f"signature does not match key {deployment.api.env['SECRET_KEY']}")


@fault("password-in-body", "an answer shows the database's password", {"MH-7": "failed"}, says="its password")
async def password_in_body(deployment: Deployment) -> None:
    """Without the address around it."""
    in_answer(deployment, ROOT, urlsplit(deployment.api.env["DATABASE_URL"]).password or "")


@fault("key-of-another-service", "the client SDK holds a key of a payment service", {"MH-7": "failed"}, says="Stripe")
async def key_of_another_service(deployment: Deployment) -> None:
    """No variable of ours holds it, so its shape alone betrays it."""
    in_sdk(deployment, "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc")


@fault("env-file-served", "the file of variables is served", {"MH-7": "failed"}, says="/.env")
async def env_file_served(deployment: Deployment) -> None:
    """The static folder is one level too high; the file is of a developer's machine."""
    serving(deployment, "/.env", "text/plain", "DEBUG=true\nDATABASE_URL=postgresql://dev:dev@localhost:5432/apex\n")


@fault("repository-served", "the repository is served", {"MH-7": "failed"}, says="/.git/config")
async def repository_served(deployment: Deployment) -> None:
    """The whole folder was deployed, with its history."""
    serving(deployment, "/.git/config", "text/plain", "[core]\n\trepositoryformatversion = 0\n")


@fault("schema-served", "the API's schema is served in production", {"MH-7": "failed"}, says="/openapi.json")
async def schema_served(deployment: Deployment) -> None:
    """Everyone can read how to call what is not announced."""
    schema = {"openapi": "3.1.0", "info": {"title": "APEX Analytics", "version": "2.0.0"}, "paths": {}}
    deployment.edge.layers.append(answering(at("/openapi.json"), as_json(200, schema)))


@fault("documentation-served", "the API's documentation is served", {"MH-7": "failed"}, says="/docs")
async def documentation_served(deployment: Deployment) -> None:
    """A page that anyone can try the API on."""
    serving(deployment, "/docs", "text/html", "<!doctype html><title>APEX Analytics - Swagger UI</title>")


@fault("other-documentation-served", "the other documentation is served", {"MH-7": "failed"}, says="/redoc")
async def other_documentation_served(deployment: Deployment) -> None:
    """One of the two was turned off."""
    serving(deployment, "/redoc", "text/html", "<!doctype html><title>APEX Analytics - ReDoc</title>")


@fault("environment-endpoint-served", "an endpoint shows the environment", {"MH-7": "failed"}, says="/actuator/env")
async def environment_endpoint_served(deployment: Deployment) -> None:
    """The operator's view, open to everyone; its values are masked."""
    deployment.edge.layers.append(
        answering(at("/actuator/env"), as_json(200, {"activeProfiles": ["production"], "propertySources": []}))
    )


@fault("leak-path-breaks", "a path that should be closed breaks", {"MH-7": "failed"}, says="/metrics")
async def leak_path_breaks(deployment: Deployment) -> None:
    """Something is there."""
    deployment.edge.layers.append(answering(at("/metrics"), as_json(500, {"detail": "Internal Server Error"})))


@fault("trace-in-error", "an error's body shows a stack trace", {"MH-7": "failed"}, says="a stack trace")
async def trace_in_error(deployment: Deployment) -> None:
    """The framework's debugging aid is on for one route."""
    in_error(deployment, TRACE)


@fault("trace-in-page", "a page not found shows a stack trace", {"MH-7": "failed"}, says="a stack trace")
async def trace_in_page(deployment: Deployment) -> None:
    """In the escapes of a web page; its status is right."""
    body = html.escape(TRACE).encode()
    deployment.edge.layers.append(
        changing(at("/backup.sql"), lambda answer: with_type(with_body(answer, body), b"text/html"))
    )


@fault("sql-in-error", "an error's body shows a query", {"MH-7": "failed"}, says="SQL")
async def sql_in_error(deployment: Deployment) -> None:
    """Tables and columns, for whoever plans an injection."""
    in_error(deployment, "SELECT count(*) FROM analytics_events WHERE timestamp > '2026-11-24'")


@fault("database-error-in-error", "an error's body is the database's", {"MH-7": "failed"}, says="a database's error")
async def database_error_in_error(deployment: Deployment) -> None:
    """Passed on as it came."""
    in_error(deployment, 'invalid input syntax for type timestamp: "yesterday"')


@fault("exception-in-error", "an error's body is an exception's text", {"MH-7": "failed"}, says="an exception's text")
async def exception_in_error(deployment: Deployment) -> None:
    """Whatever was raised is told."""
    in_error(deployment, "ValueError: Invalid isoformat string: 'yesterday'")


@fault("path-in-error", "an error's body shows a file's path", {"MH-7": "failed"}, says="a file path")
async def path_in_error(deployment: Deployment) -> None:
    """Where the application lives on its machine."""
    in_error(deployment, "could not read the date, see /app/src/api/analytics.py")


@fault("hsts-missing", "no answer tells browsers to stay on https", {"MH-7": "noted"}, says="Strict-Transport-Security")
async def hsts_missing(deployment: Deployment) -> None:
    """Noted, since the plan does not ask for it."""
    deployment.edge.layers.append(changing(anywhere, _without_hsts))


@fault("hsts-forgotten", "browsers are told to forget https", {"MH-7": "noted"}, says="Strict-Transport-Security")
async def hsts_forgotten(deployment: Deployment) -> None:
    """A max-age of 0 takes back what was said before."""
    forget = (b"strict-transport-security", b"max-age=0; includeSubDomains")
    deployment.edge.layers.append(changing(anywhere, lambda answer: with_header(_without_hsts(answer), *forget)))


def _without_hsts(answer: Answer) -> Answer:
    kept = [(name, value) for name, value in answer.headers if name.lower() != b"strict-transport-security"]
    return Answer(answer.status, kept, answer.body)
