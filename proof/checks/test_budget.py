"""The request budget: it ends, for all processes together, and says why."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from acceptance.budget import BudgetExceeded, RequestBudget


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
