"""Phase 6, security: nothing is shown that should not be."""

from __future__ import annotations

from acceptance.checks import exposure
from acceptance.checks.responses import detail_findings
from acceptance.contract import Contract
from acceptance.measurements import Answer
from acceptance.plugin import Evidence, criterion
from acceptance.probes.exchange import Exchange


@criterion("MH-7")
def test_well_known_leak_paths_are_not_served(exposed: tuple[Exchange, ...], evidence: Evidence) -> None:
    """No schema, documentation, environment file, repository or backup."""
    evidence.add(f"{len(exposed)} leak paths asked for")
    assert exposure.served_leak_paths(exposed) == []


@criterion("MH-7")
def test_error_bodies_say_nothing_of_the_implementation(
    answers: dict[str, Answer], exposed: tuple[Exchange, ...], contract: Contract, evidence: Evidence
) -> None:
    """No stack trace, exception text, SQL or file path in any answer to bad input or to an unknown path."""
    seen = [*(answer.exchange for answer in answers.values()), *exposed]
    if exposure.hsts_missing(seen):
        evidence.note("No answer carries Strict-Transport-Security: browsers are not told to stay on https.")
    assert detail_findings(contract.exposure, seen) == []
