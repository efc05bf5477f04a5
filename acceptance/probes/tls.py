"""What a TLS handshake shows: the certificate and whether it verifies, the protocol, which old ones are accepted."""

from __future__ import annotations

import ipaddress
import socket
import ssl
import warnings
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from cryptography import x509

from acceptance.outcomes import Unverified
from acceptance.probes.addresses import split_address
from acceptance.probes.http import verifying_context

TIMEOUT_S = 5.0

RefusalKind = Literal["chain", "host_name", "expired", "not_yet_valid", "protocol"]
_NOT_OFFERED = "NO_PROTOCOLS_AVAILABLE"  # OpenSSL's word for: not built in
# OpenSSL's codes of a chain that verified but for the certificate's dates (x509_vfy.h).
_DATE_REFUSALS: dict[int, RefusalKind] = {9: "not_yet_valid", 10: "expired"}


@dataclass(frozen=True)
class Certificate:
    """The server's own certificate; times are UTC, names are DNS names and addresses."""

    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime

    def days_left(self, now: datetime | None = None) -> float:
        """Return the days until it expires, negative when it has."""
        return (self.not_after - (now or datetime.now(UTC))).total_seconds() / 86_400

    def covers(self, host: str) -> bool:
        """Return whether one of its names is the host's; a leading `*.` stands for one label."""
        host = host.lower().rstrip(".")
        wildcard = f"*.{host.partition('.')[2]}"
        return any(name.lower() in (host, wildcard) for name in self.names)


@dataclass(frozen=True)
class Refusal:
    """One reason why a careful client turns away, and a sentence for people."""

    kind: RefusalKind
    sentence: str


@dataclass(frozen=True)
class TlsReading:
    """What a handshake with a host shows.

    `refusals` is empty when chain, host name and dates all verify. `certificate` is None when no handshake at all
    succeeded. `tls_1_0` and `tls_1_1` say whether the server accepts the old protocol; None when that could not be
    tried from here.
    """

    host: str
    port: int
    refusals: tuple[Refusal, ...]
    protocol: str
    cipher: str
    certificate: Certificate | None
    tls_1_0: bool | None
    tls_1_1: bool | None


@dataclass(frozen=True)
class _Handshake:
    """A handshake that ended well, or the error that it ended in."""

    protocol: str = ""
    cipher: str = ""
    der: bytes = b""
    error: OSError | None = None


def read_tls(base_url: str, ca_file: Path | None = None) -> TlsReading:
    """Shake hands several times, concurrently, and return what was seen.

    Args:
        base_url: an https address; without a port, 443.
        ca_file: authorities to trust instead of the usual ones.

    Raises:
        Unverified: the host can't be reached.
    """
    parts = split_address(base_url)
    if parts is None or not parts.hostname:
        raise Unverified("APEX_BASE_URL is no address, so no TLS handshake can be tried")
    host, port = parts.hostname, parts.port or 443
    with ThreadPoolExecutor(4, "tls") as threads:
        verifying = threads.submit(_shake_hands, host, port, _chain_context(ca_file))
        looking = threads.submit(_shake_hands, host, port, _any_context())
        old = [threads.submit(_accepts, host, port, v) for v in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1)]
        chain, seen, tls_1_0, tls_1_1 = verifying.result(), looking.result(), *(future.result() for future in old)
    if seen.error is not None and not isinstance(seen.error, ssl.SSLError | ConnectionResetError):
        raise Unverified(f"{host}:{port} can't be reached for a TLS handshake ({_words(seen.error)})")
    certificate = _certificate(seen.der) if seen.der else None
    refusals = _refusals(host, chain.error, certificate) if certificate else (_no_tls(host, seen.error),)
    return TlsReading(host, port, refusals, seen.protocol, seen.cipher, certificate, tls_1_0, tls_1_1)


def _chain_context(ca_file: Path | None) -> ssl.SSLContext:
    """Verifies the chain and dates alone: one wrong name must not hide another fault."""
    context = verifying_context(ca_file)
    context.check_hostname = False
    return context


def _any_context() -> ssl.SSLContext:
    """Accepts any certificate, to look at it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _old_context(version: ssl.TLSVersion) -> ssl.SSLContext | None:
    """Offers nothing but an old protocol; None where the local library can't."""
    try:
        context = _any_context()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # that it is deprecated is the point
            context.minimum_version = version
            context.maximum_version = version
        context.set_ciphers("ALL:@SECLEVEL=0")
    except (ssl.SSLError, ValueError):
        return None
    return context


def _shake_hands(host: str, port: int, context: ssl.SSLContext) -> _Handshake:
    try:
        with (
            socket.create_connection((host, port), timeout=TIMEOUT_S) as connection,
            context.wrap_socket(connection, server_hostname=host) as secured,
        ):
            cipher = secured.cipher()
            return _Handshake(
                protocol=secured.version() or "",
                cipher=cipher[0] if cipher else "",
                der=secured.getpeercert(binary_form=True) or b"",
            )
    except OSError as error:
        return _Handshake(error=error)


def _accepts(host: str, port: int, version: ssl.TLSVersion) -> bool | None:
    """Whether the old protocol is accepted; None when it can't be offered from here, or nothing was answered."""
    context = _old_context(version)
    if context is None:
        return None
    error = _shake_hands(host, port, context).error
    if isinstance(error, TimeoutError) or (isinstance(error, ssl.SSLError) and error.reason == _NOT_OFFERED):
        return None
    return error is None


def _refusals(host: str, error: OSError | None, certificate: Certificate) -> tuple[Refusal, ...]:
    found: list[Refusal] = []
    kind = _DATE_REFUSALS.get(error.verify_code) if isinstance(error, ssl.SSLCertVerificationError) else None
    if kind is not None:
        found.append(Refusal(kind, _dates(certificate)))
    elif error is not None:
        found.append(Refusal("chain", f"the chain does not lead to a trusted authority: {_words(error)}"))
    if not certificate.covers(host):
        names = ", ".join(certificate.names) or "no name"
        found.append(Refusal("host_name", f"the certificate is for {names}, not for {host}"))
    return tuple(found)


def _dates(certificate: Certificate) -> str:
    return f"the certificate is valid from {certificate.not_before:%Y-%m-%d} to {certificate.not_after:%Y-%m-%d} (UTC)"


def _no_tls(host: str, error: OSError | None) -> Refusal:
    return Refusal("protocol", f"no TLS handshake with {host} succeeds: {_words(error)}")


def _words(error: OSError | None) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return error.verify_message
    if isinstance(error, ssl.SSLError):
        return (error.reason or type(error).__name__).lower().replace("_", " ")
    return "time-out" if isinstance(error, TimeoutError) else str(error)


def _certificate(der: bytes) -> Certificate:
    parsed = x509.load_der_x509_certificate(der)
    return Certificate(
        names=_names(parsed),
        not_before=parsed.not_valid_before_utc,
        not_after=parsed.not_valid_after_utc,
    )


def _names(certificate: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return ()
    addresses: list[ipaddress.IPv4Address | ipaddress.IPv6Address | ipaddress.IPv4Network | ipaddress.IPv6Network]
    addresses = extension.get_values_for_type(x509.IPAddress)
    return (*extension.get_values_for_type(x509.DNSName), *map(str, addresses))
