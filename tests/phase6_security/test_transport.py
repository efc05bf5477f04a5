"""Phase 6, security: HTTPS is enforced."""

from __future__ import annotations

from acceptance.checks import exposure, transport
from acceptance.plugin import Evidence, criterion
from acceptance.probes.exchange import Exchange
from acceptance.probes.tls import TlsReading
from acceptance.target import Target


@criterion("MH-7")
def test_the_certificate_is_valid_for_the_host(tls: TlsReading, evidence: Evidence) -> None:
    """Chain and host name verify, and the certificate is not near its expiry."""
    evidence.add(transport.describe(tls))
    for sentence in transport.notes(tls):
        evidence.note(sentence)
    assert transport.certificate_findings(tls) == []


@criterion("MH-7")
def test_only_tls_1_2_and_newer_are_offered(tls: TlsReading) -> None:
    """The older protocols are refused."""
    assert transport.protocol_findings(tls) == []


@criterion("MH-7")
def test_plain_http_redirects_to_https_on_the_same_host(
    redirects: tuple[Exchange, ...], target: Target, evidence: Evidence
) -> None:
    """The same host and path, with https: the home page, health, and an endpoint with data."""
    evidence.add(
        f"http answers {', '.join(str(e.status) for e in redirects)}", "\n".join(e.summary() for e in redirects)
    )
    assert exposure.redirect_findings(redirects, target.base_url) == []
