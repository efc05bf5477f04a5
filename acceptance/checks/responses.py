"""Whether answers are what the contract documents, and say nothing of the implementation."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Any, Protocol

from acceptance.checks.patterns import matches
from acceptance.checks.reached import judged
from acceptance.contract import Api, Exposure, Operation, Pattern, PlannedRequest
from acceptance.findings import Finding
from acceptance.probes.exchange import Exchange
from acceptance.redaction import excerpt, excerpt_around

JSON = "application/json"
MOST_SHOWN_ERRORS = 5


class Answered(Protocol):
    """A request of the contract and the exchange that it led to."""

    @property
    def planned(self) -> PlannedRequest:
        """What was asked."""

    @property
    def exchange(self) -> Exchange:
        """What came back."""


def answer_findings(api: Api, answer: Answered) -> list[Finding]:
    """Return what is wrong with the answer to a request of the contract.

    Raises:
        Unverified: the application was not reached, or its rate limit stood before it.
    """
    planned = answer.planned
    operation = api.operations[planned.operation] if planned.operation else None
    return judged([answer.exchange], lambda exchange: _findings(api, operation, exchange, planned.expect))


def schema_findings(api: Api, operation_id: str, exchanges: Sequence[Exchange]) -> list[Finding]:
    """Return what in the answers' status, content type and body is not as the operation documents.

    Raises:
        Unverified: nothing is, but one of them did not reach the application.
    """
    operation = api.operations[operation_id]
    return judged(exchanges, lambda exchange: _findings(api, operation, exchange, tuple(operation.answers)))


def detail_findings(exposure: Exposure, exchanges: Sequence[Exchange]) -> list[Finding]:
    """Return the traces of the implementation in the answers' bodies."""
    return [
        Finding("nothing about the implementation", detail, f"the body of {exchange.request}", exchange.curl())
        for exchange in exchanges
        for detail in implementation_details(exposure.implementation_details, exchange.text, exchange.sent)
    ]


def implementation_details(patterns: Sequence[Pattern], text: str, sent: str = "") -> list[str]:
    """Return what of the implementation the text shows, each with the first place; what was `sent` is an echo."""
    return [f"{p.what}: {excerpt_around(text, *match.span())!r}" for p, match in matches(patterns, text, sent)]


def _findings(
    api: Api, operation: Operation | None, exchange: Exchange, expected: Collection[int]
) -> Iterator[Finding]:
    where, reproduce = f"{exchange.request.label or 'request'}: {exchange.request}", exchange.curl()
    wanted = " or ".join(map(str, sorted(expected)))
    if exchange.failure:
        yield Finding(f"status {wanted}", exchange.failure.sentence, where, reproduce)
        return
    if exchange.status not in expected:
        yield Finding(f"status {wanted}", f"status {exchange.status}: {excerpt(exchange.text)!r}", where, reproduce)
        return
    for want, found in _content_errors(api, operation, exchange):
        yield Finding(want, found, where, reproduce)


def _content_errors(api: Api, operation: Operation | None, exchange: Exchange) -> Iterator[tuple[str, str]]:
    """What was expected and what was found instead, of content type and body."""
    documented = operation.answers.get(exchange.status or 0, {}) if operation else {}
    kinds = tuple(documented) or (JSON,)
    if exchange.content_type not in kinds:
        yield f"content type {' or '.join(kinds)}", exchange.content_type or "no content type"
        return
    if exchange.cut:
        yield "a body of a reasonable size", f"more than {len(exchange.body)} bytes"
        return
    if exchange.content_type != JSON:
        body: Any = exchange.text
    else:
        try:
            body = exchange.json()
        except ValueError as error:
            yield "a JSON body", f"{error}: {excerpt(exchange.text)!r}"
            return
    if address := documented.get(exchange.content_type):
        for broken in schema_errors(api, address, body):
            yield "a body that matches the contract's schema", broken


def schema_errors(api: Api, address: str, body: object) -> list[str]:
    """Return where and how a body breaks the schema at that address, the first few."""
    from jsonschema import Draft202012Validator

    formats = Draft202012Validator.FORMAT_CHECKER
    validator = Draft202012Validator({"$ref": address}, registry=api.registry, format_checker=formats)
    errors = sorted(validator.iter_errors(body), key=lambda error: list(map(str, error.absolute_path)))
    return [f"{error.json_path}: {excerpt(error.message)}" for error in errors[:MOST_SHOWN_ERRORS]]
