"""What is said of samples of the health endpoint: each contradiction, whole, and how old an answer may be."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from acceptance.checks.health import FRESH_S, health_findings, mixed_versions, readiness_findings, versions
from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.exchange import Exchange, Failure, get
from proof.checks.exchanges import WHEN, answered, unanswered

HEALTH = {"status": "healthy", "timestamp": WHEN.isoformat(), "version": "2.0.0", "commit": "4F1C2A97b0d3"}
READY = {
    "status": "ready",
    "timestamp": WHEN.isoformat(),
    "checks": {"database": "connected", "redis": "connected"},
}
WHERE = "GET /health at 09:30:00 UTC"
COMMAND = "curl -sS -i --max-time 10 https://api.test/health"
FRESH = "a timestamp within 5 minutes of now"


def sample(body: object = HEALTH, status: int = 200, path: str = "/health", **headers: str) -> Exchange:
    """Return an answer with a JSON body."""
    return answered(json.dumps(body), status, request=get(path), **headers)


def told(exchange: Exchange, version: str = "2.0.0", commit: str = "4f1c2a9") -> list[tuple[str, str]]:
    """Return what was expected and found, having checked that each finding says where and how to see it."""
    found = health_findings([exchange], version, commit)
    assert {(finding.where, finding.reproduce) for finding in found} <= {(WHERE, COMMAND)}
    return [(finding.expected, finding.found) for finding in found]


def test_a_healthy_answer_has_no_finding() -> None:
    """Of the meant version and commit, or of any when none is meant; a body that names no commit passes."""
    assert health_findings([sample()]) == []
    assert told(sample()) == told(sample(), "", "") == told(sample(HEALTH | {"version": "9"}), "") == []
    assert told(sample(HEALTH | {"database": "connected", "redis": "connected"}), commit="4F1C2A97B0D3") == []
    assert told(sample({key: value for key, value in HEALTH.items() if key != "commit"})) == []


@pytest.mark.parametrize(
    ("change", "expected", "found"),
    [
        ({"status": "degraded"}, '"status": "healthy"', "\"status\": 'degraded'"),
        ({"status": "Healthy"}, '"status": "healthy"', "\"status\": 'Healthy'"),
        ({"status": None}, '"status": "healthy"', '"status": None'),
        ({"database": "down"}, '"database": "connected"', "\"database\": 'down'"),
        ({"redis": None}, '"redis": "connected"', '"redis": None'),
        ({"timestamp": "yesterday"}, FRESH, "\"timestamp\": 'yesterday'"),
        ({"timestamp": None}, FRESH, '"timestamp": None'),
        ({"version": "1.9.0"}, "version 2.0.0", "version '1.9.0'"),
        ({"version": None}, "version 2.0.0", "version None"),
        ({"commit": "0000000"}, "commit 4f1c2a9", "commit '0000000'"),
        ({"commit": "4f1c2a"}, "commit 4f1c2a9", "commit '4f1c2a'"),
        ({"commit": None}, "commit 4f1c2a9", "commit None"),
    ],
)
def test_each_contradiction_is_told(change: dict[str, object], expected: str, found: str) -> None:
    """Alone, with what was expected and what the body says."""
    assert told(sample(HEALTH | change)) == [(expected, found)]


def test_every_contradiction_of_a_body_is_told() -> None:
    """In one go."""
    wrong = {"status": "sick", "database": "x", "redis": "y", "timestamp": "z", "version": "1", "commit": "f"}
    assert len(told(sample(wrong))) == 6
    assert [expected for expected, _ in told(sample({}))] == ['"status": "healthy"', FRESH, "version 2.0.0"]


@pytest.mark.parametrize("sign", [1, -1])
def test_an_answer_is_of_now_within_five_minutes(sign: int) -> None:
    """By the moment of the request, in either direction; a time without a zone is UTC, another zone is converted."""
    assert FRESH_S == 300
    near, far = (WHEN + sign * timedelta(seconds=seconds) for seconds in (299, 300))
    assert told(sample(HEALTH | {"timestamp": near.isoformat()})) == []
    assert told(sample(HEALTH | {"timestamp": near.replace(tzinfo=None).isoformat()})) == []
    assert told(sample(HEALTH | {"timestamp": far.isoformat()})) == [(FRESH, f"\"timestamp\": '{far.isoformat()}'")]
    assert told(sample(HEALTH | {"timestamp": "2026-11-02T11:30:00+02:00"})) == []
    assert told(sample(HEALTH | {"timestamp": "2026-11-02T09:30:00+02:00"}))


@pytest.mark.parametrize(
    ("exchange", "expected", "found"),
    [
        (sample(status=503), "status 200", "status 503"),
        (sample(status=204), "status 200", "status 204"),
        (sample(status=302, location="/login"), "status 200", "status 302 to /login"),
        (answered("<h1>", kind="text/html", request=get("/health")), "a JSON object", "text/html: '<h1>'"),
        (answered("<h1>", kind="", request=get("/health")), "a JSON object", "no content type: '<h1>'"),
        (answered("{", request=get("/health")), "a JSON object", "application/json: '{'"),
        (sample([HEALTH]), "a JSON object", "application/json: "),
        (sample("healthy"), "a JSON object", "application/json: '\"healthy\"'"),
    ],
)
def test_what_is_no_healthy_answer_at_all_is_told(exchange: Exchange, expected: str, found: str) -> None:
    """Another status, where it leads to, another kind, no object."""
    ((told_expected, told_found),) = told(exchange)
    assert (told_expected, told_found[: len(found)]) == (expected, found)
    assert told_found == found or isinstance(exchange.json(), list)


def test_a_hang_is_told_by_its_sentence() -> None:
    """A time-out is the application's."""
    (finding,) = health_findings([unanswered(Failure("timeout", "no complete answer within 10 s"))])
    assert (finding.expected, finding.found) == ("status 200", "no complete answer within 10 s")


def test_versions_are_told_once_in_order() -> None:
    """One that is empty, absent or in no object is none; a number is one."""
    bodies: list[object] = [
        {"status": "healthy"},
        {"version": "2.0.0"},
        {"version": ""},
        {},
        [],
        {"version": 3},
        {"version": "2.0.0"},
    ]
    assert versions([sample(body) for body in bodies]) == ("2.0.0", "3")


def test_mixed_versions_are_told() -> None:
    """With all of them; none at all is unverified."""
    mixed = [sample(), sample(HEALTH | {"version": "1.9.0"}, path="/other")]
    wanted = "one version on every instance"
    assert mixed_versions(mixed) == [Finding(wanted, "versions 2.0.0, 1.9.0", "GET /health", COMMAND)]
    with pytest.raises(Unverified) as caught:
        mixed_versions([sample({})])
    assert str(caught.value) == (
        "No answer of GET /health names a version, so whether all instances are of one is not known."
    )


@pytest.mark.parametrize(
    ("change", "expected", "found"),
    [
        ({"status": "starting"}, '"status": "ready"', "\"status\": 'starting'"),
        (
            {"checks": {"database": "down", "redis": "connected"}},
            '"checks.database": "connected"',
            "\"checks.database\": 'down'",
        ),
        ({"checks": {"database": "connected"}}, '"checks.redis": "connected"', '"checks.redis": None'),
        ({"timestamp": "2026-11-02T09:20:00Z"}, FRESH, "\"timestamp\": '2026-11-02T09:20:00Z'"),
    ],
)
def test_each_reason_not_to_be_ready_is_told(change: dict[str, object], expected: str, found: str) -> None:
    """Alone, with where and how to see it."""
    path = "/health/ready"
    assert readiness_findings([sample(READY, path=path)]) == []
    where, command = f"GET {path} at 09:30:00 UTC", f"curl -sS -i --max-time 10 https://api.test{path}"
    assert readiness_findings([sample(READY | change, path=path)]) == [Finding(expected, found, where, command)]


@pytest.mark.parametrize("checks", [None, "connected", ["database", "redis"], {}])
def test_readiness_without_named_checks_is_none(checks: object) -> None:
    """Both dependencies must be named and connected."""
    found = readiness_findings([sample(READY | {"checks": checks})])
    assert [finding.found for finding in found] == ['"checks.database": None', '"checks.redis": None']
