"""What is said of answers, whole: status, content type, size, JSON, the first few breaches of a schema."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

import pytest

from acceptance.checks.responses import MOST_SHOWN_ERRORS, answer_findings, schema_errors, schema_findings
from acceptance.contract import Contract, PlannedRequest
from acceptance.outcomes import Unverified
from acceptance.probes.exchange import Exchange, Failure, get
from proof.checks.exchanges import answered, unanswered

API = Contract().api
HEALTH = {"status": "healthy", "timestamp": "2026-11-02T09:30:00+00:00", "version": "2.0.0"}
PLANNED = {planned.id: planned for planned in Contract().requests}
COMMAND = "curl -sS -i --max-time 10 https://api.test/somewhere"
SCHEMA = "a body that matches the contract's schema"


@dataclass(frozen=True)
class Answer:
    """A planned request and what came back."""

    planned: PlannedRequest
    exchange: Exchange


def told(exchange: Exchange, **planned: object) -> list[tuple[str, str]]:
    """Return what was expected and found, having checked that each finding says where and how to see it."""
    asked = PLANNED["health"].model_copy(update=planned)
    found = answer_findings(API, Answer(asked, exchange))
    assert {(finding.where, finding.reproduce) for finding in found} <= {("request: GET /somewhere", COMMAND)}
    return [(finding.expected, finding.found) for finding in found]


@pytest.mark.parametrize(
    ("exchange", "expected", "found"),
    [
        (answered("no", 500), "status 200", "status 500: 'no'"),
        (unanswered(Failure("reset", "it closed")), "status 200", "it closed"),
        (answered("{}", kind="text/html"), "content type application/json", "text/html"),
        (answered("{}", kind=""), "content type application/json", "no content type"),
        (replace(answered("{}"), cut=True), "a body of a reasonable size", "more than 2 bytes"),
        (answered("{"), "a JSON body", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
        (answered(json.dumps({**HEALTH, "status": 7})), SCHEMA, "$.status: "),
    ],
)
def test_each_way_of_being_wrong_is_told(exchange: Exchange, expected: str, found: str) -> None:
    """The first one alone: what stands behind it says nothing then."""
    said = told(exchange)
    assert said[0][0] == expected
    assert said[0][1].startswith(found)
    assert {wanted for wanted, _ in said} == {expected}
    assert expected == SCHEMA or len(said) == 1


def test_a_label_names_the_request() -> None:
    """So that the same path asked for twice is told apart."""
    exchange = answered("no", 500, request=get("/somewhere", label="empty shop"))
    (finding,) = answer_findings(API, Answer(PLANNED["health"], exchange))
    assert finding.where == "empty shop: GET /somewhere"


def test_several_statuses_are_told_in_order() -> None:
    """Each that would have been right."""
    assert told(answered("no", 500), expect=(404, 200)) == [("status 200 or 404", "status 500: 'no'")]


def test_a_request_outside_of_the_contract_is_judged_by_status_and_type() -> None:
    """JSON whatever it holds; another kind is none."""
    assert told(answered('{"any": 1}'), operation=None) == []
    assert told(answered("<p>", kind="text/html"), operation=None) == [("content type application/json", "text/html")]
    ((expected, found),) = told(answered("{", kind="application/json"), operation=None)
    assert (expected, found[-5:]) == ("a JSON body", ": '{'")


def test_a_status_that_the_operation_does_not_document_is_judged_as_json() -> None:
    """When the request expects it."""
    assert told(answered('{"any": 1}', 418), expect=(418,)) == []
    assert told(answered("x", 418, "text/plain"), expect=(418,)) == [("content type application/json", "text/plain")]


def test_the_documented_statuses_are_those_of_the_schema() -> None:
    """An operation's own answers, for samples that nobody planned; what did not reach it is unverified."""
    (finding,) = schema_findings(API, "health", [answered(json.dumps(HEALTH)), answered("no", 418)])
    assert finding.expected == "status 200 or 429 or 503"
    lost = unanswered(Failure("rate_limited", "the rate limit answered 429"))
    with pytest.raises(Unverified, match=r"^GET /somewhere was not answered: the rate limit answered 429$"):
        answer_findings(API, Answer(PLANNED["health"], lost))


def test_breaches_of_a_schema_are_told_in_order_and_the_first_five() -> None:
    """By where they stand in the body."""
    address = API.operations["health"].answers[200]["application/json"]
    assert schema_errors(API, address, HEALTH) == []
    wrong = {"status": 1, "timestamp": "2026-11-02", "version": 3}
    paths = [error.partition(":")[0] for error in schema_errors(API, address, wrong)]
    assert paths == sorted(paths)
    assert set(paths) == {"$.status", "$.timestamp", "$.version"}
    assert schema_errors(API, address, wrong)[-1] == "$.version: 3 is not of type 'string'"
    missing = schema_errors(API, address, {})
    assert "$: 'timestamp' is a required property" in missing
    assert len(missing) <= MOST_SHOWN_ERRORS == 5


@pytest.mark.parametrize("moment", ["2026-11-02", "09:30:00", "soon", ""])
def test_a_day_or_a_word_is_no_time(moment: str) -> None:
    """A time has a day and a time of day."""
    (said,) = told(answered(json.dumps(HEALTH | {"timestamp": moment})))
    assert said[0] == SCHEMA
    assert said[1].startswith(f"$.timestamp: '{moment}' ")
