"""The fault matrix: each fault turns exactly its criteria, and the account names the cause."""

from __future__ import annotations

import pytest

from acceptance.catalogue import load_catalogue
from proof.gate.bench import Bench
from reference.faults import CATALOGUE

MUST_HAVES = [criterion.id for criterion in load_catalogue().selected("post-deploy", ["must_have"])]
EXIT_STATUS = {"failed": 1, "unverified": 20, "noted": 0}


def test_every_must_have_has_its_faults() -> None:
    """At least one for each, and each fault breaks criteria that there are."""
    broken = {criterion_id for fault in CATALOGUE.values() for criterion_id in fault.breaks}
    assert broken == set(MUST_HAVES)
    assert {outcome for fault in CATALOGUE.values() for outcome in fault.breaks.values()} <= set(EXIT_STATUS)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_fault_turns_exactly_its_criteria(name: str, bench: Bench) -> None:
    """Every other criterion ends as on the healthy deployment."""
    fault = CATALOGUE[name]
    bench.do(fault.apply(bench.deployment))
    run = bench.gate()
    expected = dict.fromkeys(MUST_HAVES, "passed") | dict(fault.breaks)
    assert run.outcomes == expected, run.output
    first = next(iter(fault.breaks))
    assert fault.says in run.account(first)
    worst = next(outcome for outcome in EXIT_STATUS if outcome in fault.breaks.values())
    assert run.exit_status == EXIT_STATUS[worst]
