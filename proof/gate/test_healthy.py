"""A healthy deployment is GO, however the gate is run."""

from __future__ import annotations

import pytest

from proof.gate.bench import Bench
from reference.faults import CATALOGUE


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_healthy_deployment_is_go(bench: Bench, processes: str) -> None:
    """With one process and with two, the same outcomes."""
    run = bench.gate(f"-n{processes}")
    assert (run.signoff["verdict"], run.exit_status) == ("GO", 0), run.output
    assert set(run.outcomes.values()) == {"passed"}
    assert run.signoff["partial"] is False
    assert run.signoff["requests"]["sent"] <= 90


def test_a_healed_deployment_is_go_again(bench: Bench) -> None:
    """What a fault changed, healing undoes: the matrix judges each fault alone."""
    for name in ("stamped-not-migrated", "variable-missing", "service-suspended", "certificate-expired", "key-refused"):
        bench.do(CATALOGUE[name].apply(bench.deployment))
        bench.do(bench.deployment.heal())
    run = bench.gate()
    assert (run.signoff["verdict"], run.exit_status) == ("GO", 0), run.output
