"""The command line: what it prints, writes and refuses."""

import stat
import sys
from collections.abc import Callable, Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from proof.platform.commands import as_ordinary_user, command, environment, read_settings, starting
from reference import __main__ as cli
from reference.deployment import Deployment
from reference.faults import CATALOGUE, Fault


def _fault(name: str, apply: Callable[[Deployment], Coroutine[Any, Any, None]] | None = None) -> Fault:
    """A fault of the catalogue with another name, which breaks nothing unless told how."""
    some = next(iter(CATALOGUE.values()))
    summary, breaks = "Breaks it", {"MH-2": "failed", "MH-6": "failed"}
    return replace(some, name=name, summary=summary, breaks=breaks, apply=apply or some.apply)


def test_up_as_an_ordinary_user(temporary: Path) -> None:
    """It needs no rights, prints where it is, and keeps its secrets in the file, which is for its owner alone."""
    temporary.chmod(0o777)
    file = temporary / "target.env"
    words, options = as_ordinary_user(command("--env-file", str(file)))
    with starting(words, env=environment(temporary), **options) as up:
        settings = read_settings(file)
        mode = stat.S_IMODE(file.stat().st_mode)
        with psycopg.connect(settings["DATABASE_URL"]) as connection:
            revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        up.terminate()
        out, err = up.communicate(timeout=20)
    assert (up.returncode, err) == (0, "")
    assert revision == ("002",)
    assert mode == 0o600
    assert [name for name in ("APEX_BASE_URL", "RENDER_API_URL") if settings[name] not in out] == []
    assert [name for name in ("RENDER_API_KEY", "DATABASE_URL", "REDIS_URL") if settings[name] in out] == []
    assert list(temporary.iterdir()) == []


def test_an_unknown_fault_is_refused(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A name that is not in the catalogue ends with status 2 and the names near to it."""
    monkeypatch.setitem(CATALOGUE, "index-dropped", _fault("index-dropped"))
    assert cli.main(["up", "--fault", "index-droped"]) == 2
    assert "'index-droped'; did you mean index-dropped" in capsys.readouterr().err


def test_faults_lists_the_catalogue(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """A line for each fault: its name, the criteria it breaks and what it is."""
    monkeypatch.setitem(CATALOGUE, "sample", _fault("sample"))
    assert cli.main(["faults"]) == 0
    line = next(line for line in capsys.readouterr().out.splitlines() if line.startswith("sample "))
    assert line.split() == ["sample", "MH-2,", "MH-6", "Breaks", "it"]


def test_a_failing_fault_is_told(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """When a fault cannot be applied the deployment ends and says why."""

    async def fail(_: Deployment) -> None:
        raise RuntimeError("there is no such index")

    monkeypatch.setitem(CATALOGUE, "sample", _fault("sample", fail))
    assert cli.main(["up", "--fault", "sample"]) == 1
    assert capsys.readouterr().err == "reference: there is no such index\n"


def test_a_reader_may_stop_at_any_line() -> None:
    """`python -m reference faults | head` ends without a complaint."""
    with starting([sys.executable, "-m", "reference", "faults"]) as listing:
        assert listing.stdout is not None
        listing.stdout.close()
        assert listing.stderr is not None
        assert (listing.stderr.read(), listing.wait(20)) == ("", 0)
