"""The gate: what must run, what came of it, the verdict. Nothing that pytest leaves out can make it green."""

from __future__ import annotations

import logging
import os
import signal
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from acceptance.catalogue import Catalogue, CatalogueError, load_catalogue
from acceptance.cleanup import RUN_FOLDERS
from acceptance.contract import Contract, ContractError
from acceptance.embedded import EmbeddedDeployment
from acceptance.ledger import Ledger, new_prefix
from acceptance.plugin import deadline, options, results, wholeness
from acceptance.plugin.conclusion import Conclusion
from acceptance.plugin.run import COLLECTED, RUN, Gate, Run
from acceptance.probes.addresses import is_loopback
from acceptance.redaction import Redactor
from acceptance.registry import expected_tests
from acceptance.target import Target, TargetError, load_target
from acceptance.waivers import WaiverError, load_attestations, load_waivers

_IDS = pytest.StashKey[tuple[str, ...]]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Take over a worker's part of a run, or see where the run's reports go."""
    if hasattr(config, "workerinput"):
        config.stash[RUN] = Run.in_worker(config.workerinput["acceptance"])
        _redact_logs(config.stash[RUN].redactor)
    else:
        _direct_reports(config)


def _direct_reports(config: pytest.Config) -> None:
    """Have JUnit and HTML written beside the sign-off, and leave the account of failures to our own summary."""
    folder = options.reports_folder(config)
    config.option.xmlpath = config.option.xmlpath or str(folder / "junit.xml")
    config.option.htmlpath = config.option.htmlpath or str(folder / "report.html")
    config.option.self_contained_html = True
    config.option.tbstyle = "no"
    config.option.reportchars = ""


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """Resolve everything that can be wrong before the first request, then boot or connect."""
    config = session.config
    if hasattr(config, "workerinput"):
        return
    options.remove_reports(config)
    deadline.begin(config.getoption("--deadline"))
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        gate, target = _prepare(config)
        run = _begin(gate, target, config)
    except (CatalogueError, ContractError, WaiverError, TargetError) as error:
        raise pytest.UsageError(str(error)) from None
    config.stash[RUN] = run
    config.pluginmanager.register(Conclusion(gate, run, options.reports_folder(config)), "acceptance-conclusion")


def _interrupt(number: int, _frame: object) -> None:
    # Ends the run as Ctrl-C does: what was measured is reported, the rest is unverified, everything is cleaned up.
    raise KeyboardInterrupt(f"by {signal.Signals(number).name}")


def _begin(gate: Gate, target: Target | None, config: pytest.Config) -> Run:
    """Boot the embedded deployment if no target was read, and prepare to measure."""
    folder = Path(gate.temporary.name)
    try:
        if target is None:
            gate.embedded = EmbeddedDeployment(folder, gate.stage, config.getoption("--fault"))
            target = gate.embedded.target
        # What is written on a deployment that ends with the run needs no record that outlives it.
        ledger = Ledger(target.name, folder if gate.embedded else options.reports_folder(config))
        run = Run.begin(target, gate.contract, new_prefix().rstrip("-"), folder, ledger)
    except BaseException:
        gate.close()
        raise
    _redact_logs(run.redactor)
    return run


def _redact_logs(redactor: Redactor) -> None:
    """Take secrets out of every log record, whoever shows it: libraries log what they send and get when asked to."""
    make = logging.getLogRecordFactory()

    def make_redacted(*args: Any, **kwargs: Any) -> logging.LogRecord:  # noqa: ANN401 - logging's own interface
        record = make(*args, **kwargs)
        record.msg, record.args = redactor.text(record.getMessage()), None
        return record

    logging.setLogRecordFactory(make_redacted)


def _prepare(config: pytest.Config) -> tuple[Gate, Target | None]:
    """Return the gate, and the target unless it is yet to be booted."""
    name = options.target_name(config)
    levels = options.selected_levels(config)
    catalogue = load_catalogue()
    expected = expected_tests(catalogue)
    contract = Contract()
    contract.check()
    target = None if name == "reference" else load_target(name)
    if target:
        _refuse_rehearsal(target, name)
    known_as = target.name if target else name
    gate = Gate(
        catalogue=catalogue,
        contract=contract,
        expected=expected,
        waivers=load_waivers(catalogue, known_as),
        attestations=load_attestations(catalogue, known_as),
        stage=config.getoption("--stage"),
        levels=levels,
        selection=config.getoption("-m") or "every level",
        partial=list(wholeness.narrowing(config)),
        temporary=tempfile.TemporaryDirectory(prefix=f"{RUN_FOLDERS}{os.getpid()}-"),
    )
    return gate, target


def _refuse_rehearsal(target: Target, name: str) -> None:
    """Refuse the embedded deployment where its name says another: its GO would be filed as that one's."""
    if Path(name).is_file():
        return
    addresses = [target.base_url, target.plain_http_url, target.provider_url] if name == "production" else []
    local = [address for address in addresses if is_loopback(urlsplit(address).hostname or "")]
    if target.reference or local:
        what = local[0] if local else target.base_url
        raise TargetError(
            f"the target {name!r} is {what}, the embedded deployment or another on this machine: measure the embedded"
            f" one with --target=reference or --target=FILE, and set the addresses of {name} (the environment wins"
            f" over targets/{name}.env)"
        )


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:  # noqa: ANN401 - xdist's worker controller has no public type
    """Hand a worker what it needs to measure."""
    if RUN in node.config.stash:
        node.config.stash[RUN].learn_secrets()
        node.workerinput["acceptance"] = node.config.stash[RUN].for_worker()


def pytest_itemcollected(item: pytest.Item) -> None:
    """Note every test before anything can leave it out again, as a deselecting plugin does: it must have run."""
    item.config.stash.setdefault(COLLECTED, []).append(item.nodeid)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give each test its level's marker from the catalogue; leave out what belongs to another stage."""
    if RUN not in config.stash:
        return
    catalogue, stage = load_catalogue(), config.getoption("--stage")
    outside = [item for item in items if not _mark(item, catalogue, stage)]
    if outside:
        config.hook.pytest_deselected(items=outside)
        items[:] = [item for item in items if item not in outside]


def _mark(item: pytest.Item, catalogue: Catalogue, stage: str) -> bool:
    """Mark one test, and say whether one of its criteria counts at this stage."""
    ids = tuple(str(arg) for marker in item.iter_markers("criterion") for arg in marker.args)
    item.stash[_IDS] = ids
    for criterion_id in ids:
        item.add_marker(catalogue[criterion_id].level)
    return any(stage in catalogue[criterion_id].stages for criterion_id in ids)


def pytest_collection_finish(session: pytest.Session) -> None:
    """Start every measurement that the collected tests need, together, unless workers share them out."""
    run = session.config.stash.get(RUN, None)
    if run is None or hasattr(session.config, "workerinput"):
        return
    if not session.config.option.collectonly:
        run.measurements.start({name for item in session.items for name in getattr(item, "fixturenames", ())})
    run.learn_secrets()


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Any:  # noqa: ANN401 - pluggy's wrapper
    """Turn pytest's report into an outcome of ours, in words for people, with every secret taken out."""
    report: pytest.TestReport = yield
    run = item.config.stash.get(RUN, None)
    return report if run is None else results.translate(report, call, item, run.redactor, item.stash.get(_IDS, ()))


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Send what this worker saw to the process that decides."""
    config = session.config
    if RUN in config.stash and hasattr(config, "workeroutput"):
        seen = config.stash[RUN].measurements
        config.workeroutput["acceptance"] = {
            "scan": asdict(seen.scan),
            "notes": seen.notes,
            "collected": config.stash.get(COLLECTED, []),
        }


def pytest_unconfigure(config: pytest.Config) -> None:
    """Close this process's connections."""
    if RUN in config.stash:
        config.stash[RUN].measurements.close()
