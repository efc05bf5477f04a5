"""Samples of the health endpoint: one that is wrong is found although another was not answered."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from acceptance.checks.health import health_findings, mixed_versions, versions
from acceptance.checks.responses import schema_findings
from acceptance.contract import Contract
from acceptance.outcomes import Unverified
from acceptance.probes.exchange import Exchange, Failure
from proof.checks.exchanges import answered, unanswered

HEALTH = {"status": "healthy", "timestamp": "2026-11-02T09:30:00+00:00", "version": "2.0.0"}
GOOD = answered(json.dumps(HEALTH))
LIMITED = unanswered(Failure("rate_limited", "the rate limit answered 429"))
BROKEN = answered("<h1>Unavailable</h1>", 503, "text/html")


@pytest.mark.parametrize("samples", [(LIMITED, BROKEN, GOOD), (GOOD, BROKEN, LIMITED)])
def test_a_rate_limit_hides_no_503(samples: Sequence[Exchange]) -> None:
    """In the health check and in its schema, whichever comes first."""
    (finding,) = health_findings(samples, "2.0.0")
    assert finding.found == "status 503"
    assert len(schema_findings(Contract().api, "health", samples)) == 1


@pytest.mark.parametrize("samples", [(GOOD, LIMITED), ()])
def test_what_was_not_measured_is_unverified(samples: Sequence[Exchange]) -> None:
    """One lost sample among good ones, or none at all."""
    with pytest.raises(Unverified):
        health_findings(samples, "2.0.0")
    with pytest.raises(Unverified):
        schema_findings(Contract().api, "health", samples)


def test_another_version_among_the_samples_is_found() -> None:
    """An instance of an older deploy."""
    old = answered(json.dumps(HEALTH | {"version": "1.9.0"}))
    assert versions([GOOD, old, GOOD]) == ("2.0.0", "1.9.0")
    assert len(mixed_versions([GOOD, old])) == 1
    assert mixed_versions([GOOD, GOOD]) == []


def test_no_version_at_all_is_unverified() -> None:
    """Nothing was compared."""
    for samples in ([], [LIMITED], [BROKEN, answered("<html>", kind="text/html")]):
        with pytest.raises(Unverified, match="names a version"):
            mixed_versions(samples)
