"""The state of an acceptance run between pytest's hooks, on the process that decides and on its workers."""

from __future__ import annotations

import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from acceptance.catalogue import Catalogue
from acceptance.contract import Contract
from acceptance.embedded import EmbeddedDeployment
from acceptance.ledger import Ledger
from acceptance.levels import Level, Stage
from acceptance.measurements import Measurements
from acceptance.redaction import Redactor
from acceptance.target import Target, make_target
from acceptance.verdict import Evidence, TestRecord
from acceptance.waivers import Attestation, Waivers


@dataclass(frozen=True)
class Run:
    """What every process of a run knows: the target, what it measures there, and what no output may show."""

    target: Target
    run_id: str
    folder: Path
    measurements: Measurements
    redactor: Redactor

    @classmethod
    def begin(cls, target: Target, contract: Contract, run_id: str, folder: Path, ledger: Ledger) -> Run:
        """Prepare to measure; the service's own secrets are asked for first (see `learn_secrets`)."""
        measurements = Measurements(target, contract, run_id=run_id, folder=folder, ledger=ledger)
        measurements.start({"secrets"})
        return cls(target, run_id, folder, measurements, Redactor.from_mapping(target.secrets()))

    def learn_secrets(self) -> None:
        """Wait until the service's own secrets are known: before the first test, since no output may show them."""
        for name, value in (self.measurements.secrets() or {}).items():
            self.redactor.learn(name, value)

    @classmethod
    def in_worker(cls, data: Mapping[str, Any]) -> Run:
        """Rebuild a run in a worker from what its controller sent."""
        target = make_target(data["target"], data["name"])
        folder = Path(data["folder"])
        ledger = Ledger(target.name, Path(data["ledger"]))
        measurements = Measurements(target, Contract(), run_id=data["run_id"], folder=folder, ledger=ledger)
        measurements.know_secrets(data["secrets"], data["blind_because"])
        run = cls(target, data["run_id"], folder, measurements, Redactor.from_mapping(target.secrets()))
        run.learn_secrets()
        return run

    def for_worker(self) -> dict[str, Any]:
        """Return what a worker needs, in types that travel between processes."""
        return {
            "target": self.target.values(),
            "name": self.target.name,
            "run_id": self.run_id,
            "folder": str(self.folder),
            "ledger": str(self.measurements.ledger.root),
            "secrets": self.measurements.secrets(),
            "blind_because": self.measurements.blind_because,
        }


@dataclass
class Gate:
    """What only the deciding process knows: what must run, and what came of it."""

    catalogue: Catalogue
    contract: Contract
    expected: Mapping[str, tuple[str, ...]]
    waivers: Waivers
    attestations: Mapping[str, Attestation]
    stage: Stage
    levels: tuple[Level, ...]
    selection: str
    partial: list[str]
    temporary: tempfile.TemporaryDirectory[str]
    embedded: EmbeddedDeployment | None = None
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    records: dict[str, list[TestRecord]] = field(default_factory=lambda: defaultdict(list))
    evidence: dict[str, list[Evidence]] = field(default_factory=lambda: defaultdict(list))
    facts: dict[str, Any] = field(default_factory=dict)
    collected: set[str] = field(default_factory=set)
    uncollected: dict[str, str] = field(default_factory=dict)
    workers_lost: int = 0

    def close(self) -> None:
        """Stop the embedded deployment and remove the run's folder."""
        if self.embedded:
            self.embedded.stop()
        self.temporary.cleanup()


RUN = pytest.StashKey[Run]()
COLLECTED = pytest.StashKey[list[str]]()
