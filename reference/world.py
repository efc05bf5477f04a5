"""A deployment's own corner of the machine: a temporary folder and the processes that work in it."""

import os
import secrets
import shutil
import tempfile
from pathlib import Path

from reference.account import open_to_all, unprivileged
from reference.guardian import Guardian
from reference.processes import Launch, OnLine, Process

_COMMON = Path("/tmp")  # noqa: S108 - a folder of its own is made in it, with an unpredictable name
_PASSED_ON = ("PATH", "LANG", "LC_ALL", "TZ", "TMPDIR", "SYSTEMROOT")


class World:
    """The folder, the guardian that ends whatever is left in it, and the account for PostgreSQL."""

    def __init__(self) -> None:
        self.account = unprivileged()
        self.guardian = Guardian()
        self.folder = _base() / f"apex-reference-{secrets.token_hex(6)}"
        # Announced before it exists: no moment at which it could be left behind.
        self.guardian.own(self.folder)
        self.folder.mkdir(mode=0o711)

    def room(self, name: str, *, shared: bool = False) -> Path:
        """A new folder inside, for its owner alone; `shared`: it belongs to the account for PostgreSQL."""
        room = self.folder / name
        room.mkdir(mode=0o700)
        if shared and self.account:
            self.account.give(room)
        return room

    async def start(self, launch: Launch, on_line: OnLine) -> Process:
        """Start a program that ends with this world at the latest."""
        return await Process.start(launch, self.guardian, on_line)

    def close(self) -> None:
        """Remove the folder; processes that still work in it are killed."""
        shutil.rmtree(self.folder, ignore_errors=True)
        self.guardian.close()


def bare_environment() -> dict[str, str]:
    """The few variables of our own environment that a child needs."""
    return {name: os.environ[name] for name in _PASSED_ON if name in os.environ}


def _base() -> Path:
    """The folder for temporary folders; as root one that PostgreSQL's account can pass through."""
    usual = Path(tempfile.gettempdir()).resolve()
    return usual if os.geteuid() != 0 or open_to_all(usual / "any") else _COMMON
