"""The throw-away certificate authority, and the certificates that the edge can present."""

import ssl
import warnings
from datetime import UTC, datetime, timedelta
from pathlib import Path

import trustme

HOST = "localhost"
ADDRESS = "127.0.0.1"

GOOD = "good"
EXPIRED = "expired"
EXPIRING = "expiring"
NOT_YET_VALID = "not-yet-valid"
WRONG_NAME = "wrong-name"
UNTRUSTED = "untrusted"
VARIANTS = (GOOD, EXPIRED, EXPIRING, NOT_YET_VALID, WRONG_NAME, UNTRUSTED)


class Authority:
    """Issues what the edge presents; `ca_file` is what clients trust (PEM)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._trusted = trustme.CA()
        self.ca_file = folder / "ca.pem"
        self._trusted.cert_pem.write_to_path(str(self.ca_file))
        # Public, unlike the keys beside it.
        self.ca_file.chmod(0o644)

    def certificate(self, variant: str) -> Path:
        """A PEM file with the key and the chain of one of VARIANTS.

        Raises:
            ValueError: there is no such variant.
        """
        if variant not in VARIANTS:
            raise ValueError(f"no certificate {variant!r}; there are: {', '.join(VARIANTS)}")
        path = self._folder / f"{variant}.pem"
        if not path.exists():
            path.touch(mode=0o600)
            self._issue(variant).private_key_and_cert_chain_pem.write_to_path(str(path))
        return path

    def _issue(self, variant: str) -> trustme.LeafCert:
        today = datetime.now(UTC)
        issuer = trustme.CA(organization_name="Nobody's authority") if variant == UNTRUSTED else self._trusted
        names = ("elsewhere.invalid",) if variant == WRONG_NAME else (HOST, ADDRESS)
        days_left = {EXPIRED: -1, EXPIRING: 3}.get(variant, 60)
        return issuer.issue_cert(
            *names,
            not_before=today + timedelta(days=1 if variant == NOT_YET_VALID else -30),
            not_after=today + timedelta(days=days_left),
        )


def server_context() -> ssl.SSLContext:
    """A server's TLS: HTTP/2 and HTTP/1.1, from TLS 1.2 on; the certificate is loaded by the caller."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.options |= ssl.OP_NO_COMPRESSION
    context.set_alpn_protocols(["h2", "http/1.1"])
    set_protocols(context, old=False)
    return context


def set_protocols(context: ssl.SSLContext, *, old: bool) -> None:
    """Speak TLS from 1.2 on; `old`: 1.0 and 1.1 too, as no public server may."""
    context.set_ciphers("ECDHE+AESGCM:ECDHE+AES:@SECLEVEL=0" if old else "ECDHE+AESGCM:ECDHE+CHACHA20")
    if old:
        # The module warns of whoever names them.
        with warnings.catch_warnings(action="ignore", category=DeprecationWarning):
            context.minimum_version = ssl.TLSVersion.TLSv1
    else:
        context.minimum_version = ssl.TLSVersion.TLSv1_2
