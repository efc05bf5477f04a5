"""Whether well-known leak paths are closed and plain http leads to https."""

from __future__ import annotations

import re
from collections.abc import Sequence

from acceptance.checks.reached import not_answered
from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.addresses import split_address
from acceptance.probes.exchange import Exchange
from acceptance.redaction import excerpt

# What the plan's platform may answer with; 303 would turn a POST into a GET.
REDIRECTS = (301, 302, 307, 308)
CLOSED = (401, 403, 404, 405, 410)


def served_leak_paths(exchanges: Sequence[Exchange]) -> list[Finding]:
    """Return the paths that are served, or that break instead of being closed.

    Raises:
        Unverified: none is, but one of them got no answer, or none was asked for.
    """
    if not exchanges:
        raise Unverified("No path was asked for, so none was found closed.")
    silent = [exchange for exchange in exchanges if exchange.failure]
    served = [_served(exchange) for exchange in exchanges if exchange.status not in (None, *CLOSED)]
    if silent and not served:
        raise not_answered(silent[0])
    return served


def _served(exchange: Exchange) -> Finding:
    found = f"status {exchange.status}, {exchange.content_type or 'no content type'}"
    return Finding("not served (404)", found, str(exchange.request), exchange.curl())


def redirect_findings(exchanges: Sequence[Exchange], base_url: str) -> list[Finding]:
    """Return the paths that the plain-http address does not redirect to the same path of the https address.

    Raises:
        Unverified: nothing is wrong, but a path got no answer; a closed port is safe, yet it leads nobody to https.
    """
    if not exchanges:
        raise Unverified("No path was asked for by plain http, so none was found redirected.")
    found = [_unredirected(e, f"{base_url}{e.request.path}") for e in exchanges if not e.failure]
    silent = [exchange for exchange in exchanges if exchange.failure]
    if silent and not any(found):
        raise Unverified(f"{not_answered(silent[0])}. If plain http is not on port 80, set APEX_HTTP_URL.")
    return [finding for finding in found if finding is not None]


def _unredirected(exchange: Exchange, wanted: str) -> Finding | None:
    location = exchange.header("location")
    place = _place(location)
    if exchange.status in REDIRECTS and place is not None and place == _place(wanted):
        return None
    found = f"status {exchange.status}{f' to {excerpt(location)}' if location else ''}"
    return Finding(f"a redirect ({', '.join(map(str, REDIRECTS))}) to {wanted}", found, exchange.url, exchange.curl())


def _place(address: str) -> tuple[str, str | None, int, str] | None:
    """What must be the same of two addresses; None when it is no address."""
    parts = split_address(address)
    return parts and (parts.scheme, parts.hostname, parts.port or 443, parts.path)


def hsts_missing(exchanges: Sequence[Exchange]) -> bool:
    """Whether no answer tells browsers to stay on https (a max-age of 0 tells them to forget it)."""
    said = [exchange.header("strict-transport-security").replace('"', "") for exchange in exchanges]
    return not any(re.search(r"max-age=0*[1-9]", text, re.IGNORECASE) for text in said)
