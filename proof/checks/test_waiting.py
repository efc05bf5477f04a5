"""The waiter and the request budget: both end, and say why."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from acceptance.budget import BudgetExceeded, RequestBudget
from acceptance.checks.waiting import NotInTimeError, wait_for
from acceptance.outcomes import Unverified


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


def test_a_budget_ends(tmp_path: Path) -> None:
    """With a sentence that names the limit and the setting; nothing is taken beyond it."""
    budget = RequestBudget(3, tmp_path / "requests")
    budget.take(2)
    with pytest.raises(BudgetExceeded, match=r"budget of 3 requests .* \(2 sent\).*APEX_REQUEST_BUDGET"):
        budget.take(2)
    budget.take()
    assert budget.used == 3


def test_a_budget_is_shared_by_processes(tmp_path: Path) -> None:
    """Four processes that take until the end get exactly the limit together."""
    file = tmp_path / "requests"
    RequestBudget(200, file)
    program = (
        "import sys; from pathlib import Path; from acceptance.budget import *\n"
        "budget, taken = RequestBudget(200, Path(sys.argv[1])), 0\n"
        "try:\n"
        "    while True: budget.take(); taken += 1\n"
        "except BudgetExceeded: print(taken)\n"
    )
    workers = [
        subprocess.Popen([sys.executable, "-c", program, str(file)], stdout=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    assert sum(int(worker.communicate(timeout=60)[0]) for worker in workers) == 200
    assert RequestBudget(200, file).used == 200
