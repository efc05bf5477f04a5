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
        """Hand a folder with all that is in it to the account; files that have another name elsewhere stay."""
        for folder, _, files in os.walk(top):
            os.chown(folder, self.uid, self.gid)
            for path in (Path(folder) / name for name in files):
                if path.lstat().st_nlink == 1:
                    os.chown(path, self.uid, self.gid, follow_symlinks=False)


def unprivileged() -> Account | None:
    """The existing account `nobody` when we are root, else None: we run it as ourselves."""
    if os.geteuid() != 0:
        return None
    entry = pwd.getpwnam("nobody")
    return Account(entry.pw_uid, entry.pw_gid)


def open_to_all(path: Path) -> bool:
    """Whether any account can reach what the path names: every folder above lets others pass."""
    return all(folder.stat().st_mode & 0o001 for folder in path.resolve().parents)
