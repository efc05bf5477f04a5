"""Whether a host is one that the whole world reaches: not a developer's machine, a private network or a placeholder."""

from __future__ import annotations

import re
from ipaddress import ip_address

from acceptance.probes.addresses import is_loopback

_EXAMPLES = ("example.com", "example.org", "example.net")
_TUNNELS = ("ngrok.io", "ngrok.app", "ngrok-free.app", "ngrok.dev", "ngrok-free.dev", "trycloudflare.com", "loca.lt")
# Top-level names that no public server answers for.
_PRIVATE = ("local", "internal", "lan", "home.arpa", "test", "invalid", "example")
_TEMPLATE = re.compile(r"[<>{}$%\[\]]|(?:^|\.)your[-_.]|(?:^|\.)your(?:app|shop|store|domain|site|company)\.")


def host_reason(host: str) -> str:
    """Return why a host, as an address names it, can't be a deployment's own; empty when it can."""
    host = host.lower().rstrip(".")
    if is_loopback(host) or _is_within(host, ("localhost",)):
        return "an address of the developer's own machine"
    if _is_within(host, _EXAMPLES):
        return "an address of an example domain"
    if _TEMPLATE.search(host):
        return "an address that is a template"
    if _is_within(host, _TUNNELS):
        return "an address of a tunnel to a developer's machine"
    return "an address in a private network" if _is_private(host) else ""


def _is_within(host: str, domains: tuple[str, ...]) -> bool:
    return host in domains or host.endswith(tuple(f".{domain}" for domain in domains))


def _is_private(host: str) -> bool:
    """A number that is not routed in the internet, or a name that its servers don't know."""
    try:
        return not ip_address(host).is_global
    except ValueError:
        return "." not in host or _is_within(host, _PRIVATE)
