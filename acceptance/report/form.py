"""The plan's sign-off template, filled in from a document: what may be ticked, and what may be called PASS."""

from __future__ import annotations

from dataclasses import dataclass

from acceptance.report.documents import Document, Entry, having
from acceptance.report.words import OUTCOMES, day, listed

# The plan's lines under TESTS PASSED, and the criteria that measure them. A line is as good as its worst criterion.
TESTS_PASSED = (
    ("Health check", ("MH-2", "DP-3", "KPI-4")),
    ("ML classification", ("NH-2",)),
    ("Analytics API", ("MH-6",)),
    ("Performance (<500 ms)", ("DP-4", "NH-1", "OBJ-4", "KPI-2")),
    ("Security", ("MH-7", "OBJ-3")),
)
NEXT_ACTIONS = ("Monitor for 24 hours", "Set up Shopify app", "Onboard first merchant")

_RESULTS = {
    "passed": "PASS",
    "noted": "NOTED",
    "failed": "FAIL",
    "unverified": "NOT VERIFIED",
    "waived": "WAIVED",
    "attested": "ATTESTED",
}
_SHOWN_ISSUES = 7
_COMPLETING_STAGES = {"post-deploy", "nightly"}


@dataclass(frozen=True)
class Box:
    """A box of the line DEPLOYMENT COMPLETED."""

    label: str
    ticked: bool


@dataclass(frozen=True)
class Test:
    """A line of TESTS PASSED: its result in a word, the outcome it comes from, and the criteria that gave it."""

    label: str
    result: str
    outcome: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """The template, filled in; `undecided` says why neither YES nor NO is ticked, and is empty if one is."""

    boxes: tuple[Box, ...]
    undecided: str
    tests: tuple[Test, ...]
    issues: tuple[Entry, ...]
    more_issues: int
    actions: tuple[str, ...]


def fill(document: Document) -> Form:
    """Fill in the plan's sign-off template."""
    third, undecided = _third_box(document)
    verdict = document["verdict"]
    boxes = [Box("YES", not third and verdict == "GO"), Box("NO", not third and verdict == "NO-GO")]
    if third:
        boxes.append(Box(third, ticked=True))
    issues = _issues(document)
    return Form(
        boxes=tuple(boxes),
        undecided=undecided,
        tests=tuple(_test(document, label, ids) for label, ids in TESTS_PASSED),
        issues=tuple(issues[:_SHOWN_ISSUES]),
        more_issues=max(0, len(issues) - _SHOWN_ISSUES),
        actions=tuple(_actions(document)),
    )


def _third_box(document: Document) -> tuple[str, str]:
    """Return the third box and its reason, both empty when YES or NO may be ticked."""
    if document["target"]["reference"]:
        return "REHEARSAL ONLY", "Nothing was deployed: the suite ran against the deployment that it brings along."
    if document["verdict"] == "NO-GO":
        return "", ""
    if document["verdict"] != "GO" or document["partial"]:
        return "NOT DECIDED", "What was measured doesn't answer the question: see the reasons above."
    if not _completes(document):
        return "NOT YET", "Only the must-have criteria after the deployment can complete it; this run asked others."
    return "", ""


def _completes(document: Document) -> bool:
    levels = {criterion["level"] for criterion in document["criteria"]}
    return document["stage"] in _COMPLETING_STAGES and "must_have" in levels


def _test(document: Document, label: str, ids: tuple[str, ...]) -> Test:
    measured = [criterion for criterion in document["criteria"] if criterion["id"] in ids]
    if not measured:
        return Test(label, "NOT IN THIS RUN", "absent", ())
    outcome = min((criterion["outcome"] for criterion in measured), key=list(OUTCOMES).index)
    result = "PASS IN PART" if outcome == "passed" and document["partial"] else _RESULTS[outcome]
    return Test(label, result, outcome, tuple(criterion["id"] for criterion in measured))


def _issues(document: Document) -> list[Entry]:
    """Return what is neither passed nor attested, the worst first, the nice-to-haves last."""
    outcomes = (outcome for outcome in OUTCOMES if outcome not in {"passed", "attested"})
    issues = (criterion for outcome in outcomes for criterion in having(document, outcome))
    return sorted(issues, key=lambda criterion: bool(criterion["level"] == "nice_to_have"))


def _actions(document: Document) -> list[str]:
    failed, unverified = having(document, "failed"), having(document, "unverified")
    actions = [f"{criterion['id']}: {criterion['action']}" for criterion in failed]
    if unverified:
        actions.append(f"Make {listed(c['id'] for c in unverified)} measurable: their entries say what is missing.")
    if document["partial"]:
        actions.append("Run the whole selection: a partial run is never GO.")
    actions += [_settle(criterion) for criterion in having(document, "waived")]
    return [*actions, *_closing(document)]


def _settle(waived: Entry) -> str:
    until = waived["waiver"]["expires"] if waived["waiver"] else ""
    return f"Settle {waived['id']} before its waiver ends{' on ' + day(until) if until else ''}."


def _closing(document: Document) -> tuple[str, ...]:
    if document["verdict"] != "GO":
        return ("Run the gate again.",)
    if document["target"]["reference"]:
        return ("Run the gate on the deployed application: make gate TARGET=production.",)
    return NEXT_ACTIONS if _completes(document) else ("Go on with the plan's next step.",)
