"""The Pythons that are installed here, each with an environment from the lock file."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from acceptance.paths import ROOT

VERSIONS = ("3.11", "3.12", "3.13")
LOCK = ROOT / "requirements.lock"
CACHE = ROOT / ".cache"
PYENV = Path.home() / ".pyenv" / "versions"


class NoEnvironmentError(RuntimeError):
    """No environment could be made with an interpreter; the message says why."""


def environment(version: str) -> Path | None:
    """Return an interpreter of that version with everything of the lock file; None when none is installed here.

    The running one has it. For another an environment is made in `.cache/`, once for each state of the lock file.

    Raises:
        NoEnvironmentError: it could not be made.
    """
    if sys.version_info[:2] == tuple(map(int, version.split("."))):
        return Path(sys.executable)
    base = next(filter(lambda found: _is(version, found), _candidates(version)), None)
    if base is None:
        return None
    folder = CACHE / f"python-{version}"
    python, stamp = folder / "bin" / "python", folder / ".installed"
    locked = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if not stamp.exists() or stamp.read_text() != locked:
        print(f"Making an environment for Python {version} in {folder.relative_to(ROOT)} ...", flush=True)
        install = ("install", "--disable-pip-version-check", "--no-input", "--quiet", "--require-hashes")
        _do(str(base), "-m", "venv", "--clear", str(folder))
        _do(str(python), "-m", "pip", *install, "--requirement", str(LOCK))
        stamp.write_text(locked)
    return python


def _candidates(version: str) -> Iterator[Path]:
    if on_path := shutil.which(f"python{version}"):
        yield Path(on_path)
    yield from sorted(PYENV.glob(f"{version}.*/bin/python"))


def _is(version: str, python: Path) -> bool:
    """Whether it is one of that version: a pyenv shim on the PATH may lead nowhere."""
    asked = [str(python), "-c", "import sys; print('%d.%d' % sys.version_info[:2])"]
    return subprocess.run(asked, capture_output=True, text=True, check=False).stdout.strip() == version


def _do(*command: str) -> None:
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    if ended.returncode:
        last = (ended.stderr.strip() or ended.stdout.strip()).splitlines()[-1:]
        raise NoEnvironmentError(f"{' '.join(command[:4])} ... ended with {ended.returncode}: {''.join(last)}")
