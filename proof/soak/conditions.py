"""The conditions under which a healthy deployment must be GO."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from pathlib import Path

from proof.network.proxy import Quality

FAR = Quality(round_trip_s=0.1)
LOSSY = Quality(loss=0.01)


@dataclass(frozen=True)
class Condition:
    """How a gate is run, and what goes on meanwhile.

    Args:
        workers: of pytest-xdist; 0 is the gate's own process.
        quality: of the path to the deployment; None is straight there.
        busy: whether every core has something else to do.
        shuffled: whether the tests run in random order.
        python: an interpreter that runs the gate and the deployment that it boots; None is this one and the bench.
    """

    name: str
    workers: int = 0
    quality: Quality | None = None
    busy: bool = False
    shuffled: bool = False
    python: Path | None = None

    def arguments(self, seed: int) -> tuple[str, ...]:
        """The gate's arguments; the seed decides on the random order."""
        order = ("-p", "randomly", f"--randomly-seed={seed}") if self.shuffled else ()
        return ("-m", "must_have", f"-n{self.workers}", *order)


CONDITIONS = (
    Condition("plain, -n 0"),
    Condition("100 ms a round trip", quality=FAR),
    Condition("1 % of packets lost", quality=LOSSY),
    Condition("random order", shuffled=True),
    Condition("-n 2", workers=2),
    Condition("busy CPU", busy=True),
    Condition("-n 4", workers=4),
    Condition("all at once", workers=2, quality=Quality(FAR.round_trip_s, LOSSY.loss), busy=True, shuffled=True),
)


def schedule(conditions: Sequence[Condition], runs: int) -> Iterator[tuple[int, Condition]]:
    """Number the runs from 1, and spread the conditions over them."""
    for number, condition, _ in zip(count(1), cycle(conditions), range(runs), strict=False):
        yield number, condition
