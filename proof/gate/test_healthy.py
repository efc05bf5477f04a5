"""A healthy deployment is GO, under every condition of `make soak`; a broken one is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from proof.gate.bench import Bench
from proof.soak.attempt import LOG, attempt
from proof.soak.conditions import CONDITIONS, Condition, schedule
from reference.faults import CATALOGUE

ALONE = [each for each in CONDITIONS if not each.workers]  # every worker costs an interpreter: once is enough here
RUNS = tuple(schedule([*CONDITIONS, *ALONE, *ALONE], 20))


@pytest.mark.parametrize(("number", "condition"), RUNS, ids=[f"{number} {each.name}" for number, each in RUNS])
def test_a_healthy_deployment_is_go(bench: Bench, tmp_path: Path, number: int, condition: Condition) -> None:
    """Everything passes within the budget, and nothing is left behind."""
    ended = attempt(bench, number, condition, tmp_path / "reports")
    assert ended.is_go, f"{ended.verdict}\n{ended.run.output}"
    assert set(ended.run.outcomes.values()) == {"passed"}
    assert ended.run.signoff["partial"] is False
    assert ended.requests <= 90


def test_twenty_runs_meet_every_condition() -> None:
    """None is left to the long soak alone."""
    assert {condition for _, condition in RUNS} == set(CONDITIONS)


def test_a_soak_sees_what_is_not_go(bench: Bench, tmp_path: Path) -> None:
    """On a broken deployment a run of the soak is not GO, and its reports and output are there to be kept."""
    bench.do(CATALOGUE["index-dropped"].apply(bench.deployment))
    ended = attempt(bench, 1, CONDITIONS[0], tmp_path / "reports")
    assert (ended.is_go, ended.verdict) == (False, "NO-GO")
    assert {"signoff.html", LOG} <= {path.name for path in (tmp_path / "reports").iterdir()}


def test_a_healed_deployment_is_go_again(bench: Bench) -> None:
    """What a fault changed, healing undoes: the matrix judges each fault alone."""
    for name in ("stamped-not-migrated", "variable-missing", "service-suspended", "certificate-expired", "key-refused"):
        bench.do(CATALOGUE[name].apply(bench.deployment))
        bench.do(bench.deployment.heal())
    run = bench.gate()
    assert (run.signoff["verdict"], run.exit_status) == ("GO", 0), run.output
