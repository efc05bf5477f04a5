"""A soak ends as what it saw says, and leaves nothing behind when it is interrupted."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest

from acceptance.paths import ROOT
from proof.gate.bench import GateRun, clean_environment
from proof.soak.__main__ import INTERRUPTED, conclude
from proof.soak.attempt import Attempt

GO = {"verdict": "GO", "requests": {"sent": 75}}
NO_GO = {"verdict": "NO-GO", "requests": {"sent": 75}}
HEALTHY = Attempt(1, "plain", GateRun(0, "", GO), 5.0)
PATIENCE_S = 120.0


@pytest.mark.parametrize(
    ("attempt", "verdict"),
    [
        (Attempt(2, "plain", GateRun(1, "", NO_GO), 7.0), "NO-GO"),
        (Attempt(2, "plain", GateRun(20, "", GO), 7.0), "GO, exit status 20"),
        (Attempt(2, "plain", GateRun(0, "", NO_GO), 7.0), "NO-GO, exit status 0"),
        (Attempt(2, "plain", GateRun(0, "", None), 7.0), "no sign-off (0), exit status 0"),
        (Attempt(2, "plain", GateRun(0, "", GO), 7.0, on_record=1), "GO, rows left"),
    ],
)
def test_one_run_that_is_not_go_is_one_too_many(
    attempt: Attempt, verdict: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The soak ends with 1, counts the run, and names the folder of its reports."""
    assert attempt.verdict == verdict
    assert conclude([HEALTHY, attempt], tmp_path, interrupted=True) == 1
    printed = capsys.readouterr().out
    assert re.search(r"plain +2 +1 +1 +6\.0 +7\.0", printed)
    assert str(tmp_path) in printed


def test_a_soak_that_is_all_go_ends_with_0(tmp_path: Path) -> None:
    """Interrupted, it has not shown what it was to show."""
    assert conclude([HEALTHY], tmp_path) == 0
    assert conclude([HEALTHY], tmp_path, interrupted=True) == INTERRUPTED
    assert conclude([], tmp_path, interrupted=True) == INTERRUPTED


def test_an_interrupted_soak_stops_what_it_started(tmp_path: Path) -> None:
    """Ctrl-C while a gate is under way: the table so far is printed, and no process remains."""
    command = [sys.executable, "-u", "-m", "proof.soak", "--python", "--keep", str(tmp_path / "kept")]
    with subprocess.Popen(command, cwd=ROOT, env=clean_environment(), stdout=subprocess.PIPE, text=True) as soak:
        assert soak.stdout is not None
        first = soak.stdout.readline()
        started = psutil.Process(soak.pid).children(recursive=True)
        soak.send_signal(signal.SIGINT)
        rest, _ = soak.communicate(timeout=PATIENCE_S)
    assert re.search(r" 1 +plain.* GO ", first)
    assert soak.returncode == INTERRUPTED, rest
    assert not (tmp_path / "kept").exists()
    assert re.search(r"all +1 +1 +0", rest)
    assert started
    assert psutil.wait_procs(started, timeout=PATIENCE_S)[1] == []
