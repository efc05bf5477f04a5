"""From pytest's report of a test to an outcome of ours, with a message for people and nothing secret in it."""

from __future__ import annotations

import traceback
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from acceptance.findings import Finding, render
from acceptance.outcomes import Outcome, Unverified
from acceptance.redaction import Redactor

ROOT = Path(__file__).parent.parent.parent


@dataclass
class Notebook:
    """What a test records beside its judgement; tests get it as the fixture `evidence`."""

    entries: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    facts: dict[str, Any] = field(default_factory=dict)
    judgements: int = 0

    def add(self, title: str, detail: str = "") -> None:
        """Record one measured fact: a title that fits into a table, and the detail behind it."""
        self.entries.append((title, detail))

    def note(self, sentence: str) -> None:
        """Let the test end noted instead of passed: the plan lets the deployment proceed, and people should know."""
        self.notes.append(sentence)

    def fact(self, name: str, value: Any) -> None:  # noqa: ANN401 - text, or a list of rows
        """Record a fact of the whole run, such as the version that answers."""
        self.facts[name] = value


_NOTEBOOK = pytest.StashKey[Notebook]()


def notebook(item: pytest.Item) -> Notebook:
    """Return the test's notebook."""
    return item.stash.setdefault(_NOTEBOOK, Notebook())


def pytest_assertion_pass(item: pytest.Item) -> None:
    """Count an assertion that was evaluated and held."""
    notebook(item).judgements += 1


def pytest_assertrepr_compare(op: str, left: object, right: object) -> list[str] | None:
    """Show findings as what they are instead of as a comparison of lists."""
    if op == "==" and right == [] and isinstance(left, list) and all(isinstance(entry, Finding) for entry in left):
        return ["", *render(left).splitlines()]
    return None


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
    if report.when != "call" and report.passed:
        return report
    book = notebook(item)
    outcome, message = _classify(report, call, book)
    message = redactor.text(message)
    if outcome in (Outcome.FAILED, Outcome.UNVERIFIED):
        report.outcome, report.longrepr = "failed", message
    report.acceptance = redactor.data(  # type: ignore[attr-defined]
        {
            "ids": list(ids),
            "outcome": outcome.value,
            "message": message,
            "judgements": book.judgements,
            "evidence": [list(entry) for entry in book.entries],
            "facts": book.facts,
        }
    )
    return report


def _classify(report: pytest.TestReport, call: pytest.CallInfo[None], book: Notebook) -> tuple[Outcome, str]:
    if hasattr(report, "wasxfail"):
        return Outcome.UNVERIFIED, f"An expected failure judges nothing: {report.wasxfail}"
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else "no reason given"
        return Outcome.UNVERIFIED, f"Not measured, since the test was skipped: {reason}"
    if call.excinfo is not None:
        return _explain(call.excinfo.value, when=report.when or "")
    if book.judgements < 1:
        return Outcome.UNVERIFIED, "The test evaluated no assertion, so it judged nothing."
    return (Outcome.NOTED, "\n".join(book.notes)) if book.notes else (Outcome.PASSED, "")


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
