"""What a handshake shows, judged: each refusal, each old protocol, and the days that a certificate has left."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from acceptance.checks.transport import certificate_findings, describe, notes, protocol_findings
from acceptance.findings import Finding
from acceptance.probes.tls import Certificate, Refusal, RefusalKind, TlsReading

OPENSSL = "openssl s_client -connect api.test:443 -servername api.test </dev/null"
GOOD = TlsReading("api.test", 443, (), "TLSv1.3", "TLS_AES_256_GCM_SHA384", None, tls_1_0=False, tls_1_1=False)


def ending_in(days: float) -> TlsReading:
    """Return a good handshake whose certificate ends in so many days (and an hour, in which the test runs)."""
    now = datetime.now(UTC)
    ends = now + timedelta(days=days, hours=1)
    return replace(GOOD, certificate=Certificate(("api.test",), now - timedelta(days=9), ends))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("chain", "a chain that leads to a trusted authority"),
        ("host_name", "a certificate for the host's name"),
        ("expired", "a certificate that is valid today"),
        ("not_yet_valid", "a certificate that is valid today"),
        ("protocol", "a handshake with TLS 1.2 or newer"),
    ],
)
def test_each_refusal_of_a_careful_client_is_told(kind: RefusalKind, expected: str) -> None:
    """With what was expected and how to see it."""
    reading = replace(GOOD, refusals=(Refusal(kind, "it is not so"),))
    assert certificate_findings(reading) == [Finding(expected, "it is not so", "api.test:443", OPENSSL)]


def test_every_refusal_is_told_and_the_days_only_without_one() -> None:
    """An expired certificate of another host is two findings, and not a third one about its last week."""
    refusals = (Refusal("expired", "it has expired"), Refusal("host_name", "it is of other.test"))
    found = certificate_findings(replace(ending_in(-3), refusals=refusals))
    assert [finding.found for finding in found] == ["it has expired", "it is of other.test"]


def test_a_certificate_s_last_week_is_a_finding_and_the_two_before_are_a_note() -> None:
    """Seven days are enough to pass, 21 to say nothing."""
    soon = ending_in(3)
    (finding,) = certificate_findings(soon)
    assert soon.certificate
    assert finding == Finding(
        "a certificate that is valid for 7 more days",
        f"it ends in 3.0 days, on {soon.certificate.not_after:%Y-%m-%d} (UTC)",
        "api.test:443",
        OPENSSL,
    )
    assert notes(soon) == []
    assert len(certificate_findings(ending_in(6.9))) == 1
    for days in (7, 20.9):
        assert certificate_findings(ending_in(days)) == []
        assert notes(ending_in(days)) == [f"The certificate ends in {days:.0f} days: see that it is renewed."]
    assert notes(ending_in(21)) == []


def test_without_a_certificate_there_are_no_days_to_judge() -> None:
    """Its absence is the refusals' concern."""
    assert certificate_findings(GOOD) == []
    assert notes(GOOD) == []


@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
def test_new_protocols_alone_pass(protocol: str) -> None:
    """Also where the old ones could not be tried: that is a note."""
    assert protocol_findings(replace(GOOD, protocol=protocol)) == []
    untried = replace(GOOD, protocol=protocol, tls_1_0=None, tls_1_1=None)
    assert protocol_findings(untried) == []
    assert notes(untried) == ["Whether TLS 1.0 and TLS 1.1 is refused could not be tried from here."]
    assert notes(replace(GOOD, tls_1_1=None)) == ["Whether TLS 1.1 is refused could not be tried from here."]


@pytest.mark.parametrize(
    ("reading", "names"),
    [
        (replace(GOOD, tls_1_0=True), ["TLS 1.0"]),
        (replace(GOOD, tls_1_1=True), ["TLS 1.1"]),
        (replace(GOOD, tls_1_0=True, tls_1_1=True, protocol="TLSv1.1"), ["TLS 1.0", "TLS 1.1", "TLSv1.1"]),
        (replace(GOOD, protocol=""), ["no protocol at all"]),
        (replace(GOOD, protocol="SSLv3"), ["SSLv3"]),
    ],
)
def test_each_old_protocol_is_a_finding(reading: TlsReading, names: list[str]) -> None:
    """Accepted beside the new ones, or the one that was agreed on; or none at all."""
    wanted = "TLS 1.2 and newer only"
    assert protocol_findings(reading) == [
        Finding(wanted, f"{name} is accepted", "api.test:443", OPENSSL) for name in names
    ]


def test_a_handshake_is_described_in_words() -> None:
    """With what could not be tried, or that there was none."""
    certificate = Certificate(
        ("api.test",), datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 2, 28, 23, 59, tzinfo=UTC)
    )
    seen = replace(GOOD, certificate=certificate)
    words = "TLSv1.3 TLS_AES_256_GCM_SHA384, certificate until 2027-02-28"
    assert describe(seen) == words
    assert describe(replace(seen, tls_1_0=None)) == f"{words}; TLS 1.0 could not be tried from here"
    both = replace(seen, tls_1_0=None, tls_1_1=None)
    assert describe(both) == f"{words}; TLS 1.0 and TLS 1.1 could not be tried from here"
    assert describe(GOOD) == "no TLS handshake with api.test"
