"""A bench: one embedded deployment that is broken and healed again, and the real gate run against it."""

from __future__ import annotations

import json
import os
import shutil
import ssl
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import httpx

from acceptance.ledger import Ledger
from acceptance.paths import ROOT
from acceptance.probes.database import read_database
from acceptance.probes.store import read_store
from acceptance.target import setting_names
from proof.background import Background
from proof.gate import forks
from reference.deployment import Deployment

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
    return GateRun(ended.returncode, ended.stdout, signoff_in(reports))


def signoff_in(reports: Path) -> Mapping[str, Any] | None:
    """Return the sign-off that a run wrote, None if it wrote none."""
    path = reports / "signoff.json"
    return json.loads(path.read_bytes()) if path.exists() else None


class Bench(Background[Deployment]):
    """An embedded deployment in this process that is broken and healed, and the real gate run against it."""

    def __init__(self, folder: Path) -> None:
        super().__init__(Deployment)
        self.folder = folder

    def __enter__(self) -> Self:
        """Boot, and write the target's settings file."""
        super().__enter__()
        self.deployment.publish(self.target_file)
        self._healthy = self._state()
        return self

    def heal(self) -> None:
        """Undo what a test has done to the deployment, and see that it is undone."""
        self.do(self.deployment.heal())
        state = self._state()
        assert state == self._healthy, "healing left something behind"
        shutil.rmtree(self.reports, ignore_errors=True)  # and what faults left on record

    def _state(self) -> Mapping[str, object]:
        """What faults change, as it is found from outside: its own words for healed are not taken."""
        deployment = self.deployment
        trust = ssl.create_default_context(cafile=deployment.settings["APEX_CA_FILE"])
        with httpx.Client(base_url=deployment.edge.base_url, verify=trust) as client:
            health, ready = client.get("/health").json(), client.get("/health/ready").json()
            hsts = client.get("/").headers.get("strict-transport-security")
        plain = httpx.get(f"{deployment.edge.http_url}/health").headers.get("location")
        services = [(each.name, each.suspended, dict(each.env)) for each in deployment.workspace.services]
        return {
            "health": [health[key] for key in ("status", "version", "commit")],
            "ready": ready["checks"],
            "edge": (hsts, plain, len(deployment.edge.layers)),
            "database": read_database(deployment.postgres.dsn),
            "store": read_store(deployment.valkey.url),
            "provider": (
                services,
                [deploy.status for deploy in deployment.api.deploys],
                len(deployment.provider_layers),
            ),
            "key": deployment.workspace.api_key,
        }

    @property
    def deployment(self) -> Deployment:
        """The deployment."""
        return self.value

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

    def gate(self, *arguments: str, environment: Mapping[str, str] = NOTHING, root: Path = ROOT) -> GateRun:
        """Run the gate, of this checkout or of a copy at `root`, against the deployment as it stands."""
        command = ("-m", "must_have", f"--target={self.target_file}", *arguments)
        if root != ROOT:  # a copy has modules of its own
            return run_pytest(*command, reports=self.reports, environment=environment, root=root)
        output = self.folder / "output"
        exit_status = forks.run(
            [f"--reports={self.reports}", *command],
            folder=root,
            environment=clean_environment() | dict(environment),
            output=output,
            deadline_s=GATE_DEADLINE_S,
        )
        return GateRun(exit_status, output.read_text(), signoff_in(self.reports))
