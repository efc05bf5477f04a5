"""`python -m reference up` as its own process, and what it may not leave behind."""

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from proof.waiting import wait_for
from reference.account import open_to_all, unprivileged
from reference.paths import ROOT

_PREFIX = "apex-reference-"


def command(*arguments: str) -> list[str]:
    """The command line of `python -m reference up`."""
    return [sys.executable, "-m", "reference", "up", *arguments]


@contextmanager
def starting(words: Sequence[str], **options: object) -> Iterator[subprocess.Popen[str]]:
    """Start a program in the project's folder; it is killed at the end if it still runs."""
    process = subprocess.Popen(
        words,
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        **options,  # type: ignore[call-overload]
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def read_settings(path: Path) -> dict[str, str]:
    """Wait for the settings file and read it."""
    wait_for(path.exists, f"{path.name} is written")
    pairs = (line.partition("=") for line in path.read_text().splitlines())
    return {name: value for name, _, value in pairs}


def folder_of(settings: dict[str, str]) -> Path:
    """The deployment's temporary folder."""
    folder = Path(settings["APEX_CA_FILE"]).parents[1]
    assert folder.name.startswith(_PREFIX)
    return folder


def family(pid: int) -> list[psutil.Process]:
    """A process, all its descendants, and whoever names or works in one of their folders."""
    top = psutil.Process(pid)
    return [top, *top.children(recursive=True)]


def gone(processes: Sequence[psutil.Process]) -> bool:
    """Whether none of the processes runs any more; one that nobody has buried does not."""
    return not any(_runs(process) for process in processes)


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def worlds(folder: Path) -> set[Path]:
    """The deployments' folders in a folder for temporary files."""
    return set(folder.glob(f"{_PREFIX}*"))


def workers(folder: Path) -> list[psutil.Process]:
    """The processes that work below a folder."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if Path(process.cwd()).is_relative_to(folder):
                found.append(process)
    return found


def as_ordinary_user(words: list[str]) -> tuple[list[str], dict[str, object]]:
    """A command line and Popen's options that run it without root's rights.

    Root runs it as `nobody`, or, where nobody cannot reach the interpreter, in a namespace of its own
    in which it is an ordinary user.
    """
    account = unprivileged()
    if account is None:
        return words, {}
    if open_to_all(Path(sys.executable)) and open_to_all(ROOT / "reference"):
        return words, {"user": account.uid, "group": account.gid, "extra_groups": []}
    return ["unshare", "--user", "--map-user=1000", *words], {}


def environment(temporary: Path) -> dict[str, str]:
    """Our environment with another folder for temporary files."""
    return {**os.environ, "TMPDIR": str(temporary)}
