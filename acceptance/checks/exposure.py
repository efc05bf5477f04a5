"""Whether well-known leak paths are closed and plain http leads to https."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.exchange import Exchange

# What the plan's platform may answer with; 303 would turn a POST into a GET.
REDIRECTS = (301, 302, 307, 308)
CLOSED = (401, 403, 404, 405, 410)


def served_leak_paths(exchanges: Sequence[Exchange]) -> list[Finding]:
    """Return the paths that are served, or that break instead of being closed."""
    for exchange in exchanges:
        if exchange.failure:
            raise Unverified(f"{exchange.request} got no answer: {exchange.failure.sentence}")
    return [
        Finding(
            "not served (404)", f"status {e.status}, {e.content_type or 'no content type'}", str(e.request), e.curl()
        )
        for e in exchanges
        if e.status not in CLOSED
    ]


def redirect_findings(exchange: Exchange, base_url: str) -> list[Finding]:
    """Return what is wrong with the answer of the plain-http address to GET /health.

    Raises:
        Unverified: that address does not answer; a closed port is safe, yet nothing leads a visitor to https.
    """
    if exchange.failure:
        raise Unverified(
            f"The plain-http address {exchange.url} got no answer: {exchange.failure.sentence}. If it differs from"
            " port 80 of the https host, set APEX_HTTP_URL."
        )
    expected = f"a redirect ({', '.join(map(str, REDIRECTS))}) to {base_url}/health"
    location = exchange.header("location")
    wanted, found = urlsplit(f"{base_url}/health"), urlsplit(location)
    same = (found.scheme, found.hostname, found.port or 443, found.path) == (
        wanted.scheme,
        wanted.hostname,
        wanted.port or 443,
        wanted.path,
    )
    if exchange.status in REDIRECTS and same:
        return []
    return [
        Finding(
            expected, f"status {exchange.status}{f' to {location}' if location else ''}", exchange.url, exchange.curl()
        )
    ]


def hsts_missing(exchanges: Sequence[Exchange]) -> bool:
    """Whether no answer tells browsers to stay on https."""
    return not any(exchange.header("strict-transport-security") for exchange in exchanges)
