"""The fault matrix: each fault turns exactly its criteria, and the account names the cause."""

from __future__ import annotations

from collections import Counter

import pytest

from acceptance.catalogue import load_catalogue
from proof.gate.bench import Bench
from reference.faults import CATALOGUE

MEASURED = [c.id for c in load_catalogue().selected("post-deploy", ["must_have", "decision_point"])]
HEALTHY = {c.id: "passed" if c.status == "finished" else "unverified" for c in load_catalogue() if c.id in MEASURED}
EXIT_STATUS = {"failed": 1, "unverified": 20, "noted": 0}
FEWEST_FAULTS = 6


def test_every_finished_criterion_has_its_faults() -> None:
    """At least six for each must-have and decision point, and each fault breaks criteria that there are."""
    finished = [c for c in load_catalogue() if c.status == "finished"]
    broken = Counter(criterion_id for fault in CATALOGUE.values() for criterion_id in fault.breaks)
    assert set(broken) <= {criterion.id for criterion in finished}
    assert {c.id: broken[c.id] for c in finished if broken[c.id] < FEWEST_FAULTS} == {}
    assert [fault.name for fault in CATALOGUE.values() if not fault.breaks or not fault.says] == []
    assert {outcome for fault in CATALOGUE.values() for outcome in fault.breaks.values()} <= set(EXIT_STATUS)


@pytest.mark.parametrize("name", CATALOGUE)
def test_a_fault_turns_exactly_its_criteria(name: str, bench: Bench) -> None:
    """Every other criterion ends as on the healthy deployment."""
    fault = CATALOGUE[name]
    bench.do(fault.apply(bench.deployment))
    run = bench.gate("-m", "must_have or decision_point")
    expected = HEALTHY | dict(fault.breaks)
    assert run.outcomes == expected, run.output
    first = next(iter(fault.breaks))
    assert fault.says in run.account(first)
    worst = next(outcome for outcome in EXIT_STATUS if outcome in expected.values())
    assert run.exit_status == EXIT_STATUS[worst]


def test_what_is_only_noted_is_go(bench: Bench) -> None:
    """A note lets the gate proceed."""
    bench.do(CATALOGUE["eviction-policy-changed"].apply(bench.deployment))
    run = bench.gate()
    assert (run.signoff["verdict"], run.exit_status, run.outcomes["MH-1"]) == ("GO", 0, "noted"), run.output
