"""What many runs ended in, a line a condition."""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Sequence

from proof.soak.attempt import Attempt

_ROW = "{:24} {:>5} {:>5} {:>7} {:>9} {:>7}"


def line(attempt: Attempt) -> str:
    """Return one run as a line."""
    what = f"{attempt.number:4}  {attempt.condition:24} {attempt.verdict:12}"
    return f"{what} {attempt.seconds:6.1f} s {attempt.requests:3} requests"


def table(attempts: Sequence[Attempt]) -> Iterator[str]:
    """Yield a line for each condition in the order in which they came first, and one for all together."""
    yield _ROW.format("condition", "runs", "GO", "not GO", "median s", "max s")
    for condition in dict.fromkeys(each.condition for each in attempts):
        yield _row(condition, [each for each in attempts if each.condition == condition])
    if attempts:
        yield _row("all", attempts)


def _row(name: str, attempts: Sequence[Attempt]) -> str:
    go, seconds = sum(each.is_go for each in attempts), [each.seconds for each in attempts]
    middle, longest = f"{statistics.median(seconds):.1f}", f"{max(seconds):.1f}"
    return _ROW.format(name, len(attempts), go, len(attempts) - go, middle, longest)
