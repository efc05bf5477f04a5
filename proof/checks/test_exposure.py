"""Leak paths and the redirect: what is wrong is told although something else got no answer."""

from __future__ import annotations

import pytest

from acceptance.checks.exposure import redirect_findings, served_leak_paths
from acceptance.outcomes import Unverified
from acceptance.probes.exchange import Exchange, Failure, get
from proof.checks.exchanges import answered, unanswered

SILENCE = Failure("timeout", "no complete answer within 10 s")
CLOSED = answered('{"detail": "Not Found"}', 404)


def redirected(status: int, location: str) -> Exchange:
    """Return the exchange of a plain-http request for /health."""
    return answered("", status, request=get("/health"), location=location)


def test_a_time_out_hides_no_served_path() -> None:
    """Whichever comes first."""
    served = answered("SECRET_KEY=...", kind="text/plain", request=get("/.env"))
    for exchanges in ([unanswered(SILENCE), served], [served, unanswered(SILENCE)]):
        (finding,) = served_leak_paths(exchanges)
        assert finding.where == "GET /.env"


def test_silence_alone_is_unverified() -> None:
    """Closed or open: it is not known."""
    with pytest.raises(Unverified, match="was not answered: no complete answer"):
        served_leak_paths([CLOSED, unanswered(SILENCE)])


def test_nothing_asked_is_unverified() -> None:
    """An empty list passes nothing."""
    with pytest.raises(Unverified, match="No path was asked for"):
        served_leak_paths([])


def test_a_path_that_breaks_is_not_closed() -> None:
    """A 500 is no refusal; a 404 and a 401 are."""
    assert served_leak_paths([CLOSED, answered("{}", 401)]) == []
    assert len(served_leak_paths([CLOSED, answered("{}", 500)])) == 1


@pytest.mark.parametrize(
    "location",
    [
        "https://x:abc/",
        "https://api.test:99999/health",
        "https://[api.test/health",
        "https://other.test/health",
        "https://api.test:8443/health",
        "http://api.test/health",
        "/health",
        "",
    ],
)
def test_a_redirect_that_leads_elsewhere_is_found(location: str) -> None:
    """Another host, port, scheme or path; also what is no address at all."""
    (finding,) = redirect_findings([redirected(308, location)], "https://api.test")
    assert "status 308" in finding.found


def test_a_redirect_to_the_same_place_passes() -> None:
    """With or without the usual port."""
    for location in ("https://api.test/health", "https://api.test:443/health"):
        assert redirect_findings([redirected(301, location)], "https://api.test") == []


def test_a_redirect_that_is_missing_is_found_beside_silence() -> None:
    """Silence alone is unverified."""
    silent = unanswered(SILENCE)
    assert len(redirect_findings([silent, redirected(200, "")], "https://api.test")) == 1
    with pytest.raises(Unverified, match="set APEX_HTTP_URL"):
        redirect_findings([silent, redirected(301, "https://api.test/health")], "https://api.test")
