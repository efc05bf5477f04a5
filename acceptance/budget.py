"""The request budget: a cap on what a whole run, all its processes together, asks of the application.

A request that a rate limit refused and that was sent once more counts once.
"""

from __future__ import annotations

import fcntl
from pathlib import Path

from acceptance.outcomes import Unverified


class BudgetExceeded(Unverified):
    """A request was not sent because the run had used its budget up."""


class RequestBudget:
    """Counts requests in a small file that the run's processes share.

    Args:
        limit: the most requests that the run may send.
        file: where the count lives; made when it isn't there.
    """

    def __init__(self, limit: int, file: Path) -> None:
        self.limit = limit
        self.file = file
        file.touch()

    @property
    def used(self) -> int:
        """Requests taken so far by all processes."""
        return int(self.file.read_text() or 0)

    def take(self, n: int = 1) -> None:
        """Take `n` requests out of the budget.

        Raises:
            BudgetExceeded: fewer than `n` are left; none is taken then.
        """
        with self.file.open("r+") as counter:
            fcntl.flock(counter, fcntl.LOCK_EX)  # given back when the file is closed
            used = int(counter.read() or 0) + n
            if used > self.limit:
                raise BudgetExceeded(
                    f"the run's budget of {self.limit} requests to the application is used up ({used - n} sent);"
                    " raise APEX_REQUEST_BUDGET if the application's rate limit has room for more"
                )
            counter.seek(0)
            counter.write(str(used))
