"""From tests' outcomes to a criterion's outcome to the verdict: pure functions, for the gate and for `verify`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from acceptance.catalogue import Criterion
from acceptance.outcomes import Outcome, worst
from acceptance.waivers import Attestation, Waiver


class Verdict(StrEnum):
    """What the gate says."""

    GO = "GO"
    NO_GO = "NO-GO"
    UNVERIFIED = "UNVERIFIED"

    @property
    def exit_status(self) -> int:
        """The process's exit status for this verdict."""
        return {Verdict.GO: 0, Verdict.NO_GO: 1, Verdict.UNVERIFIED: 20}[self]


@dataclass(frozen=True)
class TestRecord:
    """What one acceptance test ended in."""

    __test__ = False  # not a test class, whatever pytest makes of the name

    nodeid: str
    outcome: Outcome
    duration_s: float = 0.0
    message: str = ""
    judgements: int = 0


@dataclass(frozen=True)
class Evidence:
    """One fact that a test measured: a title that fits into a table, and the detail behind it."""

    title: str
    detail: str = ""


@dataclass(frozen=True)
class CriterionResult:
    """A criterion's outcome with everything that led to it."""

    criterion: Criterion
    outcome: Outcome
    summary: str
    tests: tuple[TestRecord, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    waiver: Waiver | None = None
    attestation: Attestation | None = None
    stale_waiver: bool = False

    @property
    def answer(self) -> str:
        """What the plan calls the outcome, where the criterion is a question of its own; else empty."""
        return self.criterion.answers.get(self.outcome, "")


@dataclass(frozen=True)
class Decision:
    """The verdict and the sentences that explain it."""

    verdict: Verdict
    reasons: tuple[str, ...] = field(default=())


def measured_outcome(record: TestRecord) -> Outcome:
    """Return a test's outcome; a pass without a single evaluated assertion is no measurement."""
    if record.outcome in (Outcome.PASSED, Outcome.NOTED) and record.judgements < 1:
        return Outcome.UNVERIFIED
    return record.outcome


def function_of(nodeid: str) -> str:
    """Return a test's node id without its parameters."""
    return nodeid.split("[", 1)[0]


def must_run(functions: Sequence[str], collected: Iterable[str]) -> tuple[str, ...]:
    """Return the node ids that must have run: every collected case of the functions, or the function if it has none."""
    cases = tuple(collected)
    return tuple(
        node
        for function in functions
        for node in [case for case in cases if function_of(case) == function] or [function]
    )


def judge(
    criterion: Criterion,
    expected: Sequence[str],
    records: Iterable[TestRecord],
    *,
    evidence: Sequence[Evidence] = (),
    waiver: Waiver | None = None,
    attestation: Attestation | None = None,
) -> CriterionResult:
    """Add up a criterion: the worst of its tests, where an expected test that did not run is unverified.

    Args:
        criterion: the promise.
        expected: node ids that must have run; one without parameters stands for any case of that function.
        records: what ran.
        evidence: what was measured.
        waiver: the waiver in force for it.
        attestation: a person's word, which counts for a manual criterion.
    """
    ran = tuple(records)
    tests = (*ran, *_missing(expected, ran))
    outcome = worst(measured_outcome(test) for test in tests)
    summary = _summary(criterion, outcome, tests, evidence)
    if criterion.manual and attestation and outcome is Outcome.UNVERIFIED:
        outcome, summary = (
            Outcome.ATTESTED,
            f"Attested by {attestation.by} on {attestation.date}: {attestation.evidence}",
        )
    if not criterion.gates and outcome is Outcome.FAILED:
        outcome = Outcome.NOTED
    if waiver and outcome in (Outcome.FAILED, Outcome.UNVERIFIED):
        return CriterionResult(criterion, Outcome.WAIVED, summary, tests, tuple(evidence), waiver, attestation)
    stale = waiver is not None
    return CriterionResult(criterion, outcome, summary, tests, tuple(evidence), None, attestation, stale)


def decide(results: Sequence[CriterionResult], partial: Sequence[str] = ()) -> Decision:
    """Return the verdict over the criteria that count; `partial` are the reasons why the run was not whole."""
    gating = [result for result in results if result.criterion.gates]
    failed = [r.criterion.id for r in gating if r.outcome is Outcome.FAILED]
    unverified = [r.criterion.id for r in gating if r.outcome is Outcome.UNVERIFIED]
    reasons = [f"PARTIAL: {reason}" for reason in partial]
    if not gating:
        reasons.append("Nothing that gates was selected: no verdict can be had from this run.")
    if failed:
        return Decision(Verdict.NO_GO, (f"Failed: {', '.join(failed)}.", *_unverified(unverified), *reasons))
    if unverified or reasons:
        return Decision(Verdict.UNVERIFIED, (*_unverified(unverified), *reasons))
    return Decision(Verdict.GO)


def _unverified(ids: Sequence[str]) -> tuple[str, ...]:
    return (f"Not measured, so not passed: {', '.join(ids)}.",) if ids else ()


def _missing(expected: Sequence[str], records: Sequence[TestRecord]) -> tuple[TestRecord, ...]:
    ran = {record.nodeid for record in records} | {function_of(record.nodeid) for record in records}
    why = "This test did not run: deselected, not collected, interrupted, or its worker died."
    return tuple(TestRecord(node, Outcome.UNVERIFIED, message=why) for node in expected if node not in ran)


def _summary(criterion: Criterion, outcome: Outcome, tests: Sequence[TestRecord], evidence: Sequence[Evidence]) -> str:
    if outcome is Outcome.PASSED:
        return "; ".join(dict.fromkeys(item.title for item in evidence)) or criterion.passes
    if not tests:
        return "No test measures this criterion yet."
    for test in tests:
        if measured_outcome(test) is outcome:
            return _headline(test)
    return criterion.passes


def _headline(test: TestRecord) -> str:
    if measured_outcome(test) is Outcome.UNVERIFIED and test.outcome is not Outcome.UNVERIFIED:
        return "The test evaluated no assertion, so it judged nothing."
    lines = [line.strip() for line in test.message.splitlines() if line.strip()]
    labelled = {label: text.strip() for label, _, text in (line.partition(":") for line in reversed(lines))}
    if "Found" in labelled and "Where" in labelled:
        return f"{labelled['Where']}: {labelled['Found']}"
    return (lines or [test.nodeid])[0]
