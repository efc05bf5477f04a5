"""How a test and a criterion can end, and the worst of several endings."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum


class Outcome(StrEnum):
    """The ending of a test or of a criterion.

    A test ends passed, noted, failed or unverified; a criterion also waived or attested.
    """

    PASSED = "passed"
    NOTED = "noted"
    FAILED = "failed"
    UNVERIFIED = "unverified"
    WAIVED = "waived"
    ATTESTED = "attested"


_FROM_BEST_TO_WORST = (Outcome.PASSED, Outcome.NOTED, Outcome.UNVERIFIED, Outcome.FAILED)


def worst(outcomes: Iterable[Outcome]) -> Outcome:
    """Return the worst of the outcomes of a criterion's tests; of none at all it is unverified."""
    return max(outcomes, key=_FROM_BEST_TO_WORST.index, default=Outcome.UNVERIFIED)


class Unverified(Exception):  # noqa: N818 - it is an outcome, not an error
    """Raised where something could not be measured: no key, unreachable, too few samples.

    The message is for people: what was to be measured, why it was not, what to do.
    """
