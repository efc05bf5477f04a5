"""Gates that start at once: each is forked from a process that has imported the engine's libraries.

What runs is what `python -m pytest` runs, in a process of its own; only the second that importing takes is saved.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

_CONTEXT = multiprocessing.get_context("forkserver")
_CONTEXT.set_forkserver_preload(["proof.gate.preloaded"])


def run(
    arguments: Sequence[str], *, folder: Path, environment: Mapping[str, str], output: Path, deadline_s: float
) -> int:
    """Run pytest in a forked process; return its exit status.

    Args:
        arguments: the command line without `pytest`.
        folder: where it runs.
        environment: all of its environment.
        output: the file that takes what it prints.
        deadline_s: it is killed when it takes longer.

    Raises:
        TimeoutError: it took longer.
    """
    process = _CONTEXT.Process(target=_pytest, args=(list(arguments), folder, dict(environment), output))
    process.start()
    process.join(deadline_s)
    if process.exitcode is None:
        process.kill()
        process.join()
        raise TimeoutError(f"pytest {' '.join(arguments)}: not ended after {deadline_s:g} s")
    return process.exitcode


def _pytest(arguments: list[str], folder: Path, environment: dict[str, str], output: Path) -> None:
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    with output.open("wb") as taking:
        os.dup2(taking.fileno(), 1)
        os.dup2(taking.fileno(), 2)
    sys.exit(int(pytest.main(arguments)))
