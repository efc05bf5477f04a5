"""A gate that is interrupted at any moment reports what it can, is no GO, and leaves nothing after the next `clean`."""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest

from acceptance.__main__ import main
from acceptance.cleanup import RUN_FOLDERS
from acceptance.paths import ROOT
from proof.gate.bench import Bench, clean_environment
from proof.gate.rows import left
from reference.faults import CATALOGUE

SOONEST_S, LATEST_S = 0.0, 3.0  # after the tests were collected; the hanging endpoint lets it measure for longer


def interrupted(bench: Bench, number: signal.Signals, after_s: float) -> tuple[int, int, str]:
    """Run the gate and send it a signal some time after its tests were collected; return its id, status and output."""
    options = [f"--target={bench.target_file}", f"--reports={bench.reports}"]
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-m", "must_have", *options],
        cwd=ROOT,
        env=clean_environment() | {"PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    seen = []
    for line in process.stdout:
        seen.append(line)
        if line.startswith("collected"):  # measuring begins now
            time.sleep(after_s)
            break
    process.send_signal(number)
    seen.append(process.communicate(timeout=120)[0])
    return process.pid, process.returncode, "".join(seen)


def moments(number: signal.Signals) -> list[float]:
    """Return moments at which to send a signal: other ones for each, and the same in each run of the proof."""
    choice = random.Random(int(number))  # noqa: S311 - moments, not secrets
    return [round(choice.uniform(SOONEST_S, LATEST_S), 2) for _ in range(2)]


def cases(*numbers: signal.Signals) -> list[tuple[signal.Signals, float]]:
    """Return each signal with each of its moments."""
    return [(number, moment) for number in numbers for moment in moments(number)]


def assert_nothing_is_left(bench: Bench, pid: int) -> None:
    """Clean up as a person would, and look for rows, entries of the ledger, and folders."""
    assert main(["clean", f"--target={bench.target_file}", f"--reports={bench.reports}", "--yes"]) == 0
    assert left(bench) == 0
    assert list(bench.ledger) == []
    assert list(Path(tempfile.gettempdir()).glob(f"{RUN_FOLDERS}{pid}-*")) == []


@pytest.mark.parametrize(("number", "after_s"), cases(signal.SIGTERM, signal.SIGINT, signal.SIGHUP))
def test_an_interrupted_gate_reports_and_cleans_up(bench: Bench, number: signal.Signals, after_s: float) -> None:
    """The run is partial, and what the application may still be storing stays on record until it is removed."""
    bench.do(CATALOGUE["endpoint-hangs"].apply(bench.deployment))  # so that it is still measuring then
    pid, status, output = interrupted(bench, number, after_s)
    assert status == 20, output
    assert "PARTIAL: the run was interrupted" in output
    for name in ("signoff.json", "signoff.html", "summary.md", "report.html", "junit.xml"):
        assert "PARTIAL" in (bench.reports / name).read_text()
    assert_nothing_is_left(bench, pid)


@pytest.mark.parametrize("after_s", moments(signal.SIGKILL))
def test_a_killed_gate_leaves_no_sign_off(bench: Bench, after_s: float, capsys: pytest.CaptureFixture[str]) -> None:
    """`verify` says that the run died; `clean` removes what it left."""
    bench.do(CATALOGUE["endpoint-hangs"].apply(bench.deployment))
    pid, status, output = interrupted(bench, signal.SIGKILL, after_s)
    assert status == -signal.SIGKILL, output
    assert main(["verify", str(bench.reports / "signoff.json")]) == 20
    assert "the run died before it could write it" in capsys.readouterr().out
    bench.do(bench.deployment._serving.upstream.drained())  # what it had sent is stored or dropped by now
    assert_nothing_is_left(bench, pid)
