"""`make soak`: many gates on healthy deployments under all conditions; one that is not GO is one too many."""

from __future__ import annotations

import argparse
import shutil
import signal
import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path

from acceptance.paths import ROOT
from proof.gate.bench import Bench
from proof.soak.attempt import Attempt, attempt
from proof.soak.conditions import CONDITIONS, Condition, schedule
from proof.soak.pythons import VERSIONS, NoEnvironmentError, environment
from proof.soak.tally import line, table

KEPT = ROOT / "reports" / "soak"
INTERRUPTED = 130


def main() -> int:
    """Run the gates; return 0 when each was GO, 1 when one was not, 130 when interrupted."""
    parser = argparse.ArgumentParser(prog="python -m proof.soak", description=__doc__)
    parser.add_argument("runs", type=int, nargs="?", default=200, help="how many gates to run (default: 200)")
    parser.add_argument("--python", nargs="*", default=VERSIONS, help="the versions to try (default: %(default)s)")
    parser.add_argument(
        "--keep", type=Path, default=KEPT, help="where reports that are not GO go (default: %(default)s)"
    )
    options = parser.parse_args()
    if options.runs < 1:
        parser.error("at least one run is needed: none would prove nothing")
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _interrupt)
    attempts: list[Attempt] = []
    interrupted = False
    shutil.rmtree(options.keep, ignore_errors=True)  # an earlier soak's
    try:
        _soak((*CONDITIONS, *_pythons(options.python)), options.runs, options.keep, attempts)
    except KeyboardInterrupt:
        interrupted = True
        print("\nInterrupted; so far:")
    return conclude(attempts, options.keep, interrupted=interrupted)


def conclude(attempts: Sequence[Attempt], kept: Path, *, interrupted: bool = False) -> int:
    """Print the table, and where the reports of what was not GO are; return the exit status."""
    print("", *table(attempts), sep="\n", flush=True)
    if failed := [each for each in attempts if not each.is_go]:
        print(f"\nNot GO: {len(failed)} of {len(attempts)}; the reports are kept in {kept}, by the run's number.")
        return 1
    shutil.rmtree(kept, ignore_errors=True)  # the unfinished reports of a run that was interrupted
    return INTERRUPTED if interrupted else 0


def _soak(conditions: Sequence[Condition], runs: int, kept: Path, attempts: list[Attempt]) -> None:
    """Add one attempt after the other; each round of all conditions has a deployment of its own."""
    scheduled = schedule(conditions, runs)
    while round_ := list(islice(scheduled, len(conditions))):
        with tempfile.TemporaryDirectory(prefix="apex-soak-") as folder, Bench(Path(folder)) as bench:
            for number, condition in round_:
                reports = kept / f"{number:03}"
                attempts.append(attempt(bench, number, condition, reports))
                print(line(attempts[-1]), flush=True)
                if attempts[-1].is_go:
                    shutil.rmtree(reports)
                bench.do(bench.deployment.heal())


def _pythons(versions: Sequence[str]) -> list[Condition]:
    """A condition for each Python that is installed here; says which are not."""
    found = []
    for version in versions:
        try:
            python = environment(version)
        except NoEnvironmentError as error:
            print(f"Python {version} is left out, no environment could be made for it: {error}")
            continue
        if python is None:
            print(f"Python {version} is left out: it is not installed here.")
        else:
            found.append(Condition(f"Python {version}, own boot", python=python))
    return found


def _interrupt(_signal: int, _frame: object) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
