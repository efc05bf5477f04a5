"""The end of a run on the process that decides: outcomes, verdict, reports, exit status."""

from __future__ import annotations

import html
import signal
from collections import defaultdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from _pytest.junitxml import xml_key

from acceptance import signoff
from acceptance.catalogue import Criterion
from acceptance.outcomes import Outcome
from acceptance.plugin import deadline
from acceptance.plugin.run import COLLECTED, Gate, Run
from acceptance.readings import Scan
from acceptance.registry import DETAILS_SCAN, RUN_CHECKS, SECRETS_SCAN
from acceptance.verdict import CriterionResult, Decision, Evidence, TestRecord, decide, judge, must_run
from acceptance.verify import describe

_MOST_TOLD = 5
_LOUD = (Outcome.FAILED, Outcome.UNVERIFIED, Outcome.NOTED, Outcome.WAIVED)


class Conclusion:
    """Collects what the tests ended in, decides once at the end, and writes it down."""

    def __init__(self, gate: Gate, run: Run, folder: Path) -> None:
        self._gate, self._run, self._folder = gate, run, folder
        self._results: list[CriterionResult] = []
        self._decision: Decision | None = None
        self._interrupted = ""

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test's outcome under each of its criteria; the worst of several reports of one test counts."""
        entry = getattr(report, "acceptance", None) or _without_account(report, self._gate)
        if entry is None:
            return
        record = TestRecord(
            report.nodeid,
            Outcome(entry["outcome"]),
            entry["duration_s"],
            entry["message"],
            entry["judgements"],
        )
        for criterion_id in entry["ids"]:
            self._gate.records[criterion_id].append(record)
            self._gate.evidence[criterion_id] += [Evidence(*item) for item in entry["evidence"]]
        self._gate.facts.update(entry["facts"])

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any, error: object) -> None:  # noqa: ANN401, ARG002 - xdist's interface
        """Take over what a worker saw; the exchanges of one that died are unscanned."""
        seen = getattr(node, "workeroutput", {}).get("acceptance")
        if seen is None:
            self._gate.workers_lost += 1
        else:
            self._run.measurements.scan.add(Scan(**seen["scan"]))
            self._run.measurements.notes += seen["notes"]
            self._gate.collected.update(seen["collected"])

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note every test that was collected: each of them must end in an outcome."""
        collected: list[str] = session.config.stash.get(COLLECTED, [])
        self._gate.collected.update(collected)

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note why a file gave no tests."""
        if not report.passed:
            how = "was skipped" if report.skipped else "broke"
            why = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr).strip()
            told = why.splitlines()[-1].removeprefix("E ").strip().removeprefix("Skipped: ")
            self._gate.uncollected[report.nodeid] = f"Its file {how} when it was collected: {told}"

    def pytest_keyboard_interrupt(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Note what interrupted the run: a signal, its deadline, or a test that ended pytest."""
        self._interrupted = str(excinfo.value)

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:  # noqa: ANN401, ARG002
        """Note what a worker collected."""
        self._gate.collected.update(ids)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Decide, write the sign-off, and make the verdict the exit status."""
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
            signal.signal(number, signal.SIG_IGN)  # a second one must not keep the first from being reported
        deadline.begin_the_end()
        self._gate.partial += _cut_short(session, exitstatus, self._interrupted)
        self._run.measurements.finish()
        self._report_scans(session.config)
        self._decide()
        self._tell_junit(session.config)
        if exitstatus != pytest.ExitCode.USAGE_ERROR and self._decision is not None:
            session.exitstatus = self._decision.verdict.exit_status

    def _tell_junit(self, config: pytest.Config) -> None:
        """Say the verdict in the JUnit file as well, as properties of the suite."""
        xml = config.stash.get(xml_key, None)
        if xml is not None and self._decision is not None:
            xml.add_global_property("verdict", self._decision.verdict.value)
            xml.add_global_property("reasons", " ".join(self._decision.reasons))

    def _decide(self) -> None:
        gate = self._gate
        self._results = [
            judge(
                criterion,
                must_run(gate.expected[criterion.id], gate.collected),
                [*gate.records[criterion.id], *self._uncollected(criterion)],
                evidence=gate.evidence[criterion.id],
                waiver=gate.waivers.active.get(criterion.id),
                attestation=gate.attestations.get(criterion.id),
            )
            for criterion in gate.catalogue.selected(gate.stage, gate.levels)
        ]
        self._decision = decide(self._results, gate.partial)
        document = signoff.build(self._facts(), self._results, self._decision)
        signoff.write(signoff.sealed(self._run.redactor.data(document)), self._folder)

    def _uncollected(self, criterion: Criterion) -> list[TestRecord]:
        """Account for the criterion's tests whose file gave none."""
        files = self._gate.uncollected
        return [
            TestRecord(node, Outcome.UNVERIFIED, message=self._run.redactor.text(files[node.split("::")[0]]))
            for node in self._gate.expected[criterion.id]
            if node.split("::")[0] in files
        ]

    def pytest_unconfigure(self) -> None:
        """Stop what this run started."""
        self._gate.close()

    def _report_scans(self, config: pytest.Config) -> None:
        """Hand the checks of the whole run to every report; the terminal only counts them, its progress is over."""
        terminal = config.pluginmanager.get_plugin("terminalreporter")
        tell = config.pluginmanager.subset_hook_caller("pytest_runtest_logreport", [terminal] if terminal else [])
        for report in map(_as_report, self._scans()):
            tell(report=report)
            if terminal is not None:
                terminal.stats.setdefault(report.outcome, []).append(report)

    def _scans(self) -> list[TestRecord]:
        """Judge what was looked for in every answer of the run."""
        scan, why = self._run.measurements.scan, self._run.measurements.blind_because
        blind = f"No answer could be searched for the service's secrets, since they are not known: {why}" if why else ""
        return [self._judged(SECRETS_SCAN, scan.secrets, blind), self._judged(DETAILS_SCAN, scan.details, "")]

    def _judged(self, node: str, findings: list[str], blind: str) -> TestRecord:
        answers, lost = self._run.measurements.scan.answers, self._gate.workers_lost
        if findings:
            message = self._run.redactor.text("\n\n".join(dict.fromkeys(findings)))
            return TestRecord(node, Outcome.FAILED, message=message, judgements=answers)
        if not answers:
            blind = "No answer of the application was seen, so none could be searched."
        elif lost:
            blind = f"{lost} of the run's processes died, and the answers they had seen were not searched."
        if blind:
            return TestRecord(node, Outcome.UNVERIFIED, message=blind)
        return TestRecord(node, Outcome.PASSED, judgements=answers)

    def _facts(self) -> signoff.Run:
        gate, target = self._gate, self._run.target
        return signoff.Run(
            target=target.name,
            base_url=target.base_url,
            reference=target.reference,
            service=target.service,
            deployer=target.deployer,
            stage=gate.stage,
            selection=gate.selection,
            started=gate.started,
            finished=datetime.now(UTC),
            catalogue_sha256=gate.catalogue.sha256,
            partial=tuple(gate.partial),
            outside_stage=tuple(c.id for c in gate.catalogue.outside(gate.stage, gate.levels)),
            notes=(
                *gate.waivers.notes,
                *self._stale_waivers(),
                *self._another_question(),
                *self._run.measurements.notes,
            ),
            requests_sent=self._run.measurements.budget.used,
            requests_budget=target.request_budget,
            version=gate.facts.get("version", ""),
            commit=gate.facts.get("commit", ""),
            services=gate.facts.get("services", ()),
        )

    def _another_question(self) -> list[str]:
        """Say so when the must-haves were not selected: the run then answers a question of its own."""
        must_haves = self._gate.catalogue.selected(self._gate.stage, ["must_have"])
        if not must_haves or "must_have" in self._gate.levels:
            return []
        return [f"-m {self._gate.selection} leaves the must-have criteria out: this is no verdict of the deploy gate."]

    def _stale_waivers(self) -> list[str]:
        return [
            f"The waiver of {result.criterion.id} is stale, since the criterion passes: remove it from waivers.toml."
            for result in self._results
            if result.stale_waiver
        ]

    @pytest.hookimpl(optionalhook=True)
    def pytest_html_results_summary(self, prefix: list[str]) -> None:
        """Say the verdict on the page of every test as well."""
        if self._decision is not None:
            prefix.append(f"<p><strong>{html.escape(describe(self._decision))}</strong></p>")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say what a person needs: the criteria, the first failures of each, the verdict, where the reports are."""
        if self._decision is None:
            return
        target, terminal = self._run.target, terminalreporter
        terminal.section(f"{target.name} {target.base_url}, stage {self._gate.stage}")
        for result in self._results:
            loud = result.outcome in _LOUD
            word = result.outcome.upper() if loud else result.outcome
            answer = f" {result.answer}" if result.answer else ""
            terminal.line(f"{result.criterion.id:6} {word:10} {result.criterion.plan}{answer}", yellow=loud)
        for result in self._results:
            if result.outcome in _LOUD:
                self._account_for(result, terminal)
        terminal.section("verdict")
        terminal.line(describe(self._decision), bold=True)
        for note in self._facts().notes:
            terminal.line(note)
        terminal.line(f"Sign-off: {self._folder.name}/signoff.html, every test: {self._folder.name}/report.html")

    def _account_for(self, result: CriterionResult, terminal: pytest.TerminalReporter) -> None:
        terminal.section(f"{result.criterion.id} {result.outcome}: {result.criterion.plan}", sep="-")
        told: dict[str, list[TestRecord]] = defaultdict(list)
        for test in result.tests:
            if test.message:
                told[test.message].append(test)
        for message, tests in list(told.items())[:_MOST_TOLD]:
            more = f" and {len(tests) - 1} more" if len(tests) > 1 else ""
            terminal.line(f"{tests[0].nodeid}{more}: {tests[0].outcome}")
            terminal.line("\n".join(f"    {line}" for line in message.splitlines()))
        if len(told) > _MOST_TOLD:
            terminal.line(f"... and {len(told) - _MOST_TOLD} more accounts: see the sign-off.")
        if result.outcome in (Outcome.FAILED, Outcome.UNVERIFIED):
            terminal.line(f"The plan says: {result.criterion.action}")


def _cut_short(session: pytest.Session, exitstatus: int, interrupted: str) -> list[str]:
    """Return why the run ended before its last test, if it did."""
    why = interrupted or session.shouldstop or session.shouldfail
    if why or exitstatus == pytest.ExitCode.INTERRUPTED:
        return [f"the run was interrupted{f': {why}' if why else ''}."]
    if exitstatus == pytest.ExitCode.INTERNAL_ERROR:
        return ["pytest or one of its plugins broke; the account of it stands above."]
    return []


def _as_report(record: TestRecord) -> pytest.TestReport:
    """Return a check of the whole run as pytest reports a test, so that every report shows it."""
    passed = record.outcome is Outcome.PASSED
    report = pytest.TestReport(
        nodeid=record.nodeid,
        location=("run", None, record.nodeid),
        keywords={},
        outcome="passed" if passed else "failed",
        longrepr=None if passed else record.message,
        when="call",
    )
    report.acceptance = {  # type: ignore[attr-defined]
        "ids": [criterion_id for criterion_id, nodes in RUN_CHECKS.items() if record.nodeid in nodes],
        "outcome": record.outcome.value,
        "message": record.message,
        "judgements": record.judgements,
        "duration_s": 0.0,
        "evidence": [],
        "facts": {},
    }
    return report


def _without_account(report: pytest.TestReport, gate: Gate) -> dict[str, Any] | None:
    """Return the entry of a test that could not account for itself, such as one whose worker crashed."""
    if report.passed or report.when == "teardown":
        return None
    node = report.nodeid.split("[", 1)[0]
    ids = [criterion_id for criterion_id, nodes in gate.expected.items() if node in nodes]
    return {
        "ids": ids,
        "outcome": Outcome.UNVERIFIED.value,
        "message": f"The test ended without an account of itself: {str(report.longrepr).strip().splitlines()[-1]}",
        "judgements": 0,
        "duration_s": report.duration,
        "evidence": [],
        "facts": {},
    }
