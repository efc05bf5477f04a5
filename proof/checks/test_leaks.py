"""The leak scan: finds every secret in every place and encoding, never shows it, and cries no wolf."""

from __future__ import annotations

import base64
import json
from urllib.parse import quote

import pytest

from acceptance.checks.leaks import LeakScanner
from acceptance.contract import Contract
from acceptance.probes.exchange import Request
from proof.checks.exchanges import answered

VALUES = {
    "SECRET_KEY": "4b1f0c9d8e7a6b5c4d3e2f1a0b9c8d7e",
    "DATABASE_URL": "postgresql://ecomdash:Zq+8/kk-Word@db.test:5432/ecomdash",
}
SCANNER = LeakScanner(VALUES, Contract().exposure.secret_shapes)
KEY = VALUES["SECRET_KEY"]


@pytest.mark.parametrize(
    ("body", "variable", "encoding"),
    [
        (f'{{"debug": "{KEY}"}}', "SECRET_KEY", "raw"),
        (base64.b64encode(f"user:{KEY}".encode()).decode(), "SECRET_KEY", "base64"),
        (KEY.encode().hex(), "SECRET_KEY", "hex"),
        (VALUES["DATABASE_URL"], "DATABASE_URL", "raw"),
        (quote(VALUES["DATABASE_URL"], safe=""), "DATABASE_URL", "URL-encoded"),
        ("the password is Zq+8/kk-Word, they say", "DATABASE_URL", "raw, its password"),
        (json.dumps({"x": "Zq+8/kk-Word"}).replace("/", "\\/"), "DATABASE_URL", "escaped, its password"),
    ],
)
def test_a_secret_in_a_body_is_found_in_its_encoding(body: str, variable: str, encoding: str) -> None:
    """Named by variable and encoding; no field of the leak holds the value."""
    leaks = SCANNER.scan(answered(body))
    assert (variable, encoding) in {(leak.variable, leak.encoding) for leak in leaks}
    assert KEY not in str(leaks)
    assert "kk-Word" not in str(leaks)


def test_a_secret_in_a_header_is_found() -> None:
    """Every header is looked at, and named."""
    (leak,) = SCANNER.scan(answered("{}", x_debug=f"key={KEY}"))
    assert (leak.where, leak.variable) == ("the header x-debug", "SECRET_KEY")
    assert leak.url == "https://api.test/somewhere"


@pytest.mark.parametrize(
    "text",
    [
        "-----BEGIN RSA PRIVATE KEY-----\nMIIE",
        "mysql://root:hunter22@10.0.0.5/shop",
        "AKIAIOSFODNN7EXAMPLE",
        "rnd_q7Xw9Lk2Vb4Nm6Zt8R",
        "shpss_0123456789abcdef0123456789abcdef",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9P",
        "SECRET_KEY=something-long-enough",
        "sk-or-v1-0123456789abcdef0123456789abcdef",
    ],
)
def test_what_looks_like_a_secret_is_found_unknown(text: str) -> None:
    """Someone else's secret, or one of which no value is known here."""
    (leak,) = SCANNER.scan(answered(text, kind="text/plain"))
    assert leak.variable.startswith("what looks like ")
    assert leak.encoding == "by its shape"


@pytest.mark.parametrize(
    "body",
    [
        '{"event_id": "3f2b8c1e-9a4d-4e6f-8b7a-1c2d3e4f5a6b"}',
        '{"commit": "9e4477477dceac932bf6b25a03f48d92a43453fa"}',
        '{"address": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"}',
        '{"url": "https://shop.example/products/lamp?colour=blue", "at": "2026-11-02T09:30:00Z"}',
        "Visit https://user@host.example/ or mail me@host.example: it's free",
    ],
)
def test_ids_and_hashes_are_no_leaks(body: str) -> None:
    """What answers of the contract hold."""
    assert SCANNER.scan(answered(body, x_request_id="3f2b8c1e-9a4d-4e6f-8b7a-1c2d3e4f5a6b", etag='W/"9e4477"')) == ()


def test_an_echo_of_what_was_sent_is_no_leak() -> None:
    """A shape that the request itself held; a known secret would still be one."""
    sent = Request("POST", "/x", (), {}, b'{"url": "ftp://guest:guest-word@host/"}')
    assert SCANNER.scan(answered('{"input": "ftp://guest:guest-word@host/"}', 422, request=sent)) == ()


def test_a_leak_is_told_once_for_a_place() -> None:
    """However often the value stands there."""
    assert len(SCANNER.scan(answered(f"{KEY} {KEY} {KEY}"))) == 1
