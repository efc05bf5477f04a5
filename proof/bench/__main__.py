"""`make bench`: how long the parts of a gate take here. Figures are compared within one run, never asserted."""

from __future__ import annotations

import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from dotenv import dotenv_values

from acceptance.embedded import EmbeddedDeployment
from acceptance.paths import ROOT
from proof.background import Background
from proof.gate.bench import Bench, GateRun, clean_environment
from proof.network.proxy import Quality
from proof.network.route import farther
from reference import settings as target_settings

ROUND_TRIP_S = 0.1
REPETITIONS = 3


def main() -> None:
    """Measure and print a table."""
    print(f"Python {platform.python_version()}, {platform.machine()}, {REPETITIONS} repetitions each\n")
    print(f"{'what':44} {'median s':>9} {'slowest s':>10}")
    with tempfile.TemporaryDirectory(prefix="apex-bench-") as folder:
        report("usage error: no target", repeated(usage_error))
        report("boot of the embedded deployment", repeated(lambda: boot(Path(folder))))
        with Bench(Path(folder)) as bench:
            report("gate alone, one process", repeated(lambda: gate(bench)))
            report("gate alone, two processes", repeated(lambda: gate(bench, "-n2")))
            report("heal, nothing differs", repeated(lambda: heal(bench)))
            with Background(lambda: farther(bench.deployment.settings, Quality(ROUND_TRIP_S), "bench")) as route:
                bench.target_file.unlink()
                target_settings.write(bench.target_file, route.value)
                report(f"gate alone, {ROUND_TRIP_S * 1000:.0f} ms on every round trip", repeated(lambda: gate(bench)))


def repeated(measure: Callable[[], float]) -> list[float]:
    """Return the seconds of several runs."""
    return [measure() for _ in range(REPETITIONS)]


def report(what: str, seconds: list[float]) -> None:
    """Print one line."""
    print(f"{what:44} {statistics.median(seconds):9.2f} {max(seconds):10.2f}", flush=True)


def usage_error() -> float:
    """Time a gate that names no target."""
    began = time.perf_counter()
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", "-m", "must_have"],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        check=False,
    )
    assert ended.returncode == 4, ended.stderr
    return time.perf_counter() - began


def boot(folder: Path) -> float:
    """Time a boot from the command to the settings file."""
    began = time.perf_counter()
    deployment = EmbeddedDeployment(folder, "post-deploy")
    seconds = time.perf_counter() - began
    deployment.stop()
    return seconds


def gate(bench: Bench, *arguments: str) -> float:
    """Time a gate against a deployment that is up, in its own process, reports included; it must be GO."""
    heal(bench)
    bench.deployment.edge.redirect_to = dotenv_values(bench.target_file)["APEX_BASE_URL"]
    began = time.perf_counter()
    run: GateRun = bench.gate(*arguments)
    seconds = time.perf_counter() - began
    assert run.exit_status == 0, run.output
    return seconds


def heal(bench: Bench) -> float:
    """Time the healing of a healthy deployment; it also resets the rate limit."""
    began = time.perf_counter()
    bench.do(bench.deployment.heal())
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
