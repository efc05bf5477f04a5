"""What is unusual and no fault: the gate ends as on the healthy deployment."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

import pytest

from proof.gate.bench import Bench
from reference.deployment import Deployment
from reference.faults.edge import answer_plain_http, plain
from reference.faults.wrappers import answering, as_json, at, changing, delaying, redirecting, with_json
from reference.provider.model import Service

Condition = Callable[[Deployment], None]


def redirect_by(status: int) -> Condition:
    """Return what redirects plain http by another status than the edge's own."""

    def apply(deployment: Deployment) -> None:
        base = deployment.edge.base_url
        answer_plain_http(deployment, redirecting(plain, status, lambda scope: base + str(scope["path"])))

    return apply


def slow_but_in_time(deployment: Deployment) -> None:
    """Every answer of the health endpoint and of the dashboard takes seconds."""
    for path in ("/health", "/api/v1/analytics/summary"):
        deployment.edge.layers.append(delaying(at(path), 3))


def rate_limit_for_a_second(deployment: Deployment) -> None:
    """The provider refuses the first request, and says when to come again."""
    asked = itertools.count()
    refusal = as_json(429, {"message": "rate limit exceeded"})
    told = replace(refusal, headers=[*refusal.headers, (b"retry-after", b"1")])
    deployment.provider_layers.append(answering(lambda _: next(asked) == 0, told))


def many_services(deployment: Deployment) -> None:
    """The plan's service stands on the third page."""
    owner = deployment.workspace.owner.id
    deployment.workspace.services[:0] = [Service(f"other-{n}", owner) for n in range(230)]


def short_pages(deployment: Deployment) -> None:
    """The provider fills no page, although there is more behind it."""
    many_services(deployment)

    def shortened(items: Sequence[Any]) -> Sequence[Any]:
        return items[:70]

    deployment.provider_layers.append(changing(at("/v1/services"), lambda answer: with_json(answer, shortened)))


def unknown_fields(deployment: Deployment) -> None:
    """The provider tells more than it did."""

    def richer(items: list[dict[str, Any]]) -> list[dict[str, Any]]:
        return [{**item, "postgres": {**item["postgres"], "colour": {"name": "teal"}}} for item in items]

    deployment.provider_layers.append(changing(at("/v1/postgres"), lambda answer: with_json(answer, richer)))


CONDITIONS: dict[str, Condition] = {
    "redirect by 302": redirect_by(302),
    "redirect by 307": redirect_by(307),
    "redirect by 308": redirect_by(308),
    "slow but in time": slow_but_in_time,
    "provider's rate limit for a second": rate_limit_for_a_second,
    "many services": many_services,
    "short pages": short_pages,
    "unknown fields": unknown_fields,
}


@pytest.mark.parametrize("name", CONDITIONS)
def test_what_is_unusual_and_no_fault_is_go(name: str, bench: Bench) -> None:
    """Every must-have passes."""
    CONDITIONS[name](bench.deployment)
    run = bench.gate()
    assert (run.signoff["verdict"], run.exit_status) == ("GO", 0), run.output
    assert set(run.outcomes.values()) == {"passed"}
