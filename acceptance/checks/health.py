"""Whether samples of the health endpoint show a healthy service of the deployed version."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.exchange import Exchange


def health_findings(samples: Sequence[Exchange], expected_version: str) -> list[Finding]:
    """Return what is wrong with each sample; beyond its schema the body must say healthy and the version.

    Raises:
        Unverified: a sample did not reach the application.
    """
    return [finding for sample in samples for finding in _sample(sample, expected_version)]


def versions(samples: Sequence[Exchange]) -> tuple[str, ...]:
    """Return the versions that answered, each once, in order of appearance."""
    found = [str(body.get("version", "")) for body in map(_body, samples) if body]
    return tuple(dict.fromkeys(version for version in found if version))


def mixed_versions(samples: Sequence[Exchange]) -> list[Finding]:
    """Return a finding when instances of several versions answer."""
    found = versions(samples)
    if len(found) < 2:
        return []
    return [Finding("one version on every instance", f"versions {', '.join(found)}", "GET /health", samples[0].curl())]


def _sample(sample: Exchange, expected_version: str) -> Iterator[Finding]:
    where, body = f"GET /health at {sample.started:%H:%M:%S} UTC", _body(sample)
    if sample.failure and not sample.failure.is_the_targets:
        raise Unverified(f"{sample.request} was not answered: {sample.failure.sentence}")
    if sample.failure or sample.status != 200:
        found = sample.failure.sentence if sample.failure else _unexpected(sample)
        yield Finding("status 200", found, where, sample.curl())
    elif body is None:
        yield Finding(
            "a JSON object", f"{sample.content_type or 'no content type'}: {sample.text[:120]!r}", where, sample.curl()
        )
    else:
        if body.get("status") != "healthy":
            yield Finding('"status": "healthy"', f'"status": {body.get("status")!r}', where, sample.curl())
        for name in ("database", "redis"):
            if body.get(name, "connected") != "connected":
                yield Finding(f'"{name}": "connected"', f'"{name}": {body[name]!r}', where, sample.curl())
        if expected_version and body.get("version") != expected_version:
            yield Finding(f"version {expected_version}", f"version {body.get('version')!r}", where, sample.curl())


def _unexpected(sample: Exchange) -> str:
    target = sample.header("location")
    return f"status {sample.status}{f' to {target}' if target else ''}"


def _body(sample: Exchange) -> dict[str, Any] | None:
    if sample.content_type != "application/json":
        return None
    try:
        body = sample.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
