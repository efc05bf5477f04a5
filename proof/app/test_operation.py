"""Operating the application: health, rate limit, headers, log lines, start and end."""

import asyncio
import signal
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import httpx
import psutil
import pytest

from proof.app.conftest import Serve
from proof.app.serving import ORIGIN, SECRET, Application, variables
from proof.app.sessions import event
from proof.platform.background import Running
from proof.waiting import wait_for
from reference.paths import ROOT

NOWHERE = "redis://127.0.0.1:1/0"


def test_health_names_what_is_missing(serve: Serve) -> None:
    """Without its store the application still serves, says 503 at once, and lives."""
    with serve(REDIS_URL=NOWHERE) as application:
        answer = application.client.get("/health")
        assert (answer.status_code, answer.json()["redis"], answer.json()["database"]) == (
            503,
            "disconnected",
            "connected",
        )
        ready = application.client.get("/health/ready")
        assert (ready.status_code, ready.json()["status"]) == (503, "not_ready")
        assert application.client.get("/health/live").status_code == 200
        assert application.client.get("/api/v1/analytics/realtime").status_code == 200


def test_absent_database_is_told_plainly(serve: Serve) -> None:
    """Without its database health says so, and other requests get a 503 that shows nothing."""
    with serve(DATABASE_URL="postgresql://ecomdash:hidden-word@127.0.0.1:1/ecomdash") as application:
        assert application.client.get("/health").json()["database"] == "disconnected"
        answer = application.client.get("/api/v1/analytics/realtime")
        assert (answer.status_code, answer.json()) == (503, {"detail": "Service Unavailable"})
        assert any(line["level"] == "ERROR" for line in application.lines())
        assert "hidden-word" not in application.output.read_text()


@pytest.mark.parametrize("name", ["postgres", "valkey"])
def test_silent_dependency_is_not_waited_for(application: Application, booted: Running, name: str) -> None:
    """When a dependency hangs, health says so before any client gives up, and recovers with it."""
    server = psutil.Process(getattr(booted.deployment, name).pid)
    processes = [server, *server.children()]
    for process in processes:
        process.suspend()
    try:
        assert application.client.get("/health", timeout=15).status_code == 503
    finally:
        for process in processes:
            process.resume()
    assert application.client.get("/health", timeout=30).status_code == 200


def test_recreated_database_heals(application: Application, booted: Running) -> None:
    """When the database is recreated under the application, its next request works."""
    for _ in range(3):
        assert application.client.get("/api/v1/analytics/realtime").status_code == 200
    booted.do(booted.deployment.postgres.reset())
    answers = [application.client.get("/api/v1/analytics/realtime").status_code for _ in range(5)]
    assert answers == [200] * 5


def test_rate_limit_is_exact(serve: Serve, booted: Running) -> None:
    """After the limit an address gets 429 with a time to wait, health paths too, until its window ends."""
    booted.do(booted.deployment.valkey.reset())
    with serve(RATE_LIMIT_REQUESTS="5", RATE_LIMIT_PERIOD="600") as application:
        answers = [application.client.get("/health/live") for _ in range(20)]  # one more was asked at the start
        assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 16
        assert answers[-1].json() == {"detail": "Too Many Requests"}
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 600
        other = application.client.get("/health/live", headers={"X-Forwarded-For": "192.0.2.7"})
        assert other.status_code == 200
        booted.do(booted.deployment.valkey.reset())
        assert application.client.get("/health/live").status_code == 200


@pytest.fixture(scope="module")
def unusual(serve: Serve) -> Iterator[Application]:
    """An application with everything that production leaves off."""
    exempt = {"RATE_LIMIT_REQUESTS": "1", "RATE_LIMIT_EXEMPT_ADDRESSES": "192.0.2.9, 127.0.0.1"}
    with serve(DEBUG="true", LOG_LEVEL="WARNING", **exempt) as application:
        yield application


def test_rate_limit_exempts_an_address(unusual: Application) -> None:
    """An address that is left out is never refused."""
    assert {unusual.client.get("/").status_code for _ in range(10)} == {200}


def test_other_origins_are_not_allowed(application: Application) -> None:
    """Only a configured origin may read answers, and may ask to send JSON."""
    asked = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
    for origin, allowed in ((ORIGIN, ORIGIN), ("https://evil.example", None)):
        answer = application.client.get("/health", headers={"Origin": origin})
        assert answer.headers.get("access-control-allow-origin") == allowed
        preflight = application.client.options("/api/v1/analytics/track/batch", headers={"Origin": origin, **asked})
        assert preflight.headers.get("access-control-allow-origin") == allowed


@pytest.mark.parametrize("path", ["/", "/nowhere", "/api/shops/any", "/static/apex-analytics.js"])
def test_security_headers(application: Application, path: str) -> None:
    """Every answer carries them, errors included, and none names the server."""
    headers = application.client.get(path).headers
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-request-id"]
    assert "server" not in headers


def test_documentation_only_for_development(application: Application, unusual: Application) -> None:
    """DEBUG=true, and nothing else, serves the schema."""
    assert application.client.get("/openapi.json").status_code == 404
    assert unusual.client.get("/openapi.json").status_code == 200


def test_log_lines(application: Application) -> None:
    """A request's line is JSON with its facts; neither query nor secret is in any."""
    application.client.get("/health?token=in-the-query", headers={"X-Request-ID": "proof-7"})
    wait_for(lambda: any(line.get("request_id") == "proof-7" for line in application.lines()), "the line is written")
    (line,) = [line for line in application.lines() if line.get("request_id") == "proof-7"]
    assert {"timestamp", "level", "logger", "message", "duration_ms"} <= set(line)
    assert (line["path"], line["status"], line["level"]) == ("/health", 200, "INFO")
    text = application.output.read_text()
    assert "in-the-query" not in text
    assert SECRET not in text


def test_log_level_is_honoured(unusual: Application) -> None:
    """With LOG_LEVEL=WARNING a quiet application prints nothing."""
    unusual.client.get("/")
    assert unusual.lines() == []


def test_inner_errors_stay_inside(application: Application, booted: Running) -> None:
    """A broken table is a 500 without detail for the client, and an ERROR line with its reason for us."""
    postgres = booted.deployment.postgres
    booted.do(postgres.execute("ALTER TABLE conversion_events RENAME TO elsewhere"))
    try:
        answer = application.client.get("/api/v1/analytics/realtime")
    finally:
        booted.do(postgres.execute("ALTER TABLE elsewhere RENAME TO conversion_events"))
    assert (answer.status_code, answer.json()) == (500, {"detail": "Internal Server Error"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    request = answer.headers["x-request-id"]

    def told() -> list[dict[str, Any]]:
        lines = application.lines()
        return [line for line in lines if line.get("request_id") == request and line["level"] == "ERROR"]

    wait_for(told, "the error is written")
    (line,) = told()
    assert "UndefinedTable" in line["exception"]


@pytest.mark.parametrize(
    ("changes", "named"),
    [({"DATABASE_URL": ""}, "DATABASE_URL"), ({"DATABASE_URL": "mysql://x:secret-word@y/z"}, "DATABASE_URL"),
     ({"RATE_LIMIT_REQUESTS": "many"}, "RATE_LIMIT_REQUESTS")],
)  # fmt: skip
def test_bad_settings_refuse_to_start(changes: dict[str, str], named: str) -> None:
    """The application ends with status 1 and one line that names the variable, not its value."""
    env = variables("postgresql://u:p@127.0.0.1:1/d", NOWHERE, **changes)
    ended = subprocess.run(
        [sys.executable, "-m", "reference.app"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 1
    assert named in ended.stdout
    assert "secret-word" not in ended.stdout + ended.stderr
    assert ended.stderr == ""


def test_sigterm_drains(serve: Serve) -> None:
    """Requests in flight at SIGTERM are answered, and the process ends on its own."""
    with serve() as application:

        async def flood() -> list[Any]:
            async with httpx.AsyncClient(base_url=application.client.base_url, timeout=30) as client:
                events = [event(f"drain-{n}") for n in range(20)]
                sent = [asyncio.create_task(client.post("/api/v1/analytics/track/event", json=one)) for one in events]
                await asyncio.wait(sent, return_when=asyncio.FIRST_COMPLETED)
                application.process.send_signal(signal.SIGTERM)
                return await asyncio.gather(*sent, return_exceptions=True)

        answers = asyncio.run(flood())
        assert application.process.wait(timeout=30) in {0, -signal.SIGTERM}
        # What had no connection yet is refused; what had one is served.
        assert {answer.status_code for answer in answers if isinstance(answer, httpx.Response)} == {202}


def test_sdk_is_javascript(application: Application) -> None:
    """The SDK is served as JavaScript that browsers may keep, and sends to the batch endpoint."""
    answer = application.client.get("/static/apex-analytics.js")
    assert answer.headers["content-type"].partition(";")[0] in {"application/javascript", "text/javascript"}
    assert "max-age" in answer.headers["cache-control"]
    assert "/api/v1/analytics/track/batch" in answer.text
    assert application.client.get("/static/other.js").status_code == 404
