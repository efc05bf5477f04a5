"""What a run measures beyond what one probe reads: answers by the contract's plan, what was stored and searched."""

from __future__ import annotations

from dataclasses import dataclass, field

from acceptance.contract import PlannedRequest
from acceptance.probes.exchange import Exchange


@dataclass(frozen=True)
class Answer:
    """What was asked by the contract's plan, and what came back."""

    planned: PlannedRequest
    exchange: Exchange

    @property
    def accepted(self) -> int:
        """How many events the application says it has accepted; one left unanswered may have been."""
        exchange = self.exchange
        if not self.planned.writes or (exchange.status != 202 and exchange.failure is None):
            return 0
        if exchange.failure is not None:
            return int(exchange.failure.kind in ("timeout", "reset"))
        try:
            return int(exchange.json().get("processed", 1))
        except (ValueError, AttributeError, TypeError, OverflowError):  # no usable count: one may have been
            return 1


@dataclass(frozen=True)
class Stored:
    """How many events the application says it has accepted, and how many the tested database holds."""

    accepted: int
    found: int


@dataclass
class Scan:
    """What was looked for in every answer: how many were searched, and what each search found, in words."""

    answers: int = 0
    secrets: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def add(self, other: Scan) -> None:
        """Take over what another process searched."""
        self.answers += other.answers
        self.secrets += other.secrets
        self.details += other.details
