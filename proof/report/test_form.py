"""The plan's sign-off template ticks and says PASS for nothing that was not measured."""

from __future__ import annotations

import pytest

from acceptance.report.form import NEXT_ACTIONS, Form, fill
from acceptance.report.headline import headline
from proof.report import sample


def ticked(form: Form) -> list[str]:
    """Return the boxes that are ticked."""
    return [box.label for box in form.boxes if box.ticked]


def results(document: sample.Document) -> dict[str, str]:
    """Return the results of the template's tests by their label."""
    return {test.label: test.result for test in fill(document).tests}


def test_production_is_completed_by_a_whole_go() -> None:
    """A whole GO on production ticks YES alone and goes on with the plan's next actions."""
    form = fill(sample.go_on_production())
    assert ticked(form) == ["YES"]
    assert form.actions == NEXT_ACTIONS
    assert form.issues == ()


@pytest.mark.parametrize("verdict", ["GO", "NO-GO", "UNVERIFIED"])
def test_the_reference_completes_nothing(verdict: str) -> None:
    """Whatever the verdict on the embedded deployment, neither YES nor NO is ticked."""
    assert ticked(fill(sample.go_on_reference() | {"verdict": verdict})) == ["REHEARSAL ONLY"]


@pytest.mark.parametrize(
    ("changes", "box"),
    [
        ({"verdict": "NO-GO"}, "NO"),
        ({"verdict": "NO-GO", "partial": True}, "NO"),
        ({"verdict": "UNVERIFIED"}, "NOT DECIDED"),
        ({"partial": True}, "NOT DECIDED"),
        ({"stage": "pre-deploy"}, "NOT YET"),
        ({"criteria": []}, "NOT YET"),
    ],
)
def test_only_a_whole_go_after_the_deployment_is_yes(changes: sample.Document, box: str) -> None:
    """Any other verdict, a part, another stage or no must-have criterion ticks another box than YES."""
    assert ticked(fill(sample.go_on_production() | changes)) == [box]


def test_what_was_not_measured_is_no_pass() -> None:
    """A gate of the must-have criteria says nothing of classification and performance."""
    assert results(sample.go_on_production()) == {
        "Health check": "PASS",
        "ML classification": "NOT IN THIS RUN",
        "Analytics API": "PASS",
        "Performance (<500 ms)": "NOT IN THIS RUN",
        "Security": "PASS",
    }


def test_a_line_is_as_good_as_its_worst_criterion() -> None:
    """Failed, noted and unverified criteria show in the line that they belong to."""
    assert results(sample.no_go_on_production()) == {
        "Health check": "NOTED",
        "ML classification": "PASS",
        "Analytics API": "FAIL",
        "Performance (<500 ms)": "NOT VERIFIED",
        "Security": "PASS",
    }


def test_a_part_passes_in_part() -> None:
    """A partial run's pass is named so."""
    assert results(sample.unverified_partial())["Health check"] == "PASS IN PART"


@pytest.mark.parametrize(("outcome", "result"), [("waived", "WAIVED"), ("attested", "ATTESTED")])
def test_a_waiver_is_no_pass(outcome: str, result: str) -> None:
    """What was let through or attested by a person is called that."""
    document = sample.go_on_production()
    document["criteria"][1]["outcome"] = outcome
    assert results(document)["Health check"] == result


def test_issues_are_the_worst_first_and_bounded() -> None:
    """The template lists failures first and nice-to-haves last, and says how many it left out."""
    form = fill(sample.no_go_on_production())
    assert [issue["id"] for issue in form.issues] == ["MH-3", "MH-6", "DP-4", "OBJ-1", "OBJ-4", "MH-5", "DP-3"]
    assert form.more_issues == 3


def test_a_no_go_names_the_plans_actions() -> None:
    """The next actions of a NO-GO are the plan's for each failure, then what is open, then the gate again."""
    actions = fill(sample.no_go_on_production()).actions
    assert actions[0].startswith("MH-3: Deployment blocker. Roll back the migration")
    assert actions[-2] == "Settle MH-5 before its waiver ends on 1\N{NO-BREAK SPACE}February 2026."
    assert actions[-1] == "Run the gate again."


def test_the_headline_gives_the_reason() -> None:
    """One sentence under each verdict, over the criteria that gate."""
    assert headline(sample.go_on_reference()) == "All 7 must-have criteria passed."
    assert headline(sample.no_go_on_production()) == (
        "2 of 18 gating criteria failed: MH-3 and MH-6; 3 could not be verified: DP-4, OBJ-1 and OBJ-4."
    )
    assert headline(sample.unverified_partial()) == (
        "6 of 7 must-have criteria could not be verified: MH-1, MH-3, MH-4, MH-5, MH-6 and MH-7."
    )


def test_the_headline_never_calls_a_waiver_passed() -> None:
    """A GO with a waived criterion says what it holds by."""
    document = sample.go_on_production()
    document["criteria"][4]["outcome"] = "waived"
    assert headline(document) == "All 7 must-have criteria hold: 6 passed and 1 waived."


def test_a_verdict_without_a_culprit_gives_the_recorded_reason() -> None:
    """Where no criterion explains the verdict, the document's own reason stands."""
    document = sample.go_on_production() | {"verdict": "UNVERIFIED", "reasons": ["The run was ended by SIGTERM."]}
    assert headline(document) == "The run was ended by SIGTERM."
    assert headline(document | {"reasons": ["PARTIAL: -k"]}).endswith("only a part of the selection ran.")
