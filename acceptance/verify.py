"""Verification of a sign-off outside pytest: the verdict is recomputed from what was recorded, or refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from acceptance import signoff
from acceptance.catalogue import Catalogue, load_catalogue
from acceptance.levels import Stage
from acceptance.outcomes import Outcome
from acceptance.probes.addresses import is_loopback
from acceptance.registry import TESTS_DIR, expected_tests
from acceptance.verdict import CriterionResult, Decision, Evidence, TestRecord, Verdict, decide, judge
from acceptance.waivers import ATTESTATIONS_FILE, WAIVERS_FILE, load_attestations, load_waivers

CLOCK_TOLERANCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Verified:
    """What a sign-off's evidence gives, and what it is a sign-off of."""

    decision: Decision
    what: str


class RefusedError(Exception):
    """The sign-off can't be trusted; the message is the sentence that explains it."""


def verify(
    path: Path,
    *,
    now: datetime | None = None,
    max_age: timedelta = timedelta(hours=24),
    target: str = "",
    stage: Stage = "post-deploy",
    commit: str = "",
    waivers: Path = WAIVERS_FILE,
    attestations: Path = ATTESTATIONS_FILE,
) -> Verified:
    """Return the verdict that the recorded evidence gives.

    Raises:
        RefusedError: the file is missing, unreadable, altered, stale, partial, of another target, stage, commit or
            catalogue, leaves a must-have criterion out, or records an outcome that its own evidence does not give.
    """
    document = _read(path)
    try:
        _refuse_foreign(document, load_catalogue(), commit)
        _refuse_other(document, target, stage)
        _refuse_rehearsal(document["target"], target)
        _refuse_stale(document, now or datetime.now(UTC), max_age)
        return Verified(_recomputed(document, waivers, attestations), _what(document))
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise RefusedError(f"{path} is no sign-off of this suite: {type(error).__name__}: {error}") from None


def _recomputed(document: Mapping[str, Any], waivers: Path, attestations: Path) -> Decision:
    catalogue = load_catalogue()
    _refuse_incomplete(document, catalogue)
    # As the gate did: by the day on which the run began.
    name, day = document["target"]["name"], datetime.fromisoformat(document["started"]).date()
    active = load_waivers(catalogue, name, path=waivers, today=day).active
    attested = load_attestations(catalogue, name, path=attestations, today=day)
    expected = expected_tests(catalogue, TESTS_DIR)
    results = []
    for entry in document["criteria"]:
        tests = [_record(test) for test in entry["tests"]]
        evidence = [Evidence(**item) for item in entry["evidence"]]
        criterion = catalogue[entry["id"]]
        result = judge(
            criterion,
            expected[criterion.id],
            tests,
            evidence=evidence,
            waiver=active.get(criterion.id),
            attestation=attested.get(criterion.id),
        )
        _refuse_different(result, entry)
        results.append(result)
    decision = decide(results)
    _refuse_contradiction(decision, document)
    return decision


def _read(path: Path) -> Mapping[str, Any]:
    try:
        raw = path.read_bytes()
        document = json.loads(raw)
    except FileNotFoundError:
        raise RefusedError(f"{path} is not there: the run died before it could write it, or never began") from None
    except (OSError, ValueError, RecursionError) as error:
        raise RefusedError(f"{path} can't be read: {error}") from None
    if not isinstance(document, dict) or document.get("schema") != signoff.SCHEMA:
        raise RefusedError(f"{path} is no sign-off of schema {signoff.SCHEMA}")
    if raw != signoff.render_json(document) or document.get("sha256") != signoff.seal(document):
        raise RefusedError(f"{path} was altered after the run wrote it")
    return document


def _what(document: Mapping[str, Any]) -> str:
    """Return in a sentence what the sign-off is of."""
    target = document["target"]
    rehearsal = ", the embedded deployment: a rehearsal, no production sign-off" if target["reference"] else ""
    commit = f", commit {document['commit']}" if document["commit"] else ""
    return f"Target {target['name']}{rehearsal}; stage {document['stage']}{commit}; ended {document['finished']}."


def _refuse_other(document: Mapping[str, Any], target: str, stage: Stage) -> None:
    measured = document["target"]["name"]
    if target and measured != target:
        raise RefusedError(f"the sign-off is of target {measured}, not of {target}")
    if document["stage"] != stage:
        raise RefusedError(f"the sign-off is of stage {document['stage']}, not of {stage}")


def _refuse_rehearsal(measured: Mapping[str, Any], target: str) -> None:
    """Refuse the embedded deployment's sign-off where another target's is asked for, whatever its file was called."""
    host = urlsplit(measured["base_url"]).hostname or ""
    if target not in ("", "reference") and (measured["reference"] or is_loopback(host)):
        raise RefusedError(
            f"the sign-off of {target} is of {measured['base_url']}, the embedded deployment or another on that"
            f" machine: a rehearsal, no sign-off of {target}"
        )


def _refuse_foreign(document: Mapping[str, Any], catalogue: Catalogue, commit: str) -> None:
    if document["catalogue_sha256"] != catalogue.sha256:
        raise RefusedError("the sign-off was made with another catalogue of criteria than this checkout's")
    live = document["commit"]
    if commit and not (live and (live.startswith(commit) or commit.startswith(live))):
        raise RefusedError(f"the sign-off is of commit {live or 'unknown'}, not of {commit}")


def _refuse_stale(document: Mapping[str, Any], now: datetime, max_age: timedelta) -> None:
    finished = datetime.fromisoformat(document["finished"])
    if finished > now + CLOCK_TOLERANCE:
        raise RefusedError(f"the sign-off is dated {document['finished']}, which is in the future")
    if now - finished > max_age:
        raise RefusedError(f"the sign-off is stale: it ended {document['finished']}, more than {max_age} ago")
    if finished < datetime.fromisoformat(document["started"]):
        raise RefusedError("the sign-off ended before it began: the clock of its machine was set back in between")


def _refuse_incomplete(document: Mapping[str, Any], catalogue: Catalogue) -> None:
    if document["partial"]:
        raise RefusedError("the sign-off is of a partial run: " + " ".join(document["reasons"]))
    recorded = [entry["id"] for entry in document["criteria"]]
    if len(set(recorded)) != len(recorded):
        raise RefusedError("the sign-off names a criterion twice")
    needed = [criterion.id for criterion in catalogue.selected(document["stage"], ["must_have"])]
    missing = [criterion_id for criterion_id in needed if criterion_id not in recorded]
    if missing:
        raise RefusedError(f"the sign-off leaves must-have criteria out: {', '.join(missing)}")


def _record(test: Mapping[str, Any]) -> TestRecord:
    return TestRecord(**{**test, "outcome": Outcome(test["outcome"])})


def _refuse_different(result: CriterionResult, entry: Mapping[str, Any]) -> None:
    if result.outcome.value != entry["outcome"]:
        raise RefusedError(
            f"{entry['id']} is recorded as {entry['outcome']}, but its tests, waivers and attestations"
            f" give {result.outcome.value}"
        )


def _refuse_contradiction(decision: Decision, document: Mapping[str, Any]) -> None:
    if decision.verdict.value != document["verdict"]:
        raise RefusedError(f"the file says {document['verdict']}, its own evidence gives {decision.verdict.value}")
    if list(decision.reasons) != document["reasons"] or decision.verdict.exit_status != document["exit_status"]:
        raise RefusedError("the file's reasons and exit status are not those that its own evidence gives")


def describe(decision: Decision) -> str:
    """Return the verdict in one line."""
    words = {
        Verdict.GO: "GO: every criterion that counts passed, or is noted, attested or waived.",
        Verdict.NO_GO: "NO-GO:",
        Verdict.UNVERIFIED: "UNVERIFIED:",
    }
    return " ".join((words[decision.verdict], *decision.reasons))
