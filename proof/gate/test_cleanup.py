"""What the gate writes on a target is on record before it is sent, and gone afterwards."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

import psycopg
import pytest

from acceptance.__main__ import main
from acceptance.cleanup import clean_up
from acceptance.ledger import Ledger, new_prefix
from acceptance.paths import ROOT
from proof.gate.bench import Bench, clean_environment, run_pytest
from proof.gate.rows import left

EVENT = (
    "INSERT INTO analytics_events (id, event_type, session_id, visitor_id, timestamp, url, path, created_at)"
    " VALUES (gen_random_uuid(), 'pageview', %s, %s, now(), 'https://shop.example/', '/', now())"
)


def events(bench: Bench, *ids: str) -> None:
    """Store an event of a session and a visitor of each id."""
    with psycopg.connect(bench.deployment.postgres.dsn) as connection:
        for one in ids:
            connection.execute(EVENT, (one, one))


def printed(bench: Bench) -> list[str]:
    """Return what the application has printed."""
    return [line.message for line in bench.deployment._operations.logs(bench.deployment.api.id)]


def test_a_gate_leaves_no_row_and_no_entry(bench: Bench) -> None:
    """What it sent is counted, removed and struck from the ledger."""
    run = bench.gate()
    assert run.exit_status == 0, run.output
    assert any("synthetic visitors were removed" in note for note in run.signoff["notes"])
    assert left(bench) == 0
    assert list(bench.ledger) == []


def test_only_rows_of_the_prefix_go(bench: Bench, tmp_path: Path) -> None:
    """Ids that resemble it, in front, behind or in other letters, stay."""
    prefix, ledger = new_prefix(), Ledger("bench", tmp_path)
    ledger.enter(prefix)
    ledger.account(prefix, 2)
    decoys = [prefix[:-1], prefix.upper(), f"x{prefix}", prefix[:-2] + "_-", prefix.replace("-", "_"), "apexacc-%"]
    events(bench, f"{prefix}one", f"{prefix}two", *decoys)
    sentence = clean_up(bench.deployment.postgres.dsn, ledger, prefix)
    assert sentence.startswith("2 rows")
    assert left(bench) == len(decoys)
    assert list(ledger) == []


def test_what_was_accepted_but_is_not_found_stays_on_record(bench: Bench, tmp_path: Path) -> None:
    """The database that is cleaned may not be the application's own."""
    prefix, ledger = new_prefix(), Ledger("bench", tmp_path)
    ledger.enter(prefix)
    ledger.account(prefix, 5)
    events(bench, f"{prefix}one")
    assert "Of 5 synthetic events" in clean_up(bench.deployment.postgres.dsn, ledger, prefix)
    assert list(ledger) == [prefix]


def test_a_database_that_refuses_leaves_the_entry(bench: Bench, tmp_path: Path) -> None:
    """Nothing is deleted in part, and the sentence says how to go on."""
    prefix, ledger = new_prefix(), Ledger("bench", tmp_path)
    ledger.enter(prefix)
    bench.do(bench.deployment.postgres.execute("DROP TABLE conversion_events"))
    assert "python -m acceptance clean --target=bench --yes" in clean_up(bench.deployment.postgres.dsn, ledger, prefix)
    assert list(ledger) == [prefix]


def test_the_command_cleans_what_a_killed_run_left(bench: Bench, capsys: pytest.CaptureFixture[str]) -> None:
    """It only says what it would do until told to."""
    prefix, ledger = new_prefix(), bench.ledger
    ledger.enter(prefix)
    events(bench, f"{prefix}one", "somebody else's")
    command = ["clean", f"--target={bench.target_file}", f"--reports={bench.reports}"]
    assert main(command) == 0
    assert "add --yes" in capsys.readouterr().out
    assert left(bench) == 2
    assert main([*command, "--yes"]) == 0
    assert left(bench) == 1
    assert list(ledger) == []


def test_without_permission_nothing_is_sent_that_could_be_stored(bench: Bench) -> None:
    """Not even what should be refused; MH-6 is unverified and says which setting allows it."""
    before = len(printed(bench))
    run = bench.gate(environment={"APEX_ALLOW_SYNTHETIC": "false"})
    assert run.exit_status == 20, run.output
    assert run.outcomes["MH-6"] == "unverified"
    assert "APEX_ALLOW_SYNTHETIC" in run.account("MH-6")
    assert not [line for line in printed(bench)[before:] if "POST /api/v1/analytics/track/" in line]
    assert left(bench) == 0


def test_a_gate_killed_while_booting_leaves_nothing(tmp_path: Path) -> None:
    """The embedded deployment ends with its starter, however that ends."""
    process = subprocess.Popen(
        [sys.executable, "-m", "pytest", "-m", "must_have", "--target=reference", f"--reports={tmp_path}"],
        cwd=ROOT,
        env=clean_environment(),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    time.sleep(1.5)
    process.terminate()
    assert process.wait(30) != 0
    assert not [line for line in _processes() if f"--parent {process.pid}" in line]


def _processes() -> list[str]:
    listing = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    return [line for line in listing.stdout.splitlines() if "reference up" in line]


def test_earlier_reports_are_gone_even_after_a_usage_error(tmp_path: Path) -> None:
    """A misspelt target must not leave yesterday's GO to be verified."""
    (tmp_path / "signoff.json").write_text("{}")
    run = run_pytest("-m", "must_have", "--target=prodution", reports=tmp_path)
    assert run.exit_status == 4
    assert run.document is None
