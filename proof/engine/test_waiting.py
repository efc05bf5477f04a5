"""The waiter: it ends, and says why."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from acceptance.outcomes import Unverified
from acceptance.waiting import NotInTimeError, wait_for


def counting(start: int = 1) -> Iterator[int]:
    """Yield numbers."""
    while True:
        yield start
        start += 1


def test_the_expected_answer_is_returned() -> None:
    """As soon as it is there."""
    numbers = counting()
    assert wait_for("three", lambda: next(numbers), lambda n: n == 3, deadline_s=30, every_s=0.01) == 3


def test_the_deadline_says_expected_limit_last_seen_and_attempts() -> None:
    """All that is needed to judge whether to wait longer."""
    with pytest.raises(NotInTimeError) as caught:
        wait_for(
            "the deploy is live", lambda: "update_in_progress", lambda s: s == "live", deadline_s=0.1, every_s=0.03
        )
    assert caught.value.attempts >= 2
    assert str(caught.value).startswith(
        "expected the deploy is live within 0.1 s; last seen: update_in_progress (asked"
    )


def test_a_question_without_an_answer_counts_as_not_yet() -> None:
    """It may have one later; when it never has, the whole is unverified."""
    numbers = counting()

    def ask() -> str:
        if next(numbers) < 3:
            raise Unverified("the provider did not answer")
        return "live"

    assert wait_for("live", ask, lambda s: s == "live", deadline_s=30, every_s=0.01) == "live"

    def never() -> str:
        raise Unverified("the provider did not answer")

    with pytest.raises(Unverified, match="last seen: the provider did not answer"):
        wait_for("live", never, lambda s: s == "live", deadline_s=0.05, every_s=0.01)


def test_the_question_is_asked_at_least_once() -> None:
    """Even when there is no time at all."""
    assert wait_for("one", lambda: 1, lambda n: n == 1, deadline_s=0) == 1
