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
from urllib.parse import urlsplit

from dotenv import dotenv_values

from acceptance.embedded import EmbeddedDeployment
from acceptance.registry import ROOT
from proof.bench.delay import Delay
from proof.gate.bench import Bench, GateRun, clean_environment
from reference import settings as target_settings

ROUND_TRIP_S = 0.1
FAR_ADDRESS = "127.0.0.3"  # the database keeps its port: its address must stay the one that the service runs with
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
            farther(bench)
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


def farther(bench: Bench) -> None:
    """Put a delay before the application, the provider and the database, and direct the target there."""
    values = bench.deployment.settings

    def behind(name: str, host: str = "127.0.0.1", port: int = 0) -> int:
        return bench.do(Delay(urlsplit(values[name]).port or 0, ROUND_TRIP_S, host=host, port=port).start())

    database = urlsplit(values["DATABASE_URL"])
    behind("DATABASE_URL", FAR_ADDRESS, database.port or 0)
    far = values | {
        "APEX_BASE_URL": f"https://localhost:{behind('APEX_BASE_URL')}",
        "APEX_HTTP_URL": f"http://localhost:{behind('APEX_HTTP_URL')}",
        "RENDER_API_URL": f"http://127.0.0.1:{behind('RENDER_API_URL')}/v1",
        "DATABASE_URL": values["DATABASE_URL"].replace("@127.0.0.1:", f"@{FAR_ADDRESS}:"),
    }
    bench.target_file.unlink()
    target_settings.write(bench.target_file, far)


if __name__ == "__main__":
    main()
