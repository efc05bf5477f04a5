"""One run of the real gate on a healthy deployment, under a condition."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from acceptance.paths import ROOT
from proof.background import Background
from proof.gate.bench import Bench, GateRun, clean_environment, signoff_in
from proof.network.route import farther
from proof.soak.busy import busy_cpu
from proof.soak.conditions import Condition
from reference import settings

DEADLINE_S = 240.0
STOP_S = 30.0
LOG = "gate.log"


@dataclass(frozen=True)
class Attempt:
    """What a run ended in, and how long it took."""

    number: int
    condition: str
    run: GateRun
    seconds: float
    on_record: int = 0
    """How many prefixes the ledger still holds: rows that were not removed."""

    @property
    def is_go(self) -> bool:
        """Whether the sign-off and the exit status both say GO, and nothing was left behind."""
        return self.run.exit_status == 0 and self._said == "GO" and not self.on_record

    @property
    def verdict(self) -> str:
        """The sign-off's verdict in a word, with whatever does not go with it."""
        agrees = (self.run.exit_status == 0) == (self._said == "GO")
        status = "" if agrees else f", exit status {self.run.exit_status}"
        return f"{self._said}{status}{', rows left' if self.on_record else ''}"

    @property
    def requests(self) -> int:
        """How many requests the application was sent."""
        return int(self.run.document["requests"]["sent"]) if self.run.document else 0

    @property
    def _said(self) -> str:
        return str(self.run.document["verdict"]) if self.run.document else f"no sign-off ({self.run.exit_status})"


def attempt(bench: Bench, number: int, condition: Condition, reports: Path) -> Attempt:
    """Run the gate once on a bench that was healed since it was used last: the rate limit counts requests.

    Its reports and what it printed (`gate.log`) stand in `reports` afterwards.
    """
    reports.mkdir(parents=True)
    with ExitStack() as stack:
        target = stack.enter_context(_target(bench, number, condition))
        if condition.busy:
            stack.enter_context(busy_cpu())
        command = [str(condition.python or sys.executable), "-m", "pytest", *condition.arguments(number)]
        began = time.perf_counter()
        exit_status = _run([*command, f"--target={target}", f"--reports={reports}"], reports / LOG)
        seconds = time.perf_counter() - began
    run = GateRun(exit_status, (reports / LOG).read_text(), signoff_in(reports))
    return Attempt(number, condition.name, run, seconds, on_record=len(list(reports.glob("ledger/*/*"))))


@contextmanager
def _target(bench: Bench, number: int, condition: Condition) -> Iterator[str]:
    """Name the target: one that the gate boots by itself, or the bench, over the condition's path."""
    if condition.python is not None:
        yield "reference"
        return
    if condition.quality is None:
        yield str(bench.target_file)
        return
    quality, values = condition.quality, bench.deployment.settings
    with Background(lambda: farther(values, quality, str(number))) as route:
        bench.deployment.edge.redirect_to = route.value["APEX_BASE_URL"]
        file = bench.folder / "far.env"
        settings.write(file, route.value)
        try:
            yield str(file)
        finally:
            file.unlink()


def _run(command: list[str], log: Path) -> int:
    """Run a command in a session of its own, so that Ctrl-C is ours to pass on; return its exit status."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=clean_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            return process.wait(DEADLINE_S)
        except subprocess.TimeoutExpired:
            return _end(process)
        except BaseException:
            _end(process)
            raise


def _end(process: subprocess.Popen[bytes]) -> int:
    """Ask a gate to end, which it does after removing what it wrote, and end it if it does not."""
    process.terminate()
    try:
        return process.wait(STOP_S)
    except subprocess.TimeoutExpired:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        return process.wait()
