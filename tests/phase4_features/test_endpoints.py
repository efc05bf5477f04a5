"""Phase 4, features: every endpoint answers, whatever it is sent."""

from __future__ import annotations

from acceptance.checks.responses import answer_findings
from acceptance.checks.storage import missing_events
from acceptance.contract import Contract
from acceptance.plugin import Evidence, criterion
from acceptance.readings import Answer, Stored


@criterion("MH-6")
def test_good_input_gets_the_documented_answer(good_answer: Answer, contract: Contract, evidence: Evidence) -> None:
    """The documented status, content type and schema, with data."""
    evidence.add(f"{len(contract.requests.good)} good inputs", good_answer.exchange.summary())
    assert answer_findings(contract.api, good_answer) == []


@criterion("MH-6")
def test_bad_input_gets_a_documented_refusal(bad_answer: Answer, contract: Contract, evidence: Evidence) -> None:
    """A 4xx in JSON that gives nothing of the implementation away; never a 5xx, never a time-out."""
    evidence.add(f"{len(contract.requests.bad)} bad inputs", bad_answer.exchange.summary())
    assert answer_findings(contract.api, bad_answer) == []


@criterion("MH-6")
def test_accepted_events_are_in_the_tested_database(stored: Stored, evidence: Evidence) -> None:
    """What the API accepts is data: it stands in the database that MH-3 and MH-4 judge."""
    evidence.add(f"{stored.found} of {stored.accepted} accepted events stored")
    assert missing_events(stored) == []
