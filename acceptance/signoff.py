"""The sign-off document: what a run ends in, written as `signoff.json` and shown by every report."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

import acceptance
from acceptance.levels import Stage
from acceptance.outcomes import Outcome
from acceptance.verdict import CriterionResult, Decision, TestRecord

SCHEMA = 1
Document = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """The facts of a run that are no criterion's."""

    target: str
    base_url: str
    reference: bool
    service: str
    deployer: str
    stage: Stage
    selection: str
    started: datetime
    finished: datetime
    catalogue_sha256: str
    partial: tuple[str, ...] = ()
    outside_stage: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    requests_sent: int = 0
    requests_budget: int = 0
    version: str = ""
    commit: str = ""
    services: Sequence[Mapping[str, str]] = field(default=())


def build(run: Run, results: Sequence[CriterionResult], decision: Decision) -> Document:
    """Return the document, not yet sealed."""
    totals = Counter(result.outcome for result in results)
    return {
        "schema": SCHEMA,
        "verdict": decision.verdict.value,
        "exit_status": decision.verdict.exit_status,
        "partial": bool(run.partial),
        "reasons": list(decision.reasons),
        "target": {
            "name": run.target,
            "base_url": run.base_url,
            "reference": run.reference,
            "service": run.service,
        },
        "stage": run.stage,
        "selection": run.selection,
        "started": _utc(run.started),
        "finished": _utc(run.finished),
        "deployer": run.deployer,
        "version": run.version,
        "commit": run.commit,
        "suite_version": acceptance.__version__,
        "services": [dict(service) for service in run.services],
        "criteria": [_criterion(result) for result in results],
        "totals": {outcome.value: totals[outcome] for outcome in Outcome},
        "notes": list(run.notes),
        "stale_waivers": [result.criterion.id for result in results if result.stale_waiver],
        "outside_stage": list(run.outside_stage),
        "requests": {"sent": run.requests_sent, "budget": run.requests_budget},
        "catalogue_sha256": run.catalogue_sha256,
    }


def sealed(document: Document) -> Document:
    """Return the document with the digest of its own content; after redaction, since that may change it."""
    return document | {"sha256": seal(document)}


def seal(document: Mapping[str, Any]) -> str:
    """Return the digest of a document's content, its own seal left out."""
    content = {key: value for key, value in document.items() if key != "sha256"}
    return hashlib.sha256(render_json(content)).hexdigest()


def render_json(document: Mapping[str, Any]) -> bytes:
    """Return the document's one canonical form; a file that differs from it by a byte was edited."""
    # What no encoding knows (half a surrogate pair in an answer) stands as its JSON escape.
    return (json.dumps(document, indent=1, ensure_ascii=False) + "\n").encode("utf-8", "backslashreplace")


def write(document: Document, folder: Path) -> None:
    """Write the sign-off and its renderings: `signoff.json`, `signoff.html` and `summary.md`."""
    from acceptance.report import render_html, render_markdown

    folder.mkdir(parents=True, exist_ok=True)
    (folder / "signoff.html").write_text(render_html(document), encoding="utf-8", errors="backslashreplace")
    (folder / "summary.md").write_text(render_markdown(document), encoding="utf-8", errors="backslashreplace")
    (folder / "signoff.json").write_bytes(render_json(document))


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _criterion(result: CriterionResult) -> Document:
    criterion = result.criterion
    return {
        "id": criterion.id,
        "level": criterion.level,
        "phase": criterion.phase,
        "outcome": result.outcome.value,
        "answer": result.answer,
        "title": criterion.plan,
        "summary": result.summary,
        "action": criterion.action,
        "waiver": _person(result.waiver),
        "attestation": _person(result.attestation),
        "tests": [_test(test) for test in result.tests],
        "evidence": [{"title": item.title, "detail": item.detail} for item in result.evidence],
    }


def _person(entry: Any) -> Document | None:  # noqa: ANN401 - a waiver or an attestation, both pydantic models
    return None if entry is None else entry.model_dump(mode="json", exclude={"id", "target"})


def _test(test: TestRecord) -> Document:
    return {
        "nodeid": test.nodeid,
        "outcome": test.outcome.value,
        "duration_s": round(test.duration_s, 3),
        "message": test.message,
        "judgements": test.judgements,
    }
