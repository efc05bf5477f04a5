"""However a run ends, it ends in time, and only a run that came to its end can be GO."""

from __future__ import annotations

import subprocess
import sys

import pytest

from acceptance.paths import ROOT
from proof.gate.bench import clean_environment
from proof.gate.copies import Copy, records

TEST = "test_all_samples_come_from_one_version"
HANG = "import threading; threading.Event().wait()\n    {last}"


def alone(copy: Copy, last: str) -> str:
    """Let the test need no deployment, and end as told; return its node id."""
    copy.replace("tests/phase3_app/test_health.py", f"{TEST}(health: tuple[Exchange, ...])", f"{TEST}()")
    return copy.edit_test(TEST, last=last)


def verified(copy: Copy) -> subprocess.CompletedProcess[str]:
    """Run the command that decides in CI."""
    return subprocess.run(
        [sys.executable, "-m", "acceptance", "verify", str(copy.reports / "signoff.json")],
        cwd=copy.root,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_test_that_ends_the_process_leaves_no_sign_off(copy: Copy) -> None:
    """Pytest's status is 0 then; `verify` finds nothing, not even an earlier run's."""
    alone(copy, "import os; os._exit(0)")
    copy.reports.mkdir()
    copy.write("reports/signoff.json", "{}")
    run = copy.gate()
    assert run.exit_status == 0
    assert run.document is None
    checked = verified(copy)
    assert checked.returncode == 20, checked.stdout
    assert "is not there: the run died before it could write it" in checked.stdout


@pytest.mark.parametrize("ending", ["os._exit(0)", "os.kill(os.getpid(), 9)"])
def test_a_worker_that_dies_leaves_its_tests_unverified(copy: Copy, ending: str) -> None:
    """By itself, or killed as one that used up the memory is; the leak scan says that answers went unsearched."""
    node = alone(copy, f"import os; {ending}")
    run = copy.gate("-n2")
    assert run.exit_status == 20, run.output
    assert "The test ended without an account of itself" in records(run, node)[0]["message"]
    assert run.outcomes["MH-2"] == "unverified"
    assert verified(copy).returncode == 20


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_test_that_hangs_ends_at_the_deadline(copy: Copy, processes: str) -> None:
    """The run is reported as interrupted, with the reason."""
    node = alone(copy, HANG)
    run = copy.gate(f"-n{processes}", "--deadline=12")
    assert run.exit_status == 20, run.output
    assert "PARTIAL: the run was interrupted: its deadline of 12 s has passed (--deadline)." in run.signoff["reasons"]
    assert [record["outcome"] for record in records(run, node)] == ["unverified"]


def test_a_test_that_ends_pytest_with_status_0_is_partial(copy: Copy) -> None:
    """The reason it gave stands in the sign-off."""
    alone(copy, "pytest.exit('enough', returncode=0)")
    run = copy.gate()
    assert run.exit_status == 20, run.output
    assert "PARTIAL: the run was interrupted: enough." in run.signoff["reasons"]


def test_what_will_not_be_interrupted_is_given_up() -> None:
    """A process that swallows the interruption ends after the grace, as unverified and with a sentence."""
    stubborn = (
        "import time\n"
        "from acceptance.plugin import deadline\n"
        "deadline.begin(0.2, grace_s=0.5)\n"
        "while True:\n"
        "    try:\n"
        "        time.sleep(60)\n"
        "    except KeyboardInterrupt as interruption:\n"
        "        print(interruption, flush=True)\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", stubborn],
        cwd=ROOT,
        env=clean_environment(),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ended.returncode == 20, ended.stderr
    assert ended.stdout == "its deadline of 0.2 s has passed (--deadline)\n"
    assert "UNVERIFIED: the run did not end in time" in ended.stderr
