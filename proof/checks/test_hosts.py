"""Hosts that the world does not reach: each reason, whole."""

from __future__ import annotations

import pytest

from acceptance.checks.hosts import host_reason


@pytest.mark.parametrize(
    ("hosts", "reason"),
    [
        (["localhost", "LOCALHOST.", "a.localhost", "127.9.9.9", "::1"], "an address of the developer's own machine"),
        (["example.com", "a.example.org", "a.b.Example.net."], "an address of an example domain"),
        (["<host>", "your-app.io", "a.your_app.io", "yourshop.io", "{x}.io", "%s.io"], "an address that is a template"),
        (["a.ngrok.io", "ngrok.app", "a.loca.lt"], "an address of a tunnel to a developer's machine"),
        (["10.1.2.3", "169.254.1.1", "fe80::1", "api", "a.local", "a.home.arpa"], "an address in a private network"),
        (["8.8.8.8", "a.io", "localhost.io", "myexample.com", "a.yourself.io", "ngrok.io.io", "internal.io"], ""),
    ],
)
def test_each_host_is_told_its_reason(hosts: list[str], reason: str) -> None:
    """In any case, with a dot behind it; what only looks alike is public."""
    assert {host: host_reason(host) for host in hosts} == dict.fromkeys(hosts, reason)
