"""The TLS probe: each fault of a certificate told apart, on the real edge."""

from __future__ import annotations

import pytest

from acceptance.checks.transport import certificate_findings, describe, notes, protocol_findings
from acceptance.outcomes import Unverified
from acceptance.probes.tls import read_tls
from acceptance.target import Target
from proof.platform.background import Running
from proof.probes import served
from reference.authority import EXPIRED, EXPIRING, UNTRUSTED, WRONG_NAME


def test_a_good_handshake_is_verified(target: Target) -> None:
    """Protocol, cipher, names, dates; no old protocol, nothing to find."""
    tls = read_tls(target.base_url, target.ca_file)
    assert (tls.refusals, tls.protocol) == ((), "TLSv1.3")
    assert tls.certificate is not None
    assert "localhost" in tls.certificate.names
    assert tls.certificate.days_left() > 21
    assert (tls.tls_1_0, tls.tls_1_1) == (False, False)
    assert certificate_findings(tls) + protocol_findings(tls) == []
    assert notes(tls) == []
    assert "TLSv1.3" in describe(tls)


@pytest.mark.parametrize(
    ("variant", "kind", "words"),
    [
        (EXPIRED, "expired", "is valid from"),
        (WRONG_NAME, "host_name", "is for elsewhere.invalid, not for localhost"),
        (UNTRUSTED, "chain", "does not lead to a trusted authority"),
    ],
)
def test_each_fault_of_a_certificate_is_told_apart(
    up: Running, target: Target, variant: str, kind: str, words: str
) -> None:
    """Expired, another host's, of an unknown authority: each alone, with the certificate's facts."""
    up.deployment.edge.present(variant)
    tls = read_tls(target.base_url, target.ca_file)
    (refusal,) = tls.refusals
    assert refusal.kind == kind
    assert words in refusal.sentence
    assert tls.certificate is not None
    assert len(certificate_findings(tls)) == 1


def test_a_certificate_near_its_end_verifies_and_is_found(up: Running, target: Target) -> None:
    """Three days are too few."""
    up.deployment.edge.present(EXPIRING)
    tls = read_tls(target.base_url, target.ca_file)
    assert tls.refusals == ()
    assert len(certificate_findings(tls)) == 1


def test_old_protocols_are_tried(up: Running, target: Target) -> None:
    """A server that still speaks them is found."""
    up.deployment.edge.accept_old_protocols()
    tls = read_tls(target.base_url, target.ca_file)
    assert tls.tls_1_0 in (True, None)  # None: the local library can't offer it
    assert len(protocol_findings(tls)) == [tls.tls_1_0, tls.tls_1_1].count(True)


def test_a_server_without_tls_is_no_handshake() -> None:
    """Something answers, but no TLS: that is a finding, not unverified."""
    with served.listening(served.talk_nonsense) as place:
        tls = read_tls(f"https://{place}")
    assert [refusal.kind for refusal in tls.refusals] == ["protocol"]
    assert tls.certificate is None


def test_nobody_there_is_unverified() -> None:
    """Nothing was measured."""
    with pytest.raises(Unverified, match="can't be reached for a TLS handshake"):
        read_tls(f"https://127.0.0.1:{served.free_port()}")
    with pytest.raises(Unverified, match="APEX_BASE_URL is no address"):
        read_tls("https://h:port")
