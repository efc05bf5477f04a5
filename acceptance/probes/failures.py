"""Telling network failures apart: what the libraries raise, in a kind and a sentence."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator

import h2.exceptions
import httpx

from acceptance.probes.exchange import Failure

NETWORK_ERRORS = (httpx.HTTPError, httpx.InvalidURL, h2.exceptions.H2Error, TimeoutError, OSError)
"""What sending a request may raise because of the network or the other side."""


def failure_of(error: BaseException, host: str, limit_s: float) -> Failure:
    """Return what went wrong with a request to `host` that had `limit_s` seconds."""
    causes = tuple(_causes(error))
    if isinstance(error, httpx.TimeoutException | TimeoutError):
        if isinstance(error, httpx.ConnectTimeout):
            return Failure("unreachable", f"no connection to {host} within {limit_s:g} s")
        return Failure("timeout", f"no complete answer from {host} within {limit_s:g} s")
    if isinstance(error, httpx.ConnectError):
        return _unconnected(error, causes, host)
    if _is_reset(error, causes):
        return Failure("reset", f"{host} closed the connection before the answer was complete")
    return Failure("protocol", f"{host} broke the protocol: {type(error).__name__}: {error}")


def _unconnected(error: BaseException, causes: tuple[BaseException, ...], host: str) -> Failure:
    if any(isinstance(cause, ssl.SSLError) for cause in causes):
        return Failure("tls", f"the TLS handshake with {host} failed: {_tls_reason(causes)}")
    if any(isinstance(cause, socket.gaierror) for cause in causes):
        return Failure("dns", f"the host name {host} can't be resolved")
    if any(isinstance(cause, ConnectionRefusedError) for cause in causes):
        return Failure("refused", f"{host} refused the connection")
    return Failure("unreachable", f"{host} can't be reached from here: {error}")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error, what it was raised from, and the members of groups among them."""
    seen: set[int] = set()
    queue: list[BaseException | None] = [error]
    while queue:
        cause = queue.pop()
        if cause is None or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        queue += [cause.__cause__, cause.__context__]
        if isinstance(cause, BaseExceptionGroup):
            queue += cause.exceptions


def _tls_reason(causes: tuple[BaseException, ...]) -> str:
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return f"the certificate is not accepted: {cause.verify_message}"
    return next(str(cause.reason or cause) for cause in causes if isinstance(cause, ssl.SSLError))


def _is_reset(error: BaseException, causes: tuple[BaseException, ...]) -> bool:
    if any(isinstance(cause, ConnectionResetError | BrokenPipeError) for cause in causes):
        return True
    if isinstance(error, httpx.RemoteProtocolError):
        return "disconnected" in str(error) or "ConnectionTerminated" in str(error) or "peer closed" in str(error)
    return isinstance(error, httpx.ReadError | httpx.WriteError | httpx.CloseError)
