"""Nothing is left running or on disk, however the deployment ends."""

import signal
import ssl
import sys
import time
from pathlib import Path

import httpx
import psycopg
import pytest

from proof.platform.commands import (
    command,
    environment,
    family,
    folder_of,
    gone,
    read_settings,
    starting,
    workers,
    worlds,
)
from proof.waiting import wait_for


def _connected(settings: dict[str, str]) -> httpx.Client:
    """A client that keeps its connection to the edge open."""
    trust = ssl.create_default_context(cafile=settings["APEX_CA_FILE"])
    client = httpx.Client(verify=trust, http2=True)
    assert client.get(f"{settings['APEX_BASE_URL']}/health").status_code == 200
    return client


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_a_signal_ends_everything(number: signal.Signals, temporary: Path, tmp_path: Path) -> None:
    """After SIGTERM, SIGINT or SIGKILL no process, folder or settings file remains, clients or not."""
    file = tmp_path / "target.env"
    with starting(command("--env-file", str(file)), env=environment(temporary)) as up:
        settings = read_settings(file)
        folder = folder_of(settings)
        client = _connected(settings)
        processes = family(up.pid)
        assert folder.parent == temporary
        assert len(processes) > 4
        up.send_signal(number)
        _, err = up.communicate(timeout=20)
        wait_for(lambda: gone(processes), "all processes ended")
        wait_for(lambda: not folder.exists() and not file.exists(), "folder and file are removed")
        client.close()
    assert (up.returncode, err) == (-number if number is signal.SIGKILL else 0, "")
    assert list(temporary.iterdir()) == []


def test_it_ends_with_its_parent(temporary: Path, tmp_path: Path) -> None:
    """When the parent is killed the deployment ends by itself."""
    file = tmp_path / "target.env"
    script = f"import subprocess; subprocess.run({command('--env-file', str(file))!r})"
    with starting([sys.executable, "-c", script], env=environment(temporary)) as parent:
        folder = folder_of(read_settings(file))
        processes = family(parent.pid)
        parent.kill()
        wait_for(lambda: gone(processes), "all processes ended")
        wait_for(lambda: not folder.exists() and not file.exists(), "folder and file are removed")


@pytest.mark.parametrize("seconds", [0.6, 1.2, 1.8])
def test_killed_while_it_boots(seconds: float, temporary: Path) -> None:
    """A kill at any moment of the boot leaves nothing either."""
    with starting(command(), env=environment(temporary)) as up:
        time.sleep(seconds)
        processes = family(up.pid)
        up.kill()
        up.wait(20)
        wait_for(lambda: gone(processes), "all processes ended")
        wait_for(lambda: not worlds(temporary) and not workers(temporary), "nothing is left")


def test_interrupted_while_it_boots(temporary: Path) -> None:
    """An interrupt during the boot ends it in order."""
    with starting(command(), env=environment(temporary)) as up:
        wait_for(lambda: bool(worlds(temporary)), "the boot has begun")
        up.send_signal(signal.SIGINT)
        out, err = up.communicate(timeout=20)
    assert (up.returncode, out, err) == (0, "", "")
    assert not worlds(temporary)


def test_two_at_once(temporary: Path, tmp_path: Path) -> None:
    """Two deployments that boot at the same time, one of them before its migration, do not meet."""
    files = [tmp_path / "one.env", tmp_path / "two.env"]
    with (
        starting(command("--env-file", str(files[0])), env=environment(temporary)) as one,
        starting(command("--env-file", str(files[1]), "--stage", "pre-migration"), env=environment(temporary)) as two,
    ):
        first, second = (read_settings(file) for file in files)
        common = {name for name in first if first[name] == second[name]}
        tables = [_tables(settings) for settings in (first, second)]
        for each in (one, two):
            each.terminate()
        assert [each.wait(20) for each in (one, two)] == [0, 0]
    assert common == {name for name in first if name.startswith("APEX_ALLOW")} | {
        "APEX_REFERENCE",
        "APEX_SERVICE",
        "APEX_EXPECTED_VERSION",
    }
    assert tables[0] > 14
    assert tables[1] == 0
    assert not worlds(temporary)


def _tables(settings: dict[str, str]) -> int:
    """How much there is in the database: tables, indexes, sequences and views."""
    with psycopg.connect(settings["DATABASE_URL"]) as connection:
        row = connection.execute(
            "SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname !~ '^(pg_|information_schema)'"
        ).fetchone()
        return int(row[0]) if row else 0


def test_it_does_not_begin_without_its_parent(temporary: Path) -> None:
    """When the process that it is to end with is not its parent any more, nothing is begun."""
    with starting(command("--parent", "1"), env=environment(temporary)) as up:
        out, err = up.communicate(timeout=20)
    assert (up.returncode, out) == (1, "")
    assert "process 1 is not, or no longer, the parent" in err
    assert list(temporary.iterdir()) == []
