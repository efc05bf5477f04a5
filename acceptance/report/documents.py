"""How the reports look into a sign-off document: a plain mapping, as `signoff.json` holds it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeAlias

Document: TypeAlias = Mapping[str, Any]
Entry: TypeAlias = Mapping[str, Any]


def having(document: Document, outcome: str) -> list[Entry]:
    """Return the document's criteria that ended in this outcome, in the plan's order."""
    return [criterion for criterion in document["criteria"] if criterion["outcome"] == outcome]


def measured(test: Entry) -> str:
    """Return a test's outcome; one that passed without a single judgement measured nothing."""
    outcome: str = test["outcome"]
    return "unverified" if outcome in {"passed", "noted"} and not test["judgements"] else outcome


def explained(test: Entry) -> str:
    """Return a test's message; of one that passed and measured nothing, that it did."""
    message: str = test["message"]
    judged_nothing = measured(test) != test["outcome"] and not message
    return "The test evaluated no assertion, so it judged nothing." if judged_nothing else message
