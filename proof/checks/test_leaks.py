"""The leak scan: finds every secret in every place and encoding, never shows it, and cries no wolf."""

from __future__ import annotations

import base64
import json
import random
import re
import time
from dataclasses import replace
from urllib.parse import quote

import pytest

from acceptance.checks.leaks import LeakScanner
from acceptance.checks.patterns import REACH, matches
from acceptance.checks.responses import detail_findings
from acceptance.contract import Contract, Pattern
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
        ("".join(f"\\u{ord(letter):04x}" for letter in KEY), "SECRET_KEY", "escaped"),
        ("".join(f"&#{ord(letter)};" for letter in KEY), "SECRET_KEY", "HTML-escaped"),
        ("".join(f"%{ord(letter):02X}" for letter in KEY), "SECRET_KEY", "URL-encoded"),
        (base64.encodebytes(f"{'-' * 40}{KEY}{'-' * 40}".encode()).decode(), "SECRET_KEY", "base64"),
        (
            base64.b64encode(quote(VALUES["DATABASE_URL"], safe="").encode()).decode(),
            "DATABASE_URL",
            "base64, URL-encoded",
        ),
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
        "shpat_0123456789abcdef0123456789ABCDEF",
        "shpua_0123456789abcdef0123456789abcdef",
        "sk_" + "live_4eC39HqLyjWDarjtT1zdp7dc",
        "rk_" + "test_4eC39HqLyjWDarjtT1zdp7dc",
        "whsec_" + "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "glpat-" + "Zx8yQw2Vb4Nm6Lk1Tt3R",
        "sk-ant-" + "api03-Zx8yQw2Vb4Nm6Lk1Tt3R",
        "sk-proj-" + "Zx8yQw2Vb4Nm6Lk1Tt3R",
        "SG." + "ngeVfQFYQlKU0ufo8x5d1A.TwL2iGABf9DHoTf-09kqeF8tAmbihYzrnopKc-1s5cr",
        "sntrys_" + "eyJpYXQiOjE2ODczMzY1NDMuNjk4NTksInVybCI6bnVsbCwicmVnaW9uX3VybCI6",
        "npm_" + "Zx8yQw2Vb4Nm6Lk1Tt3RZx8yQw2Vb4Nm6Lk1",
        "pypi-AgEIcHlwaS5vcmc" + "CJDcwZDhkZmQ0LWI3ZTItNGQzYi04MzQ1LTEyMzQ1Njc4OTBhYg",
        "ghp_" + "Zx8yQw2Vb4Nm6Lk1Tt3RZx8yQw2Vb4Nm6Lk1",
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


def test_a_body_that_was_cut_is_said_to_be() -> None:
    """What stands behind the limit was not searched."""
    (leak,) = SCANNER.scan(replace(answered("{}"), cut=True))
    assert str(leak.finding).splitlines()[1] == "Found: a rest that was not searched (the body is longer than 2 bytes)"


PATTERN = Pattern("a word", re.compile(r"\bword-\d{1,9}\b"), ("word-",))


@pytest.mark.parametrize("at", [*range(REACH - 12, REACH + 12), *range(3 * REACH - 12, 3 * REACH + 12), 7 * REACH])
def test_a_pattern_is_found_wherever_it_stands(at: int) -> None:
    """Around every edge of what is searched at once, and beside signs that lead to no match."""
    for filler in ("Word-x ", "é ", "word-", "x"):
        text = (filler * at)[: at - 1] + " word-123 " + filler * 500
        ((_, match),) = matches([PATTERN], text)
        assert (match[0], match.start()) == ("word-123", at)
    assert list(matches([PATTERN], "word-x " * 2_000)) == []


def test_a_word_that_goes_on_is_not_cut_into_a_match() -> None:
    """Where the searched part ends, the text does not."""
    pattern = Pattern("a script", re.compile(r"/app/\w{1,99}\.js\b"), ("/app/",))
    for gap in range(3 * REACH - 30, 3 * REACH + 30):
        assert list(matches([pattern], f"/app/ {' ' * gap}/app/data.json")) == []


LENGTH = 2_000_000
RANDOM = random.Random(7)  # noqa: S311 - the same text each time
ROWS = [{"id": n, "path": f"/products/lamp-{n}", "at": "2026-11-02T09:30:00Z", "v": [1.5, None]} for n in range(26_000)]
LONG = {
    "a": "a" * LENGTH,
    "a and spaces": "a " * (LENGTH // 2),
    "dotted": "a." * (LENGTH // 2),
    "slashes": "/" * LENGTH,
    "base64": base64.b64encode(RANDOM.randbytes(LENGTH * 3 // 4)).decode(),
    "JSON": json.dumps(ROWS),
    "SELECT": "SELECT " * (LENGTH // 7),
    "tokens": "eyJaaaaaaaa." * (LENGTH // 12),
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_body_is_searched_quickly(text: str) -> None:
    """Two megabytes of what makes careless patterns slow, in far less of the processor's time than they took."""
    scanner = LeakScanner({f"V{n}": f"{n:02}{KEY}" for n in range(20)}, Contract().exposure.secret_shapes)
    exchange = answered(f"{text} {KEY[:8]}")
    began = time.process_time()
    assert scanner.scan(exchange) == ()
    assert detail_findings(Contract().exposure, [exchange]) == []
    assert time.process_time() - began < 12


@pytest.mark.parametrize("order", ["utf-16", "utf-16-be", "utf-16-le"])
def test_a_secret_in_another_encoding_of_text_is_found(order: str) -> None:
    """A body that is not UTF-8 hides nothing."""
    exchange = replace(answered(""), body=json.dumps({"key": KEY}).encode(order))
    assert [leak.variable for leak in SCANNER.scan(exchange)] == ["SECRET_KEY"]
