"""From pytest's report of a test to an outcome of ours, with a message for people and nothing secret in it."""

from __future__ import annotations

import ast
import traceback
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from acceptance.findings import Finding, render
from acceptance.notebook import Notebook
from acceptance.outcomes import Outcome, Unverified, worst
from acceptance.paths import ROOT
from acceptance.redaction import Redactor

_NOTEBOOK = pytest.StashKey[Notebook]()
_ENDING = pytest.StashKey[tuple[Outcome, str]]()


def notebook(item: pytest.Item) -> Notebook:
    """Return the test's notebook."""
    return item.stash.setdefault(_NOTEBOOK, Notebook())


def pytest_assertion_pass(item: pytest.Item, orig: str) -> None:
    """Count an assertion that was evaluated and held, if it is about anything."""
    notebook(item).judgements += _is_about_anything(orig)


@cache
def _is_about_anything(assertion: str) -> bool:
    """Whether an assertion names anything: one of constants alone holds whatever was measured."""
    tree = ast.parse(f"({assertion}\n)", mode="eval")
    return any(isinstance(node, ast.Name) for node in ast.walk(tree))


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Show findings as what they are instead of as a comparison of lists."""
    if op != "==" or right not in ([], ()) or not isinstance(left, list | tuple):
        return None
    findings = [found for entry in left if isinstance(found := getattr(entry, "finding", entry), Finding)]
    return ["", *render(findings).splitlines()] if len(findings) == len(left) else None


def pytest_report_teststatus(report: pytest.CollectReport | pytest.TestReport) -> tuple[str, str, Any] | None:
    """Name our own outcomes on the terminal."""
    record = getattr(report, "acceptance", None)
    if record is None or (report.when != "call" and report.passed):
        return None
    outcome = Outcome(record["outcome"])
    if outcome is Outcome.UNVERIFIED:
        return "unverified", "u", ("UNVERIFIED", {"yellow": True})
    if outcome is Outcome.NOTED:
        return "noted", "n", ("NOTED", {"yellow": True})
    return None


def translate(
    report: pytest.TestReport,
    call: pytest.CallInfo[None],
    item: pytest.Item,
    redactor: Redactor,
    ids: tuple[str, ...],
) -> pytest.TestReport:
    """Add our outcome to a report that decides something, and replace what it would print by our message."""
    report.sections = [(title, redactor.text(text)) for title, text in report.sections]
    book = notebook(item)
    book.duration_s += report.duration
    if report.when == "setup":
        book.judgements = 0  # what a fixture asserts judges nothing, and so may not stand for what the test should
    if report.when != "call" and report.passed:
        return report
    outcome, message = _with_earlier(item, *_classify(report, call, book))
    message = redactor.text(message)
    if outcome in (Outcome.FAILED, Outcome.UNVERIFIED):
        report.outcome, report.longrepr = "failed", message
    report.acceptance = redactor.data(  # type: ignore[attr-defined]
        {
            "ids": list(ids),
            "outcome": outcome.value,
            "message": message,
            "judgements": book.judgements,
            "duration_s": book.duration_s,
            "evidence": [list(entry) for entry in book.entries],
            "facts": book.facts,
        }
    )
    return report


def _with_earlier(item: pytest.Item, outcome: Outcome, message: str) -> tuple[Outcome, str]:
    """Return the worst of everything that was said of a test so far: running it again takes nothing back."""
    earlier, account = item.stash.get(_ENDING, (outcome, message))
    if worst((earlier, outcome)) is not outcome:
        outcome, message = (
            earlier,
            f"{account}\n{message or 'It passed when it was run again, which takes nothing back.'}",
        )
    item.stash[_ENDING] = outcome, message
    return outcome, message


def _classify(report: pytest.TestReport, call: pytest.CallInfo[None], book: Notebook) -> tuple[Outcome, str]:
    if hasattr(report, "wasxfail"):
        return Outcome.UNVERIFIED, f"An expected failure judges nothing: {report.wasxfail}"
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "no reason given"
        return Outcome.UNVERIFIED, f"Not measured, since the test was skipped: {reason.removeprefix('Skipped: ')}"
    if call.excinfo is not None:
        return _explain(call.excinfo.value, when=report.when or "")
    if report.failed:  # an expected failure that held, or what another plugin makes of it
        return Outcome.UNVERIFIED, f"pytest counts it as failed, though it raised nothing: {report.longrepr}"
    if book.judgements < 1:
        return Outcome.UNVERIFIED, "The test evaluated no assertion, so it judged nothing."
    return (Outcome.NOTED, "\n".join(dict.fromkeys(book.notes))) if book.notes else (Outcome.PASSED, "")


def _explain(error: BaseException, when: str) -> tuple[Outcome, str]:
    if isinstance(error, Unverified):
        return Outcome.UNVERIFIED, str(error)
    if isinstance(error, AssertionError) and when == "call":
        text = "\n".join(line.strip() for line in str(error).splitlines())
        return Outcome.FAILED, text.removeprefix("assert").strip()
    last = traceback.extract_tb(error.__traceback__)[-1]
    path = Path(last.filename)
    where = path.relative_to(ROOT) if path.is_relative_to(ROOT) else path.name
    return Outcome.UNVERIFIED, (
        f"The check itself broke, so nothing was judged: {type(error).__name__}: {error}\n"
        f"Where: {where}:{last.lineno} ({when})"
    )
