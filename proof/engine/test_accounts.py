"""What a result and a verdict say beside their outcome: whole sentences, and everything that led to them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from acceptance.catalogue import load_catalogue
from acceptance.findings import Finding, render
from acceptance.outcomes import Outcome
from acceptance.verdict import CriterionResult, Decision, Evidence, TestRecord, Verdict, decide, judge, must_run
from acceptance.waivers import Attestation, Waiver

CATALOGUE = load_catalogue()
TEST = "tests/phase2_db/test_schema.py::test_tables"
OTHER = "tests/phase2_db/test_schema.py::test_columns"
NOT_RUN = "This test did not run: deselected, not collected, interrupted, or its worker died."
WAIVER = Waiver(id="MH-5", target="production", reason="r", owner="Ada", approver="Bo", expires=date(2028, 2, 29))
ATTESTATION = Attestation(id="PRE-7", target="production", by="Operations", date=date(2028, 2, 28), evidence="a mail")
PASSED = TestRecord(TEST, Outcome.PASSED, judgements=1)


def failed(message: str, outcome: Outcome = Outcome.FAILED) -> TestRecord:
    """Return the record of a test that ended with that message."""
    return TestRecord(TEST, outcome, message=message, judgements=1)


def summary(*records: TestRecord, evidence: tuple[Evidence, ...] = (), criterion_id: str = "MH-3") -> str:
    """Return what a criterion with these tests is summed up as."""
    expected = [record.nodeid for record in records]
    return judge(CATALOGUE[criterion_id], expected, records, evidence=evidence).summary


def ended(criterion_id: str, outcome: Outcome) -> CriterionResult:
    """Return a criterion that ended so."""
    return CriterionResult(CATALOGUE[criterion_id], outcome, "")


def test_a_pass_is_summed_up_by_its_evidence() -> None:
    """Each title once, in order; without evidence by the plan's own rule."""
    seen = (Evidence("6 tables"), Evidence("12 indexes", "their names"), Evidence("6 tables"))
    assert summary(PASSED, evidence=seen) == "6 tables; 12 indexes"
    assert summary(PASSED) == CATALOGUE["MH-3"].passes


def test_a_finding_is_summed_up_by_place_and_what_was_found() -> None:
    """The first one of several; what stands behind a further colon belongs to it."""
    first = Finding("one index", "none: dropped", "table shops: indexes")
    message = render([first, Finding("another", "nothing", "elsewhere")])
    assert summary(failed(f"AssertionError: 2 findings\n\n{message}")) == "table shops: indexes: none: dropped"


@pytest.mark.parametrize(
    ("message", "line"),
    [
        ("\n   \n  The provider did not answer.  \nFurther words", "The provider did not answer."),
        ("Found: a word without its place", "Found: a word without its place"),
        ("Where: a place without a word", "Where: a place without a word"),
        ("", TEST),
    ],
)
def test_any_other_message_is_summed_up_by_its_first_line(message: str, line: str) -> None:
    """Or by the test's name if it says nothing."""
    assert summary(failed(message)) == line


def test_the_test_that_decides_is_quoted() -> None:
    """Not the first one, nor one that ended better."""
    records = (failed("Slow.", Outcome.UNVERIFIED), failed("Broken."), failed("Broken too."))
    assert summary(*records) == "Broken."


def test_what_judged_nothing_says_so() -> None:
    """Passed or noted without one evaluated assertion; a single one is enough."""
    for outcome in (Outcome.PASSED, Outcome.NOTED):
        silent = TestRecord(TEST, outcome, message="All is well.")
        assert summary(silent) == "The test evaluated no assertion, so it judged nothing."
    assert summary(failed("A note.", Outcome.NOTED)) == "A note."


def test_a_test_that_did_not_run_is_told_with_its_reason() -> None:
    """As a record of its own, after those that ran."""
    result = judge(CATALOGUE["MH-3"], [TEST, OTHER], [PASSED])
    assert result.tests == (PASSED, TestRecord(OTHER, Outcome.UNVERIFIED, message=NOT_RUN))
    assert result.summary == NOT_RUN


def test_a_criterion_without_a_test_says_so() -> None:
    """It is unverified."""
    result = judge(CATALOGUE["MH-3"], [], [])
    assert (result.outcome, result.tests) == (Outcome.UNVERIFIED, ())
    assert result.summary == "No test measures this criterion yet."


def test_a_waived_result_keeps_all_that_led_to_it() -> None:
    """Tests, evidence, the waiver and why it was needed: the sign-off shows them."""
    record, seen = failed("It is not set."), (Evidence("11 variables"),)
    result = judge(CATALOGUE["MH-5"], [TEST], [record], evidence=seen, waiver=WAIVER, attestation=ATTESTATION)
    assert result == CriterionResult(
        CATALOGUE["MH-5"], Outcome.WAIVED, "It is not set.", (record,), seen, WAIVER, ATTESTATION
    )


def test_any_other_result_keeps_it_too_and_flags_a_waiver_that_it_does_not_need() -> None:
    """A stale waiver stands in no result as if it were in force."""
    seen = (Evidence("12 variables"),)
    result = judge(CATALOGUE["MH-5"], [TEST], [PASSED], evidence=seen, waiver=WAIVER, attestation=ATTESTATION)
    whole = CriterionResult(CATALOGUE["MH-5"], Outcome.PASSED, "12 variables", (PASSED,), seen)
    assert result == replace(whole, attestation=ATTESTATION, stale_waiver=True)
    assert not judge(CATALOGUE["MH-5"], [TEST], [PASSED]).stale_waiver


def test_an_attestation_counts_only_for_a_manual_criterion_that_was_not_measured() -> None:
    """Nobody's word makes up for a measurement that is missing, nor stands against one that failed."""
    assert judge(CATALOGUE["PRE-7"], [], []).outcome is Outcome.UNVERIFIED
    assert judge(CATALOGUE["PRE-7"], [], [], attestation=ATTESTATION).outcome is Outcome.ATTESTED
    assert judge(CATALOGUE["MH-3"], [], [], attestation=ATTESTATION).outcome is Outcome.UNVERIFIED
    refuted = judge(CATALOGUE["PRE-7"], [TEST], [failed("It is not so.")], attestation=ATTESTATION)
    assert (refuted.outcome, refuted.summary) == (Outcome.FAILED, "It is not so.")


def test_an_attested_criterion_needs_no_waiver() -> None:
    """Its waiver is stale; one that is not attested is waived."""
    waiver = WAIVER.model_copy(update={"id": "PRE-7"})
    assert judge(CATALOGUE["PRE-7"], [], [], waiver=waiver, attestation=ATTESTATION).stale_waiver
    assert judge(CATALOGUE["PRE-7"], [], [], waiver=waiver).outcome is Outcome.WAIVED


def test_the_decision_names_what_failed_what_was_not_measured_and_what_is_partial() -> None:
    """In that order, each in one sentence; what was waived, attested or noted is no reason."""
    good = [ended("MH-1", Outcome.PASSED), ended("MH-5", Outcome.WAIVED), ended("PRE-7", Outcome.ATTESTED)]
    open_ = [ended("MH-6", Outcome.UNVERIFIED), ended("MH-7", Outcome.UNVERIFIED), ended("NH-1", Outcome.UNVERIFIED)]
    bad = [ended("MH-3", Outcome.FAILED), ended("MH-4", Outcome.FAILED), ended("NH-2", Outcome.FAILED)]
    unmeasured, partial = "Not measured, so not passed: MH-6, MH-7.", "PARTIAL: -k left tests out."
    assert decide([*good, ended("MH-2", Outcome.NOTED)]) == Decision(Verdict.GO, ())
    assert decide([*good, *open_]) == Decision(Verdict.UNVERIFIED, (unmeasured,))
    assert decide([*good, *bad]) == Decision(Verdict.NO_GO, ("Failed: MH-3, MH-4.",))
    assert decide([*good, *bad, *open_], ["-k left tests out."]) == Decision(
        Verdict.NO_GO, ("Failed: MH-3, MH-4.", unmeasured, partial)
    )
    assert decide([*good, *open_], ["-k left tests out."]) == Decision(Verdict.UNVERIFIED, (unmeasured, partial))
    assert decide(good, ["-k left tests out."]) == Decision(Verdict.UNVERIFIED, (partial,))


def test_a_run_in_which_nothing_gates_says_so() -> None:
    """Whatever the nice-to-haves ended in."""
    nothing = "Nothing that gates was selected: no verdict can be had from this run."
    for results in ([], [ended("NH-1", Outcome.PASSED)], [ended("NH-1", Outcome.FAILED)]):
        assert decide(results) == Decision(Verdict.UNVERIFIED, (nothing,))


def test_each_collected_case_of_a_function_must_run() -> None:
    """A function of which no case was collected stands for itself; a bracket in a parameter is no other function."""
    cases = [f"{TEST}[a]", f"{TEST}[x[0]-[]]", f"{TEST}_too[a]", OTHER]
    assert must_run([TEST], cases) == (f"{TEST}[a]", f"{TEST}[x[0]-[]]")
    assert must_run([OTHER, TEST], cases) == (OTHER, f"{TEST}[a]", f"{TEST}[x[0]-[]]")
    assert must_run([TEST, OTHER], iter([OTHER])) == (TEST, OTHER)
    assert must_run([], cases) == ()


def test_a_case_that_did_not_run_is_missed_although_another_did() -> None:
    """Cases are expected one by one; a function without collected cases by any of them."""
    records = [TestRecord(f"{TEST}[a]", Outcome.PASSED, judgements=1)]
    both = must_run([TEST], [f"{TEST}[a]", f"{TEST}[b]"])
    assert judge(CATALOGUE["MH-3"], both, records).outcome is Outcome.UNVERIFIED
    assert judge(CATALOGUE["MH-3"], [TEST], records).outcome is Outcome.PASSED
