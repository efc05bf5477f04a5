"""The deployment's child processes."""

import asyncio
import signal
from asyncio.subprocess import DEVNULL, PIPE
from asyncio.subprocess import Process as Child
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

from reference.account import Account
from reference.guardian import Guardian

OnLine: TypeAlias = Callable[[str, str], None]
"""Takes the stream's name, `stdout` or `stderr`, and a line without its end."""

_LINE_LIMIT = 1 << 20


def unheard(_stream: str, _line: str) -> None:
    """Takes the lines that nobody wants to read."""


@dataclass(frozen=True)
class Launch:
    """How a program is started: its words, environment, folder, account and what it is to read."""

    command: tuple[str, ...]
    folder: Path
    env: Mapping[str, str]
    account: Account | None = None
    text: str | None = None
    ending: signal.Signals = signal.SIGKILL
    """How the guardian asks it to end."""


class Process:
    """A running program in a session of its own, whose lines are read and which the guardian knows."""

    def __init__(self, child: Child, guardian: Guardian, on_line: OnLine) -> None:
        self._child = child
        self._guardian = guardian
        self._streams = [
            asyncio.create_task(_read(stream, name, on_line))
            for name, stream in (("stdout", child.stdout), ("stderr", child.stderr))
            if stream is not None
        ]
        self._ended = asyncio.create_task(self._await_end())

    @classmethod
    async def start(cls, launch: Launch, guardian: Guardian, on_line: OnLine) -> "Process":
        """Start a program.

        Raises:
            OSError: it cannot be started.
        """
        account = launch.account
        child = await asyncio.create_subprocess_exec(
            *launch.command,
            cwd=launch.folder,
            env=dict(launch.env),
            stdin=DEVNULL if launch.text is None else PIPE,
            stdout=PIPE,
            stderr=PIPE,
            limit=_LINE_LIMIT,
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
        )
        guardian.adopt(child.pid, launch.ending)
        process = cls(child, guardian, on_line)
        if child.stdin is not None and launch.text is not None:
            child.stdin.write(launch.text.encode())
            child.stdin.close()
        return process

    @property
    def pid(self) -> int:
        """Its number, which is also its group's."""
        return self._child.pid

    @property
    def running(self) -> bool:
        """Whether it still runs."""
        return not self._ended.done()

    async def wait(self) -> int:
        """Wait until it ends and its last line was read; its exit status, negative for a signal."""
        return await asyncio.shield(self._ended)

    async def stop(self, request: signal.Signals, grace_seconds: float) -> None:
        """Ask it to end; kill it when it has not after `grace_seconds`."""
        for number, seconds in ((request, grace_seconds), (signal.SIGKILL, 5.0)):
            if not self.running:
                return
            with suppress(ProcessLookupError):
                self._child.send_signal(number)
            await asyncio.wait([self._ended], timeout=seconds)

    async def _await_end(self) -> int:
        status = await self._child.wait()
        self._guardian.release(self.pid)
        # A grandchild may hold the streams open after its parent has ended.
        await asyncio.wait(self._streams, timeout=0.5)
        for stream in self._streams:
            stream.cancel()
        return status


async def _read(stream: asyncio.StreamReader, name: str, on_line: OnLine) -> None:
    """Pass on a stream's lines; one that is longer than the limit is left out."""
    while not stream.at_eof():
        try:
            line = await stream.readline()
        except ValueError:
            continue
        if line:
            on_line(name, line.decode(errors="replace").rstrip("\r\n"))
