"""Sign-offs as runs would have written them, and as somebody would forge them."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from acceptance import signoff
from acceptance.catalogue import load_catalogue
from acceptance.levels import Stage
from acceptance.outcomes import Outcome
from acceptance.registry import expected_tests
from acceptance.verdict import TestRecord, decide, judge
from acceptance.verify import Verified, verify
from acceptance.waivers import Attestation, Waiver

CATALOGUE = load_catalogue()
EXPECTED = expected_tests(CATALOGUE)
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
COMMIT = "4f1c2a97b0d35e8f6a7c9b1d2e3f405162738495"
Change = Callable[[dict[str, Any]], object]


def written(
    folder: Path,
    *,
    partial: tuple[str, ...] = (),
    stage: Stage = "post-deploy",
    waivers: Mapping[str, Waiver] | None = None,
    attestations: Mapping[str, Attestation] | None = None,
    commit: str = COMMIT,
    reference: bool = False,
    **outcomes: Outcome,
) -> Path:
    """Write the sign-off of a run in which every must-have passed but for `outcomes` (MH_3=...); return its path.

    A criterion that is no must-have is part of the run when an outcome is given for it.
    """
    results = []
    ids = [criterion.id for criterion in CATALOGUE.selected(stage, ["must_have"])]
    ids += [name.replace("_", "-") for name in outcomes]
    for criterion in map(CATALOGUE.__getitem__, dict.fromkeys(ids)):
        ended = outcomes.get(criterion.id.replace("-", "_"), Outcome.PASSED)
        nodes = EXPECTED.get(criterion.id, ())
        records = [TestRecord(node, ended, 0.1, "Found: something", 1) for node in nodes]
        waiver, attestation = (waivers or {}).get(criterion.id), (attestations or {}).get(criterion.id)
        results.append(judge(criterion, nodes, records, waiver=waiver, attestation=attestation))
    run = signoff.Run(
        target="production",
        base_url="https://ecomdash-api.example.com",
        reference=reference,
        service="ecomdash-api",
        deployer="",
        stage=stage,
        selection="must_have",
        started=NOW - timedelta(seconds=9),
        finished=NOW,
        catalogue_sha256=CATALOGUE.sha256,
        partial=partial,
        commit=commit,
    )
    signoff.write(signoff.sealed(signoff.build(run, results, decide(results, partial))), folder)
    return folder / "signoff.json"


def resealed(path: Path, change: Change) -> None:
    """Edit a sign-off as someone would who knows the seal."""
    document = json.loads(path.read_bytes())
    change(document)
    path.write_bytes(signoff.render_json(signoff.sealed({k: v for k, v in document.items() if k != "sha256"})))


def checked(path: Path, now: datetime = NOW, commit: str = "", target: str = "") -> Verified:
    """Verify a sign-off as if it were `now`; waivers and attestations are those beside it, if there are any."""
    waivers, attestations = path.parent / "waivers.toml", path.parent / "attestations.toml"
    return verify(path, now=now, commit=commit, target=target, waivers=waivers, attestations=attestations)
