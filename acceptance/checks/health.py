"""Whether samples of the health endpoint show a healthy service of the deployed version."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from acceptance.checks.reached import judged
from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.exchange import Exchange
from acceptance.redaction import excerpt

FRESH_S = 300
LEAST_SPAN = timedelta(seconds=1.2)
"""Samples further apart differ in their timestamps, even if those name whole seconds alone."""


def health_findings(
    samples: Sequence[Exchange], expected_version: str = "", expected_commit: str = ""
) -> list[Finding]:
    """Return what is wrong with each sample; beyond its schema the body must say healthy, now, and what is deployed.

    Args:
        samples: answers of the health endpoint.
        expected_version: the version that must answer; not judged when empty.
        expected_commit: the commit that must answer, if the body names one; not judged when empty.

    Raises:
        Unverified: nothing is wrong, but a sample did not reach the application.
    """
    return judged(samples, lambda sample: _sample(sample, expected_version, expected_commit), together=_replayed)


def readiness_findings(samples: Sequence[Exchange]) -> list[Finding]:
    """Return what is wrong with each sample of the readiness endpoint: ready, now, and every dependency connected.

    Raises:
        Unverified: nothing is wrong, but a sample did not reach the application.
    """
    return judged(samples, _readiness, together=_replayed)


def versions(samples: Sequence[Exchange]) -> tuple[str, ...]:
    """Return the versions that answered, each once, in order of appearance."""
    found = [str(body.get("version", "")) for body in map(_body, samples) if body]
    return tuple(dict.fromkeys(version for version in found if version))


def mixed_versions(samples: Sequence[Exchange]) -> list[Finding]:
    """Return a finding when instances of several versions answer.

    Raises:
        Unverified: no answer names a version.
    """
    found = versions(samples)
    if not found:
        raise Unverified("No answer of GET /health names a version, so whether all instances are of one is not known.")
    if len(found) == 1:
        return []
    return [Finding("one version on every instance", f"versions {', '.join(found)}", "GET /health", samples[0].curl())]


def _sample(sample: Exchange, expected_version: str, expected_commit: str) -> Iterator[Finding]:
    def contradictions(body: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        return _contradictions(body, sample.started, expected_version, expected_commit.lower())

    return _object(sample, contradictions)


def _readiness(sample: Exchange) -> Iterator[Finding]:
    return _object(sample, lambda body: _unready(body, sample.started))


def _object(sample: Exchange, judge: Callable[[Mapping[str, Any]], Iterator[tuple[str, str]]]) -> Iterator[Finding]:
    """What is wrong with a sample that must be 200 and an object, and then with the object."""
    where, body = f"{sample.request} at {sample.started:%H:%M:%S} UTC", _body(sample)
    if sample.failure or sample.status != 200:
        found = sample.failure.sentence if sample.failure else _unexpected(sample)
        yield Finding("status 200", found, where, sample.curl())
    elif body is None:
        kind = sample.content_type or "no content type"
        yield Finding("a JSON object", f"{kind}: {excerpt(sample.text)!r}", where, sample.curl())
    else:
        for expected, found in judge(body):
            yield Finding(expected, found, where, sample.curl())
        yield from _clocks_apart(sample, where)


def _contradictions(
    body: Mapping[str, Any], started: datetime, expected_version: str, expected_commit: str
) -> Iterator[tuple[str, str]]:
    """What was expected of a body and what it says instead."""
    if body.get("status") != "healthy":
        yield '"status": "healthy"', f'"status": {_shown(body.get("status"))}'
    for name in ("database", "redis"):
        if body.get(name, "connected") != "connected":
            yield f'"{name}": "connected"', f'"{name}": {_shown(body[name])}'
    if not _is_current(body.get("timestamp"), started):
        yield f"a timestamp within {FRESH_S // 60} minutes of now", f'"timestamp": {_shown(body.get("timestamp"))}'
    if expected_version and body.get("version") != expected_version:
        yield f"version {expected_version}", f"version {_shown(body.get('version'))}"
    if expected_commit and "commit" in body and not str(body["commit"]).lower().startswith(expected_commit):
        yield f"commit {expected_commit}", f"commit {_shown(body['commit'])}"


def _unready(body: Mapping[str, Any], started: datetime) -> Iterator[tuple[str, str]]:
    """What was expected of a readiness body and what it says instead."""
    if body.get("status") != "ready":
        yield '"status": "ready"', f'"status": {_shown(body.get("status"))}'
    checks = body.get("checks")
    named = checks if isinstance(checks, dict) else {}
    for name in ("database", "redis"):
        if named.get(name) != "connected":
            yield f'"checks.{name}": "connected"', f'"checks.{name}": {_shown(named.get(name))}'
    if not _is_current(body.get("timestamp"), started):
        yield f"a timestamp within {FRESH_S // 60} minutes of now", f'"timestamp": {_shown(body.get("timestamp"))}'


def _clocks_apart(sample: Exchange, where: str) -> Iterator[Finding]:
    """Say so when the server dates its answer by another clock: nothing that is judged by time can be trusted then."""
    try:
        dated = parsedate_to_datetime(sample.header("date"))
    except (ValueError, OverflowError):
        return
    apart_s = abs((dated.replace(tzinfo=dated.tzinfo or UTC) - sample.started).total_seconds())
    if apart_s >= FRESH_S:
        found = f"the answer is dated {dated:%Y-%m-%d %H:%M:%S}, this machine says {sample.started:%Y-%m-%d %H:%M:%S}"
        yield Finding(
            "one time on the server and on this machine: set the clock that is wrong", found, where, sample.curl()
        )


def _replayed(samples: Sequence[Exchange]) -> list[Finding]:
    """Say so when all samples are one answer, given again and again by something that stands before the service."""
    moments = {str(body.get("timestamp")) for body in map(_body, samples) if body}
    if len(moments) != 1 or (span := samples[-1].started - samples[0].started) < LEAST_SPAN:
        return []
    found = f'"timestamp": {excerpt(moments.pop())} in each of them: a cache answers, not the service'
    where = f"{len(samples)} x {samples[0].request} within {span.total_seconds():.1f} s"
    return [Finding("a timestamp of its own in each answer", found, where, samples[0].curl())]


def _is_current(timestamp: object, started: datetime) -> bool:
    """Whether a health answer was made when it was asked for: a cached one says nothing of now."""
    try:
        moment = datetime.fromisoformat(str(timestamp))
    except ValueError:
        return False
    return abs((moment.replace(tzinfo=moment.tzinfo or UTC) - started).total_seconds()) < FRESH_S


def _unexpected(sample: Exchange) -> str:
    target = sample.header("location")
    return f"status {sample.status}{f' to {excerpt(target)}' if target else ''}"


def _shown(value: object) -> str:
    return excerpt(repr(value))


def _body(sample: Exchange) -> dict[str, Any] | None:
    if sample.content_type != "application/json":
        return None
    try:
        body = sample.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
