"""Operating the application: health, rate limit, headers, log lines, start and end."""

import asyncio
import os
import signal
import subprocess
import sys
from typing import Any

import httpx
import pytest

from proof.app.conftest import Serve, Servers
from proof.app.serving import ORIGIN, ROOT, SECRET, Application, variables
from proof.app.sessions import event

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
def test_silent_dependency_is_not_waited_for(serve: Serve, servers: Servers, name: str) -> None:
    """When a dependency hangs, health says so before any client gives up, and recovers with it."""
    pid = getattr(servers, name).pid
    with serve() as application:
        os.kill(pid, signal.SIGSTOP)
        try:
            assert application.client.get("/health", timeout=15).status_code == 503
        finally:
            os.kill(pid, signal.SIGCONT)
        assert application.client.get("/health", timeout=30).status_code == 200


def test_recreated_database_heals(serve: Serve, servers: Servers) -> None:
    """When the database is recreated under the application, its next request works."""
    with serve() as application:
        for _ in range(3):
            assert application.client.get("/api/v1/analytics/realtime").status_code == 200
        servers.runner.run(servers.postgres.reset())
        answers = [application.client.get("/api/v1/analytics/realtime").status_code for _ in range(5)]
        assert answers == [200] * 5


def test_rate_limit_is_exact(serve: Serve, servers: Servers) -> None:
    """After the limit an address gets 429 with a time to wait, health paths too, until its window ends."""
    servers.runner.run(servers.valkey.reset())
    with serve(RATE_LIMIT_REQUESTS="5", RATE_LIMIT_PERIOD="600") as application:
        answers = [application.client.get("/health/live") for _ in range(20)]  # one more was asked at the start
        assert [answer.status_code for answer in answers] == [200] * 4 + [429] * 16
        assert answers[-1].json() == {"detail": "Too Many Requests"}
        assert 1 <= int(answers[-1].headers["retry-after"]) <= 600
        other = application.client.get("/health/live", headers={"X-Forwarded-For": "192.0.2.7"})
        assert other.status_code == 200
        servers.runner.run(servers.valkey.reset())
        assert application.client.get("/health/live").status_code == 200


def test_rate_limit_exempts_an_address(serve: Serve) -> None:
    """An address that is left out is never refused."""
    with serve(RATE_LIMIT_REQUESTS="1", RATE_LIMIT_EXEMPT_ADDRESSES="192.0.2.9, 127.0.0.1") as application:
        assert {application.client.get("/").status_code for _ in range(10)} == {200}


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


def test_documentation_only_for_development(serve: Serve) -> None:
    """DEBUG=true, and nothing else, serves the schema."""
    with serve(DEBUG="true") as application:
        assert application.client.get("/openapi.json").status_code == 200


def test_log_lines(serve: Serve) -> None:
    """A request's line is JSON with its facts; neither query nor secret is in any."""
    with serve() as application:
        application.client.get("/health?token=in-the-query", headers={"X-Request-ID": "proof-7"})
    (line,) = [line for line in application.lines() if line.get("request_id") == "proof-7"]
    assert {"timestamp", "level", "logger", "message", "duration_ms"} <= set(line)
    assert (line["path"], line["status"], line["level"]) == ("/health", 200, "INFO")
    text = application.output.read_text()
    assert "in-the-query" not in text
    assert SECRET not in text


def test_log_level_is_honoured(serve: Serve) -> None:
    """With LOG_LEVEL=WARNING a quiet application prints nothing."""
    with serve(LOG_LEVEL="WARNING") as application:
        application.client.get("/")
        assert application.lines() == []


def test_inner_errors_stay_inside(serve: Serve, servers: Servers) -> None:
    """A broken table is a 500 without detail for the client, and an ERROR line with its reason for us."""
    servers.runner.run(servers.postgres.execute("ALTER TABLE conversion_events RENAME TO elsewhere"))
    try:
        with serve() as application:
            answer = application.client.get("/api/v1/analytics/realtime")
    finally:
        servers.runner.run(servers.postgres.execute("ALTER TABLE elsewhere RENAME TO conversion_events"))
    assert (answer.status_code, answer.json()) == (500, {"detail": "Internal Server Error"})
    assert answer.headers["x-content-type-options"] == "nosniff"
    (line,) = [line for line in application.lines() if line["level"] == "ERROR"]
    assert "UndefinedTable" in line["exception"]
    assert line["request_id"] == answer.headers["x-request-id"]


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
