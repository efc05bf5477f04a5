"""Addresses in parts, without the standard library's errors: those show a piece of a badly escaped password."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import SplitResult, urlsplit


def split_address(address: str) -> SplitResult | None:
    """Return the address in parts, its port readable; None when it is none."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018 - it is parsed, and refused, when it is read
    except ValueError:
        return None
    return parts


def is_loopback(host: str) -> bool:
    """Return whether a host is this machine."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
