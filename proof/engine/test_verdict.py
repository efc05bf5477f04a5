"""The verdict: pure functions from tests' outcomes to GO, NO-GO or UNVERIFIED."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.catalogue import Criterion, load_catalogue
from acceptance.outcomes import Outcome, worst
from acceptance.verdict import CriterionResult, TestRecord, Verdict, decide, judge

CATALOGUE = load_catalogue()
TEST = "tests/phase2_db/test_schema.py::test_tables"
MEASURED = [Outcome.PASSED, Outcome.NOTED, Outcome.UNVERIFIED, Outcome.FAILED]


def record(outcome: Outcome, judgements: int = 1, nodeid: str = TEST) -> TestRecord:
    """Return a test's record."""
    return TestRecord(nodeid, outcome, judgements=judgements)


def result(criterion_id: str, outcome: Outcome) -> CriterionResult:
    """Return a criterion that ended so."""
    return CriterionResult(CATALOGUE[criterion_id], outcome, "")


def criterion(criterion_id: str = "MH-3") -> Criterion:
    """Return a criterion of the catalogue."""
    return CATALOGUE[criterion_id]


def test_the_worst_of_nothing_is_unverified() -> None:
    """A criterion without a single test is not passed."""
    assert worst([]) is Outcome.UNVERIFIED


@pytest.mark.parametrize(
    ("outcomes", "expected"),
    [
        ([Outcome.PASSED, Outcome.PASSED], Outcome.PASSED),
        ([Outcome.PASSED, Outcome.NOTED], Outcome.NOTED),
        ([Outcome.NOTED, Outcome.UNVERIFIED], Outcome.UNVERIFIED),
        ([Outcome.UNVERIFIED, Outcome.FAILED, Outcome.PASSED], Outcome.FAILED),
    ],
)
def test_a_criterion_is_the_worst_of_its_tests(outcomes: list[Outcome], expected: Outcome) -> None:
    """One bad test decides."""
    assert judge(criterion(), [TEST], [record(outcome) for outcome in outcomes]).outcome is expected


def test_a_pass_without_a_judgement_is_unverified() -> None:
    """A test that evaluated no assertion proves nothing."""
    ended = judge(criterion(), [TEST], [record(Outcome.PASSED, judgements=0)])
    assert ended.outcome is Outcome.UNVERIFIED
    assert "judged nothing" in ended.summary


def test_an_expected_test_that_did_not_run_is_unverified() -> None:
    """What was deselected or not collected is named, not forgotten."""
    ended = judge(criterion(), [TEST, "tests/phase2_db/test_schema.py::test_other"], [record(Outcome.PASSED)])
    assert ended.outcome is Outcome.UNVERIFIED
    assert ended.tests[-1].nodeid.endswith("test_other")
    assert "did not run" in ended.summary


def test_a_parametrized_test_counts_by_its_function() -> None:
    """Parameters don't change which function was expected."""
    assert judge(criterion(), [TEST], [record(Outcome.PASSED, nodeid=f"{TEST}[a-b]")]).outcome is Outcome.PASSED


def test_a_nice_to_have_that_missed_is_noted() -> None:
    """A nice-to-have never blocks."""
    ended = judge(criterion("NH-4"), [TEST], [record(Outcome.FAILED)])
    assert ended.outcome is Outcome.NOTED
    assert decide([ended, result("MH-1", Outcome.PASSED)]).verdict is Verdict.GO


@given(st.lists(st.sampled_from(MEASURED), min_size=7, max_size=7))
def test_go_means_that_every_must_have_was_measured_and_good(outcomes: list[Outcome]) -> None:
    """GO holds exactly when all passed or are noted; a failure is NO-GO whatever else is unverified."""
    verdict = decide([result(f"MH-{n}", outcome) for n, outcome in enumerate(outcomes, start=1)]).verdict
    if Outcome.FAILED in outcomes:
        assert verdict is Verdict.NO_GO
    elif Outcome.UNVERIFIED in outcomes:
        assert verdict is Verdict.UNVERIFIED
    else:
        assert verdict is Verdict.GO


def test_a_partial_run_is_never_go() -> None:
    """Whatever was measured, a run that left something out says so."""
    decision = decide([result("MH-1", Outcome.PASSED)], ["-k can leave tests out."])
    assert decision.verdict is Verdict.UNVERIFIED
    assert "PARTIAL" in decision.reasons[0]


def test_a_run_over_nothing_is_never_go() -> None:
    """No gating criterion, no verdict."""
    assert decide([]).verdict is Verdict.UNVERIFIED
    assert decide([result("NH-1", Outcome.PASSED)]).verdict is Verdict.UNVERIFIED


@pytest.mark.parametrize(("verdict", "status"), [(Verdict.GO, 0), (Verdict.NO_GO, 1), (Verdict.UNVERIFIED, 20)])
def test_exit_statuses_are_the_documented_ones(verdict: Verdict, status: int) -> None:
    """Scripts rely on them."""
    assert verdict.exit_status == status
