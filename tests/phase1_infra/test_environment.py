"""Phase 1, infrastructure: the environment that the service runs with."""

from __future__ import annotations

from acceptance.checks.environment import problems, skipped
from acceptance.checks.services import differing_services, most_instances
from acceptance.contract import Contract
from acceptance.plugin import Evidence, criterion
from acceptance.probes.provider import ProviderReading
from acceptance.target import Target


@criterion("MH-5")
def test_every_required_variable_is_set_and_well_formed(
    provider: ProviderReading, contract: Contract, target: Target, evidence: Evidence
) -> None:
    """No placeholder, no development default, and the database and cache are those that were tested."""
    evidence.add(f"{len(provider.env)} variables are set, linked groups included")
    for name in skipped(contract.environment, provider.env, target.knowingly_skipped):
        evidence.note(f"{name} is knowingly not set")
    assert problems(contract.environment, provider.env, target, instances=most_instances(provider)) == []


@criterion("MH-5")
def test_services_that_share_secrets_hold_the_same(provider: ProviderReading, contract: Contract) -> None:
    """The worker decrypts what the API encrypts, so its addresses and keys equal the API's, where there is a worker."""
    assert differing_services(contract.services, provider) == []
