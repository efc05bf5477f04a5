"""Faults of the provider's API itself: what runs may be well, but that can't be told."""

import itertools

from starlette.types import ASGIApp, Receive, Scope, Send

from reference.deployment import Deployment
from reference.faults.catalogue import fault
from reference.faults.wrappers import answering, anywhere, as_json, at, changing, hanging, with_json, with_type
from reference.provider.mint import new_api_key
from reference.upstream import Answer

UNREAD = {"MH-1": "unverified", "MH-5": "unverified", "MH-7": "unverified", "DP-3": "unverified"}
"""What ends otherwise when the provider tells nothing: what needs it was not measured, so none of that passes."""


def answering_all(deployment: Deployment, answer: Answer) -> None:
    """Let the provider's API answer every request alike."""
    deployment.provider_layers.append(answering(anywhere, answer))


@fault("key-refused", "the provider refuses the API key", UNREAD, says="401")
async def key_refused(deployment: Deployment) -> None:
    """It was revoked."""
    deployment.workspace.api_key = new_api_key()


@fault("key-of-another-workspace", "the API key may not read this", UNREAD, says="403")
async def key_of_another_workspace(deployment: Deployment) -> None:
    """It is of somebody who is no member any more."""
    answering_all(deployment, as_json(403, {"message": "forbidden"}))


@fault("provider-500", "the provider's API answers 500", UNREAD, says="it answered 500")
async def provider_500(deployment: Deployment) -> None:
    """An outage of its own."""
    answering_all(deployment, as_json(500, {"message": "internal server error"}))


@fault("provider-500-once", "one request to the provider's API is answered 500", UNREAD, says="it answered 500")
async def provider_500_once(deployment: Deployment) -> None:
    """What one request left open is not known, however well the others went."""
    first = itertools.count()
    error = as_json(500, {"message": "internal server error"})
    deployment.provider_layers.append(answering(lambda _: next(first) == 0, error))


@fault("provider-429", "the provider's rate limit is used up, for no told time", UNREAD, says="its rate limit")
async def provider_429(deployment: Deployment) -> None:
    """Without a Retry-After nobody knows how long."""
    answering_all(deployment, as_json(429, {"message": "rate limit exceeded"}))


@fault("provider-429-for-an-hour", "the provider's rate limit is used up for an hour", UNREAD, says="its rate limit")
async def provider_429_for_an_hour(deployment: Deployment) -> None:
    """Nobody waits that long."""
    limit = as_json(429, {"message": "rate limit exceeded"})
    answering_all(deployment, Answer(429, [*limit.headers, (b"retry-after", b"3600")], limit.body))


@fault(
    "provider-empty",
    "the provider's API lists nothing",
    {"MH-1": "failed", "MH-5": "unverified", "MH-7": "unverified", "DP-3": "unverified"},
    says="only nothing",
)
async def provider_empty(deployment: Deployment) -> None:
    """The key belongs to an empty workspace."""
    answering_all(deployment, as_json(200, []))


@fault("provider-without-an-end", "the provider's pages come to no end", UNREAD, says="its pages come to no end")
async def provider_without_an_end(deployment: Deployment) -> None:
    """The same full page, whatever is asked for."""
    same = changing(at("/v1/services"), lambda answer: with_json(answer, lambda items: items[:1] * 100))
    deployment.provider_layers.append(lambda app: same(_from_the_start(app)))


@fault("provider-202", "the provider's API answers 202 without a body", UNREAD, says="found nothing")
async def provider_202(deployment: Deployment) -> None:
    """Accepted, and nothing told."""
    answering_all(deployment, Answer(202, [], b""))


@fault("provider-page", "the provider's API answers with a web page", UNREAD, says="expected JSON")
async def provider_page(deployment: Deployment) -> None:
    """A maintenance page, with status 200."""
    answering_all(deployment, with_type(Answer(200, [], b"<!doctype html><h1>Be right back</h1>"), b"text/html"))


@fault("provider-another-shape", "the provider's API answers an object", UNREAD, says="expected a list of objects")
async def provider_another_shape(deployment: Deployment) -> None:
    """An envelope that its next version might have."""
    answering_all(deployment, as_json(200, {"items": [], "next": None}))


@fault("provider-redirects", "the provider's API leads elsewhere", UNREAD, says="it answered 302")
async def provider_redirects(deployment: Deployment) -> None:
    """The key does not follow."""
    answering_all(deployment, Answer(302, [(b"location", b"https://elsewhere.invalid/v1")], b""))


@fault("provider-hangs", "the provider's API never answers", UNREAD, says="it did not answer within")
async def provider_hangs(deployment: Deployment) -> None:
    """It takes the request."""
    deployment.provider_layers.append(hanging(anywhere))


@fault(
    "provider-hides-variables",
    "the provider does not tell the api's variables",
    UNREAD,
    says="it answered 403",
)
async def provider_hides_variables(deployment: Deployment) -> None:
    """The key may read everything else."""
    forbidden = as_json(403, {"message": "forbidden"})

    def of_variables(scope: Scope) -> bool:
        return bool(scope["path"].endswith("/env-vars"))

    deployment.provider_layers.append(answering(of_variables, forbidden))


def _from_the_start(app: ASGIApp) -> ASGIApp:
    """Answer as if no cursor had been sent."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "query_string": b""} if at("/v1/services")(scope) else scope, receive, send)

    return wrapped
