"""What ends a deployment whose owner cannot: a small watcher that outlives it.

The watcher holds the read end of a pipe whose only write end is the owner's. However the owner ends, the pipe
reaches its end; the watcher then kills the processes that it was told of, and whoever else works in one of the
folders, and removes the folders. It needs nothing but the standard library, so that it starts in a few milliseconds.
"""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

GRACE_SECONDS = 2.0
"""How long processes may take to end before they are killed."""


class Guardian:
    """The owner's side: tells the watcher what is to end with it."""

    def __init__(self) -> None:
        command = [sys.executable, "-I", "-S", str(Path(__file__).resolve())]
        silent = subprocess.DEVNULL
        self._watcher = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=silent, stderr=silent, cwd="/", start_new_session=True
        )

    @property
    def pid(self) -> int:
        """The watcher's process."""
        return self._watcher.pid

    def adopt(self, pid: int, ending: signal.Signals = signal.SIGKILL) -> None:
        """Have a process group end with the owner: `ending` asks it first, SIGKILL follows."""
        self._tell("group", pid, int(ending))

    def release(self, pid: int) -> None:
        """The process group has ended: its number may become somebody else's."""
        self._tell("released", pid)

    def own(self, path: Path) -> None:
        """Have a file, or a folder and whoever works in it, removed with the owner."""
        self._tell("path", str(path.absolute()))

    def disown(self, path: Path) -> None:
        """The path is gone, or is to stay."""
        self._tell("disowned", str(path.absolute()))

    def close(self) -> None:
        """End the watch and wait until all that was still watched is gone."""
        if self._watcher.stdin is not None and not self._watcher.stdin.closed:
            with suppress(BrokenPipeError):
                self._watcher.stdin.close()
            self._watcher.wait()

    def _tell(self, *words: str | int) -> None:
        if self._watcher.stdin is None or self._watcher.stdin.closed:
            raise RuntimeError("the guardian was closed: nothing may be started after it")
        self._watcher.stdin.write(json.dumps(words).encode() + b"\n")
        self._watcher.stdin.flush()


def watch(lines: Iterable[str]) -> None:
    """The watcher's side: note what the owner says until it ends, then end the rest."""
    groups: dict[int, int] = {}
    paths: set[str] = set()
    for line in lines:
        match json.loads(line):
            case ["group", pid, ending]:
                groups[pid] = ending
            case ["released", pid]:
                groups.pop(pid, None)
            case ["path", path]:
                paths.add(path)
            case ["disowned", path]:
                paths.discard(path)
    end(groups, paths)


def end(groups: dict[int, int], paths: set[str]) -> None:
    """Kill the process groups, and remove the paths with whoever works in them."""
    alive = {pid for pid, ending in groups.items() if _signal(pid, ending)}
    deadline = time.monotonic() + GRACE_SECONDS
    while alive and time.monotonic() < deadline:
        time.sleep(0.02)
        alive = {pid for pid in alive if _signal(pid, 0)}
    for pid in alive:
        _signal(pid, signal.SIGKILL)
    for path in paths:
        _remove(Path(path))


def _signal(group: int, number: int) -> bool:
    """Send a signal to a process group; whether there is one."""
    try:
        os.killpg(group, number)
    except (ProcessLookupError, PermissionError):
        return False
    return True


def _remove(path: Path) -> None:
    """Remove a file or a folder; what still works in the folder may write once more, hence the second look."""
    if path.is_file():
        path.unlink(missing_ok=True)
    deadline = time.monotonic() + GRACE_SECONDS
    while path.exists() and time.monotonic() < deadline:
        for pid in _working_in(path):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(path, ignore_errors=True)


def _working_in(folder: Path) -> list[int]:
    """The processes whose working directory lies in the folder: started too late to have been announced."""
    found = []
    for entry in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (entry / "cwd").readlink().is_relative_to(folder):
                found.append(int(entry.name))
    return found


if __name__ == "__main__":
    for ignored in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ignored, signal.SIG_IGN)
    watch(sys.stdin)
