"""Faults of the health endpoint: a service that is not well, or does not say so, or says so without knowing."""

from starlette.types import Scope

from reference.deployment import Deployment
from reference.faults.catalogue import fault
from reference.faults.wrappers import (
    answering,
    as_json,
    at,
    changing,
    cut_short,
    delaying,
    every,
    hanging,
    with_body,
    with_json,
    with_status,
    with_type,
)
from reference.upstream import Answer

HEALTH = at("/health")
PAGE = b"<!doctype html><title>Application error</title><h1>We will be back soon</h1>"
UNWELL = {"status": "unhealthy", "timestamp": "2026-11-24T12:00:00+00:00", "version": "2.0.0"}

WHENEVER_ASKED = {"MH-2": "failed", "MH-6": "failed", "DP-3": "failed"}
"""What ends otherwise when no health answer is as promised."""
WHEN_SAMPLED = {"MH-2": "failed", "DP-3": "failed"}
"""What ends otherwise when each answer is of the promised form, and what it says is not."""


def polled(scope: Scope) -> bool:
    """Match the GETs of the health endpoint."""
    return scope["method"] == "GET" and HEALTH(scope)


@fault("health-503", "the health endpoint answers 503", WHENEVER_ASKED, says="status 503")
async def health_503(deployment: Deployment) -> None:
    """The service says that it is not healthy."""
    deployment.edge.layers.append(answering(HEALTH, as_json(503, UNWELL)))


@fault("health-500", "the health endpoint answers 500", WHENEVER_ASKED, says="status 500")
async def health_500(deployment: Deployment) -> None:
    """Its own check fails."""
    deployment.edge.layers.append(answering(HEALTH, as_json(500, {"detail": "Internal Server Error"})))


@fault("health-502", "the platform answers for the application", WHENEVER_ASKED, says="status 502")
async def health_502(deployment: Deployment) -> None:
    """No instance listens behind this path."""
    deployment.edge.layers.append(answering(HEALTH, with_type(Answer(502, [], PAGE), b"text/html")))


@fault("health-201", "the health endpoint answers 201", WHENEVER_ASKED, says="status 201")
async def health_201(deployment: Deployment) -> None:
    """The body is right; the plan's word is 200."""
    deployment.edge.layers.append(changing(HEALTH, lambda answer: with_status(answer, 201)))


@fault("health-204", "the health endpoint answers 204", WHENEVER_ASKED, says="status 204")
async def health_204(deployment: Deployment) -> None:
    """A load balancer's check that says nothing."""
    deployment.edge.layers.append(answering(HEALTH, Answer(204, [], b"")))


@fault(
    "health-unhealthy-200",
    "the health endpoint answers 200 and says unhealthy",
    WHENEVER_ASKED,
    says="unhealthy",
)
async def health_unhealthy_200(deployment: Deployment) -> None:
    """Whoever looks at the status alone sees nothing."""
    deployment.edge.layers.append(
        changing(HEALTH, lambda answer: with_body(answer, answer.body.replace(b"healthy", b"unhealthy")))
    )


@fault(
    "health-dependency-away",
    "the health endpoint says healthy, and that its database is away",
    WHENEVER_ASKED,
    says="\"database\": 'disconnected'",
)
async def health_dependency_away(deployment: Deployment) -> None:
    """The overall word is a constant."""
    deployment.edge.layers.append(
        changing(HEALTH, lambda answer: with_json(answer, lambda body: body | {"database": "disconnected"}))
    )


@fault(
    "health-behind-login",
    "the health endpoint redirects to a log-in page, which the provider's own check takes for healthy",
    WHENEVER_ASKED,
    says="status 302 to /login",
)
async def health_behind_login(deployment: Deployment) -> None:
    """A proxy with authentication stands before everything."""
    deployment.edge.layers.append(answering(HEALTH, Answer(302, [(b"location", b"/login")], b"")))


@fault(
    "health-page-200",
    "the health endpoint answers 200 with a web page",
    WHENEVER_ASKED,
    says="text/html",
)
async def health_page_200(deployment: Deployment) -> None:
    """A front end catches every path."""
    deployment.edge.layers.append(answering(HEALTH, with_type(Answer(200, [], PAGE), b"text/html; charset=utf-8")))


@fault(
    "health-empty",
    "the health endpoint answers 200 with no body",
    WHENEVER_ASKED,
    says="a JSON object",
)
async def health_empty(deployment: Deployment) -> None:
    """Status and type are right."""
    deployment.edge.layers.append(changing(HEALTH, lambda answer: with_body(answer, b"")))


@fault(
    "health-another-shape",
    "the health answer is a JSON string",
    WHENEVER_ASKED,
    says="a JSON object",
)
async def health_another_shape(deployment: Deployment) -> None:
    """Valid JSON, of another shape."""
    deployment.edge.layers.append(changing(HEALTH, lambda answer: with_json(answer, lambda _: "healthy")))


@fault(
    "health-not-a-number",
    "the health answer holds a NaN, which is no JSON",
    WHENEVER_ASKED,
    says="NaN",
)
async def health_not_a_number(deployment: Deployment) -> None:
    """Some writers write it, and strict readers refuse the whole."""
    deployment.edge.layers.append(
        changing(HEALTH, lambda answer: with_json(answer, lambda body: body | {"load": float("nan")}))
    )


@fault(
    "health-wrong-type",
    "the health answer's version is a number",
    WHENEVER_ASKED,
    says="$.version: 2.0 is not of type 'string'",
)
async def health_wrong_type(deployment: Deployment) -> None:
    """One field of another type."""
    deployment.edge.layers.append(
        changing(HEALTH, lambda answer: with_json(answer, lambda body: body | {"version": 2.0}))
    )


@fault(
    "health-cut-short",
    "the health answer ends half-way",
    WHENEVER_ASKED,
    says="a JSON object",
)
async def health_cut_short(deployment: Deployment) -> None:
    """The process dies while it writes."""
    deployment.edge.layers.append(changing(HEALTH, cut_short))


@fault(
    "health-too-late",
    "the health endpoint answers after twelve seconds",
    WHENEVER_ASKED,
    says="within 10 s",
)
async def health_too_late(deployment: Deployment) -> None:
    """Its dependencies' time-outs come one after the other."""
    deployment.edge.layers.append(delaying(HEALTH, 12))


@fault("health-hangs", "the health endpoint never answers", WHENEVER_ASKED, says="within 10 s")
async def health_hangs(deployment: Deployment) -> None:
    """A check without a time-out."""
    deployment.edge.layers.append(hanging(HEALTH))


@fault("health-fails-at-times", "one health request in five fails", WHEN_SAMPLED, says="status 503")
async def health_fails_at_times(deployment: Deployment) -> None:
    """One of several instances is not well."""
    deployment.edge.layers.append(answering(every(5, polled), as_json(503, UNWELL)))


@fault("health-cached", "the health answer is an old one from a cache", WHEN_SAMPLED, says="a timestamp within")
async def health_cached(deployment: Deployment) -> None:
    """It was healthy when it was cached."""
    old = {"timestamp": "2026-01-07T09:00:00+00:00"}
    deployment.edge.layers.append(changing(HEALTH, lambda answer: with_json(answer, lambda body: body | old)))


@fault("old-version", "an older version answers", WHEN_SAMPLED, says="version '1.9.3'")
async def old_version(deployment: Deployment) -> None:
    """The deploy is live, the old build serves."""
    deployment.edge.layers.append(
        changing(HEALTH, lambda answer: with_json(answer, lambda body: body | {"version": "1.9.3"}))
    )


@fault("mixed-versions", "every second answer is of an older version", WHEN_SAMPLED, says="2.0.0, 1.9.3")
async def mixed_versions(deployment: Deployment) -> None:
    """An instance of the former deploy was left behind."""
    deployment.edge.layers.append(
        changing(every(2, polled), lambda answer: with_json(answer, lambda body: body | {"version": "1.9.3"}))
    )


@fault("other-commit", "the process of another commit answers", WHEN_SAMPLED, says="commit 'deadbeef")
async def other_commit(deployment: Deployment) -> None:
    """The deploy of the expected commit is live at the provider, yet an older process serves."""
    deployment.edge.layers.append(
        changing(HEALTH, lambda answer: with_json(answer, lambda body: body | {"commit": "deadbeef" * 5}))
    )
