"""Realistic sign-off documents: the catalogue's words, with outcomes, messages and evidence from `findings.toml`."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from copy import deepcopy
from pathlib import Path
from typing import Any

from acceptance.catalogue import Criterion, load_catalogue
from acceptance.levels import LEVELS, Level
from acceptance.outcomes import Outcome

Document = dict[str, Any]

_FINDINGS: dict[str, dict[str, Any]] = tomllib.loads((Path(__file__).parent / "findings.toml").read_text("utf-8"))
_OUTCOMES = ("passed", "noted", "failed", "unverified", "waived", "attested")


def go_on_reference() -> Document:
    """Return the must-have gate's document on the embedded deployment: everything passed."""
    document = _document("reference-go", ["must_have"], verdict="GO", exit_status=0)
    base_url = "https://apex.localhost:41873"
    target = {"name": "reference", "base_url": base_url, "reference": True, "service": "ecomdash-api"}
    return document | {"target": target, "services": _services(base_url)}


def go_on_production() -> Document:
    """Return the must-have gate's document on production: everything passed."""
    return _document("reference-go", ["must_have"], verdict="GO", exit_status=0) | {"deployer": "Ada Moreno"}


def no_go_on_production() -> Document:
    """Return a document of every level on production: failed, unverified, waived, noted and passed criteria."""
    document = _document("production-no-go", LEVELS, verdict="NO-GO", exit_status=1)
    return document | {
        "selection": "every level",
        "deployer": "Ada Moreno",
        "reasons": ["Failed: MH-3, MH-6.", "Not measured, so not passed: DP-4, OBJ-1, OBJ-4."],
        "stale_waivers": ["OBJ-3"],
        "notes": ["The service was asleep: its first answer took 34 s, within the cold start's own budget."],
        "outside_stage": ["DP-1", "DP-2", "KPI-1", "PRE-1"],
    }


def unverified_partial() -> Document:
    """Return the document of a gate that was cut down with -k and had no key for the provider."""
    document = _document("production-partial", ["must_have"], verdict="UNVERIFIED", exit_status=20)
    reasons = ["Not measured, so not passed: MH-1, MH-3, MH-4, MH-5, MH-6, MH-7."]
    reasons.append("PARTIAL: -k 'health or status' left tests out.")
    return document | {"partial": True, "reasons": reasons, "services": [], "version": "", "commit": ""}


def _document(findings: str, levels: Sequence[Level], *, verdict: str, exit_status: int) -> Document:
    catalogue = load_catalogue()
    found = _FINDINGS[findings]
    criteria = [_criterion(c, found.get(c.id, {})) for c in catalogue.selected("post-deploy", levels)]
    base_url = "https://ecomdash-api.onrender.com"
    totals = Counter(criterion["outcome"] for criterion in criteria)
    return {
        "schema": 1,
        "verdict": verdict,
        "exit_status": exit_status,
        "partial": False,
        "reasons": [],
        "target": {"name": "production", "base_url": base_url, "reference": False, "service": "ecomdash-api"},
        "stage": "post-deploy",
        "selection": "must_have",
        "started": "2026-01-14T09:32:08.114Z",
        "finished": "2026-01-14T09:32:12.530Z",
        "deployer": "",
        "version": "2.0.0",
        "commit": "4f1c2a97b0de63c58d1190e7fbb2a4c6d8e3f015",
        "suite_version": "0.1.0",
        "services": _services(base_url),
        "criteria": criteria,
        "totals": {outcome: totals[outcome] for outcome in _OUTCOMES},
        "notes": [],
        "stale_waivers": [],
        "outside_stage": [],
        "requests": {"sent": 74, "budget": 90},
        "catalogue_sha256": catalogue.sha256,
    }


def _services(base_url: str) -> list[dict[str, str]]:
    rows = (
        ("ecomdash-api", "web service", "starter", "live", base_url),
        ("ecomdash-db", "PostgreSQL 18", "basic_256mb", "available", ""),
        ("ecomdash-redis", "key value", "free", "available", ""),
    )
    keys = ("name", "kind", "plan", "status", "url")
    return [dict(zip(keys, row, strict=True)) | {"region": "oregon"} for row in rows]


def _criterion(criterion: Criterion, found: dict[str, Any]) -> Document:
    outcome: str = found.get("outcome", "unverified")
    return {
        "id": criterion.id,
        "level": criterion.level,
        "phase": criterion.phase,
        "outcome": outcome,
        "answer": criterion.answers.get(Outcome(outcome), ""),
        "title": criterion.plan,
        "summary": found.get("summary", "No test measures this criterion yet."),
        "action": criterion.action,
        "waiver": found.get("waiver"),
        "attestation": found.get("attestation"),
        "tests": [_test(outcome, test) for test in deepcopy(found.get("tests", []))],
        "evidence": deepcopy(found.get("evidence", [])),
    }


def _test(outcome: str, found: dict[str, Any]) -> Document:
    test: Document = {"outcome": outcome, "duration_s": 0.112, "message": "", "judgements": 1} | found
    return test | {"message": test["message"].strip()}
