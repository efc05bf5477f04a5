"""Phase 1, infrastructure: the services of the plan are live."""

from __future__ import annotations

from acceptance.checks import services
from acceptance.contract import Contract
from acceptance.plugin import Evidence, criterion
from acceptance.probes.provider import ProviderReading
from acceptance.target import Target


@criterion("MH-1")
def test_every_service_of_the_plan_exists_and_none_is_suspended(
    provider: ProviderReading, contract: Contract, evidence: Evidence
) -> None:
    """The provider runs the API, its database and its key value store, and any optional service, unsuspended."""
    rows = services.rows(provider)
    evidence.add(f"services: {', '.join(row['name'] for row in rows)}")
    evidence.fact("services", rows)
    assert services.missing(contract.services, provider) + services.suspensions(provider) == []


@criterion("MH-1")
def test_the_newest_deploy_is_live_and_of_the_expected_commit(
    provider: ProviderReading, target: Target, evidence: Evidence
) -> None:
    """By creation time, whatever the order in which the provider lists them."""
    evidence.add(services.newest_deploy(provider))
    if not target.expected_commit:
        evidence.note("APEX_EXPECTED_COMMIT is not set, so which commit should be live was not judged.")
    evidence.fact("commit", services.live_commit(provider))
    assert services.deploy_findings(provider, target.expected_commit) == []


@criterion("MH-1")
def test_database_and_key_value_store_are_available(
    provider: ProviderReading, contract: Contract, evidence: Evidence
) -> None:
    """The provider says so of each."""
    for sentence in services.departures(contract.services, provider):
        evidence.note(sentence)
    assert services.unavailable(provider) == []
