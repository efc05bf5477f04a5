"""Whether the handshake is one that a careful client accepts, and for how long it will be."""

from __future__ import annotations

from datetime import datetime

from acceptance.findings import Finding
from acceptance.probes.tls import TlsReading

# Certificates of the plan's platform live 90 days and are renewed 30 days before their end.
FEWEST_DAYS = 7.0
FEW_DAYS = 21.0
MODERN = ("TLSv1.2", "TLSv1.3")


def certificate_findings(tls: TlsReading, now: datetime | None = None) -> list[Finding]:
    """Return why a client that verifies turns away: chain, host name, dates; or soon will."""
    found = [
        Finding("a certificate that verifies", refusal.sentence, _where(tls), _reproduce(tls))
        for refusal in tls.refusals
    ]
    left = tls.certificate.days_left(now) if tls.certificate else None
    if left is not None and 0 <= left < FEWEST_DAYS:
        found.append(
            Finding(f"at least {FEWEST_DAYS:g} days until it expires", _ends(tls, now), _where(tls), _reproduce(tls))
        )
    return found


def protocol_findings(tls: TlsReading) -> list[Finding]:
    """Return the protocols older than TLS 1.2 that are accepted or chosen."""
    accepted = [name for name, old in (("TLS 1.0", tls.tls_1_0), ("TLS 1.1", tls.tls_1_1)) if old]
    if tls.protocol not in MODERN and not accepted:
        accepted = [tls.protocol or "no TLS at all"]
    return [Finding("TLS 1.2 or newer alone", name, _where(tls), _reproduce(tls)) for name in accepted]


def notes(tls: TlsReading, now: datetime | None = None) -> list[str]:
    """Return what a person should know although it is no failure."""
    said = []
    if tls.certificate and FEWEST_DAYS <= tls.certificate.days_left(now) < FEW_DAYS:
        said.append(f"The certificate expires soon: {_ends(tls, now)}.")
    untried = [name for name, old in (("TLS 1.0", tls.tls_1_0), ("TLS 1.1", tls.tls_1_1)) if old is None]
    if untried:
        said.append(f"Whether {' and '.join(untried)} are accepted could not be tried from here.")
    return said


def describe(tls: TlsReading) -> str:
    """Return the handshake in a line."""
    if tls.certificate is None:
        return f"no handshake with {_where(tls)}"
    ends = f"{tls.certificate.not_after:%Y-%m-%d}"
    return f"{tls.protocol} {tls.cipher}, {tls.certificate.key}, issued by {tls.certificate.issuer}, valid to {ends}"


def _ends(tls: TlsReading, now: datetime | None) -> str:
    if tls.certificate is None:
        return "no certificate"
    return f"{tls.certificate.not_after:%Y-%m-%d %H:%M} UTC, in {tls.certificate.days_left(now):.1f} days"


def _where(tls: TlsReading) -> str:
    return f"{tls.host}:{tls.port}"


def _reproduce(tls: TlsReading) -> str:
    return f"openssl s_client -connect {tls.host}:{tls.port} -servername {tls.host} </dev/null"
