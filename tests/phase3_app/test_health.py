"""Phase 3, application: the service is up and says so."""

from __future__ import annotations

from acceptance.checks import health as checks
from acceptance.checks.responses import schema_findings
from acceptance.contract import Contract
from acceptance.plugin import Evidence, criterion
from acceptance.probes.exchange import Exchange
from acceptance.target import Target


@criterion("MH-2", "DP-3")
def test_every_health_sample_is_200_healthy_and_of_the_deployed_version(
    health: tuple[Exchange, ...], target: Target, evidence: Evidence
) -> None:
    """Several GETs over a few seconds: exactly 200, JSON, healthy, the expected version."""
    evidence.add(f"{len(health)} samples of /health, version {', '.join(checks.versions(health)) or 'unknown'}")
    if not target.expected_version:
        evidence.note("APEX_EXPECTED_VERSION is not set, so which version should answer was not judged.")
    evidence.fact("version", ", ".join(checks.versions(health)))
    assert checks.health_findings(health, target.expected_version, target.expected_commit) == []


@criterion("MH-2")
def test_the_health_body_matches_the_contract(health: tuple[Exchange, ...], contract: Contract) -> None:
    """Every sample is valid against the health schema."""
    assert schema_findings(contract.api, "health", health) == []


@criterion("MH-2")
def test_all_samples_come_from_one_version(health: tuple[Exchange, ...]) -> None:
    """No instance of an older deploy answers among the new ones."""
    assert checks.mixed_versions(health) == []
