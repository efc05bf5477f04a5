"""The one waiter: asks again until the answer is as expected, or the deadline has passed."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from acceptance.outcomes import Unverified

T = TypeVar("T")


class NotInTimeError(TimeoutError):
    """Something did not come to be in time; says what was expected, the limit, the last seen and the attempts."""

    def __init__(self, expected: str, deadline_s: float, last_seen: object, attempts: int) -> None:
        self.expected = expected
        self.deadline_s = deadline_s
        self.last_seen = last_seen
        self.attempts = attempts
        times = "once" if attempts == 1 else f"{attempts} times"
        super().__init__(f"expected {expected} within {deadline_s:g} s; last seen: {last_seen} (asked {times})")


def wait_for(
    expected: str, question: Callable[[], T], until: Callable[[T], bool], *, deadline_s: float, every_s: float = 1.0
) -> T:
    """Ask until the answer satisfies `until`, and return that answer.

    Args:
        expected: what is waited for, in words: the message begins with it.
        question: what to ask; an `Unverified` that it raises counts as not yet.
        until: whether an answer is the expected one.
        deadline_s: how long to go on; the question is asked at least once, and once more at the deadline.
        every_s: the pause between two questions.

    Raises:
        NotInTimeError: the deadline passed and the last answer was another one.
        Unverified: the deadline passed and the last question had no answer.
    """
    ends_at = time.monotonic() + deadline_s
    attempts = 0
    while True:
        attempts += 1
        left_s = ends_at - time.monotonic()
        try:
            answer = question()
        except Unverified as error:
            if left_s <= 0:
                raise Unverified(str(NotInTimeError(expected, deadline_s, error, attempts))) from error
        else:
            if until(answer):
                return answer
            if left_s <= 0:
                raise NotInTimeError(expected, deadline_s, answer, attempts)
        time.sleep(max(0.0, min(every_s, ends_at - time.monotonic())))
