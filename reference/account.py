"""The account that PostgreSQL runs as: it refuses to serve root."""

import os
import pwd
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Account:
    """A user and its group, by number."""

    uid: int
    gid: int

    def give(self, top: Path) -> None:
        """Hand a file, or a folder with all that is in it, to the account."""
        for folder, folders, files in os.walk(top):
            for name in (*folders, *files):
                os.chown(Path(folder) / name, self.uid, self.gid, follow_symlinks=False)
        os.chown(top, self.uid, self.gid)


def unprivileged() -> Account | None:
    """The existing account `nobody` when we are root, else None: we run it as ourselves."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def open_to_all(path: Path) -> bool:
    """Whether any account can reach what the path names: every folder above lets others pass."""
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)
