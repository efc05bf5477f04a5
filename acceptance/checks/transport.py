"""Whether what a TLS handshake shows is what a careful client asks for."""

from __future__ import annotations

from acceptance.findings import Finding
from acceptance.probes.tls import TlsReading

FAIL_DAYS = 7
NOTE_DAYS = 21

_EXPECTED = {
    "chain": "a chain that leads to a trusted authority",
    "host_name": "a certificate for the host's name",
    "expired": "a certificate that is valid today",
    "not_yet_valid": "a certificate that is valid today",
    "protocol": "a handshake with TLS 1.2 or newer",
}


def certificate_findings(tls: TlsReading) -> list[Finding]:
    """Return why a careful client would turn away, and a certificate that ends within a week."""
    where, reproduce = f"{tls.host}:{tls.port}", _openssl(tls)
    found = [Finding(_EXPECTED[r.kind], r.sentence, where, reproduce) for r in tls.refusals]
    if tls.certificate and not found and tls.certificate.days_left() < FAIL_DAYS:
        left = f"it ends in {tls.certificate.days_left():.1f} days, on {tls.certificate.not_after:%Y-%m-%d} (UTC)"
        found.append(Finding(f"a certificate that is valid for {FAIL_DAYS} more days", left, where, reproduce))
    return found


def protocol_findings(tls: TlsReading) -> list[Finding]:
    """Return the old protocols that are accepted, and a handshake below TLS 1.2."""
    offered = {"TLS 1.0": tls.tls_1_0, "TLS 1.1": tls.tls_1_1}
    accepted = [name for name, answer in offered.items() if answer]
    if tls.protocol not in ("TLSv1.2", "TLSv1.3"):
        accepted.append(tls.protocol or "no protocol at all")
    where = f"{tls.host}:{tls.port}"
    return [
        Finding("TLS 1.2 and newer only", f"{name} is accepted", where, _openssl(tls))
        for name in dict.fromkeys(accepted)
    ]


def notes(tls: TlsReading) -> list[str]:
    """Return what people should know although it passes."""
    untried = [name for name, answer in (("TLS 1.0", tls.tls_1_0), ("TLS 1.1", tls.tls_1_1)) if answer is None]
    blind = [f"Whether {' and '.join(untried)} is refused could not be tried from here."] if untried else []
    days = tls.certificate.days_left() if tls.certificate else NOTE_DAYS
    return blind + (
        [f"The certificate ends in {days:.0f} days: see that it is renewed."] if FAIL_DAYS <= days < NOTE_DAYS else []
    )


def describe(tls: TlsReading) -> str:
    """Return the handshake in words."""
    if tls.certificate is None:
        return f"no TLS handshake with {tls.host}"
    untried = [name for name, answer in (("TLS 1.0", tls.tls_1_0), ("TLS 1.1", tls.tls_1_1)) if answer is None]
    rest = f"; {' and '.join(untried)} could not be tried from here" if untried else ""
    return f"{tls.protocol} {tls.cipher}, certificate until {tls.certificate.not_after:%Y-%m-%d}{rest}"


def _openssl(tls: TlsReading) -> str:
    return f"openssl s_client -connect {tls.host}:{tls.port} -servername {tls.host} </dev/null"
