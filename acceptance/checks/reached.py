"""Judging several exchanges together: what is wrong is told first; only when nothing is, what was not measured."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.exchange import Exchange


def judged(
    exchanges: Sequence[Exchange],
    judge: Callable[[Exchange], Iterable[Finding]],
    together: Callable[[Sequence[Exchange]], Iterable[Finding]] = lambda _: (),
) -> list[Finding]:
    """Return what is wrong with the exchanges that reached the application, each by itself and all together.

    Raises:
        Unverified: nothing is wrong with them, but one did not reach it, or there is none at all.
    """
    if not exchanges:
        raise Unverified("Nothing was asked, so nothing was measured.")
    lost = [exchange for exchange in exchanges if exchange.failure and not exchange.failure.is_the_targets]
    reached = [exchange for exchange in exchanges if exchange not in lost]
    found = [*(finding for exchange in reached for finding in judge(exchange)), *together(reached)]
    if lost and not found:
        raise not_answered(lost[0])
    return found


def not_answered(exchange: Exchange) -> Unverified:
    """Return the ending of a check whose request got no answer."""
    why = exchange.failure.sentence if exchange.failure else "no reason is known"
    return Unverified(f"{exchange.request} was not answered: {why}")
