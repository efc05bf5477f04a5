"""The one sentence under the verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from acceptance.report.documents import Document, Entry, having
from acceptance.report.words import OUTCOMES, level_words, listed

_PARTIAL = "PARTIAL: "


def headline(document: Document) -> str:
    """Return in one sentence why the verdict is what it is; a nice-to-have, which never gates, stands apart."""
    failed, unverified = _gating(having(document, "failed")), _gating(having(document, "unverified"))
    whole = _all(_gating(document["criteria"]))
    if document["verdict"] == "GO":
        return f"{_hold(document, whole)}{_nice_to_haves(document)}"
    if failed:
        rest = f"; {len(unverified)} could not be verified: {_ids(unverified)}" if unverified else ""
        return f"{len(failed)} of {whole} failed: {_ids(failed)}{rest}."
    if unverified:
        return f"{len(unverified)} of {whole} could not be verified: {_ids(unverified)}."
    others = [reason for reason in document["reasons"] if not reason.startswith(_PARTIAL)]
    return others[0] if others else f"None of {whole} failed, but only a part of the selection ran."


def partial_reasons(document: Document) -> Sequence[str]:
    """Return why the run is partial, one text a reason."""
    return [reason.removeprefix(_PARTIAL) for reason in document["reasons"] if reason.startswith(_PARTIAL)]


def _hold(document: Document, whole: str) -> str:
    tally = _tally(_gating(document["criteria"]))
    return f"All {whole} passed." if len(tally) == 1 and "passed" in tally else f"All {whole} hold: {_counts(tally)}."


def _nice_to_haves(document: Document) -> str:
    others = [criterion for criterion in document["criteria"] if not _gating([criterion])]
    return f" Of {len(others)} nice-to-have: {_counts(_tally(others))}." if others else ""


def _gating(criteria: Sequence[Entry]) -> list[Entry]:
    return [criterion for criterion in criteria if criterion["level"] != "nice_to_have"]


def _all(criteria: Sequence[Entry]) -> str:
    levels = {criterion["level"] for criterion in criteria}
    kind = level_words(levels.pop()) if len(levels) == 1 else "gating"
    return f"{len(criteria)} {kind} {'criterion' if len(criteria) == 1 else 'criteria'}"


def _tally(criteria: Sequence[Entry]) -> dict[str, int]:
    """Count the criteria by outcome, the best first, without the outcomes that none has."""
    counts = Counter(criterion["outcome"] for criterion in criteria)
    return {outcome: counts[outcome] for outcome in reversed(list(OUTCOMES)) if counts[outcome]}


def _counts(tally: dict[str, int]) -> str:
    return listed(f"{number} {OUTCOMES[outcome].word.lower()}" for outcome, number in tally.items())


def _ids(criteria: Sequence[Entry]) -> str:
    return listed(criterion["id"] for criterion in criteria)
