"""A bench: one embedded deployment that is broken and healed again, and the real gate run against it."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from acceptance.ledger import Ledger
from acceptance.registry import ROOT
from acceptance.target import setting_names
from reference.deployment import Deployment

T = TypeVar("T")
GATE_DEADLINE_S = 180.0
SLOWING = {"PYTHONDONTWRITEBYTECODE"}  # each run would compile every module anew
NOTHING: Mapping[str, str] = {}


@dataclass(frozen=True)
class GateRun:
    """What a run of the gate ended in: its exit status, what it printed, and its sign-off if it wrote one."""

    exit_status: int
    output: str
    document: Mapping[str, Any] | None

    @property
    def outcomes(self) -> dict[str, str]:
        """The criteria's outcomes by id."""
        return {entry["id"]: entry["outcome"] for entry in self.signoff["criteria"]}

    @property
    def signoff(self) -> Mapping[str, Any]:
        """The sign-off, which must be there."""
        assert self.document is not None, f"no sign-off was written; the gate printed:\n{self.output}"
        return self.document

    def account(self, criterion_id: str) -> str:
        """Everything the sign-off says of a criterion."""
        entry = next(entry for entry in self.signoff["criteria"] if entry["id"] == criterion_id)
        return "\n".join([entry["summary"], *(test["message"] for test in entry["tests"])])


def clean_environment() -> dict[str, str]:
    """Return this process's environment without anything that would direct a gate."""
    foreign = {*setting_names(), "APEX_TARGET", "PYTEST_ADDOPTS", "PYTEST_PLUGINS", "PYTEST_XDIST_WORKER"} | SLOWING
    return {key: value for key, value in os.environ.items() if key not in foreign}


def run_pytest(*arguments: str, reports: Path, environment: Mapping[str, str] = NOTHING, root: Path = ROOT) -> GateRun:
    """Run pytest as a user would, in a process of its own."""
    ended = subprocess.run(
        [sys.executable, "-m", "pytest", f"--reports={reports}", *arguments],
        cwd=root,
        env=clean_environment() | dict(environment),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=GATE_DEADLINE_S,
        check=False,
    )
    path = reports / "signoff.json"
    document = json.loads(path.read_bytes()) if path.exists() else None
    return GateRun(ended.returncode, ended.stdout, document)


class Bench:
    """An embedded deployment in this process, driven from the tests' thread."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="bench", daemon=True)
        self._deployment: Deployment | None = None

    def __enter__(self) -> Self:
        """Boot."""
        self._thread.start()
        self._deployment = self.do(Deployment().__aenter__())
        self.deployment.publish(self.target_file)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End it."""
        self.do(self.deployment.__aexit__(kind, error, trace))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    @property
    def deployment(self) -> Deployment:
        """The deployment, once booted."""
        assert self._deployment is not None, "the bench is not booted"
        return self._deployment

    @property
    def target_file(self) -> Path:
        """The settings file of the deployment."""
        return self.folder / "bench.env"

    @property
    def reports(self) -> Path:
        """Where the gates' reports go."""
        return self.folder / "reports"

    @property
    def ledger(self) -> Ledger:
        """What the gates have on record."""
        return Ledger(self.target_file.stem, self.reports)

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something on the deployment's own loop and return its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(60)

    def gate(self, *arguments: str, environment: Mapping[str, str] = NOTHING, root: Path = ROOT) -> GateRun:
        """Run the gate, of this checkout or of a copy at `root`, against the deployment as it stands."""
        target = f"--target={self.target_file}"
        return run_pytest(
            *("-m", "must_have", target, *arguments),
            reports=self.reports,
            environment=environment,
            root=root,
        )
