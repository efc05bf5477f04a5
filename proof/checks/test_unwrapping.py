"""Secrets in encodings around each other: found wherever they stand; a text of nobody's secret is never one."""

from __future__ import annotations

import base64
import html
import json
import secrets
from collections.abc import Callable
from dataclasses import replace
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acceptance.checks.leaks import LeakScanner
from acceptance.checks.unwrapping import DEEPEST, MOST_TEXT, unwrapped
from acceptance.contract import Contract
from proof.checks.exchanges import answered

ENCODERS: dict[str, Callable[[str], str]] = {
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 in lines": lambda text: base64.encodebytes(text.encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode().rstrip("="),
    "URL": quote,
    "URL, every byte": lambda text: "".join(f"%{byte:02x}" for byte in text.encode()),
    "form": quote_plus,
    "hex": lambda text: text.encode().hex(),
    "JSON": json.dumps,
    "HTML": html.escape,
    "HTML, every letter": lambda text: "".join(f"&#x{ord(letter):x};" for letter in text),
    "JavaScript": lambda text: "".join(f"\\u{ord(letter):04x}" for letter in text),
}

NOBODYS = secrets.token_hex(32)
"""Made anew for each run, so that no test's text can hold it by chance."""
KEYS = st.binary(min_size=16, max_size=32).map(bytes.hex)
PASSWORDS = st.text("abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789+/-_.!$", min_size=12, max_size=32)
SECRETS = st.one_of(KEYS, PASSWORDS.map(lambda word: f"postgresql://apex:{quote(word, safe='')}@db.test:5432/apex"))
WORDS = st.text('abcdefghij klmnop.,:;={}"<>\n', max_size=40)
NESTINGS = st.lists(st.sampled_from(sorted(ENCODERS)), max_size=DEEPEST)


def scanner(value: str) -> LeakScanner:
    """Return one that knows a secret and looks for all shapes."""
    return LeakScanner({"SECRET": value}, Contract().exposure.secret_shapes)


@settings(deadline=None)
@given(value=SECRETS, nesting=NESTINGS, before=WORDS, after=WORDS, in_header=st.booleans())
def test_a_secret_is_found_in_any_nesting(
    value: str, nesting: list[str], before: str, after: str, *, in_header: bool
) -> None:
    """Three encodings deep, with other text inside and around, in a body or in a header."""
    text = f"{before} {value} {after}"
    for name in nesting:
        text = ENCODERS[name](text)
    text = f"{before} {text} {after}"
    exchange = answered("{}", x_debug=text) if in_header else answered(text)
    assert "SECRET" in {leak.variable for leak in scanner(value).scan(exchange)}, (nesting, text)


@settings(deadline=None)
@given(text=st.text(st.characters(exclude_categories=["Cs"]), max_size=400), nesting=NESTINGS)
def test_a_text_without_the_secret_is_no_leak_of_it(text: str, nesting: list[str]) -> None:
    """Whatever it is, and however it is encoded."""
    for name in nesting:
        text = ENCODERS[name](text)
    assert "SECRET" not in {leak.variable for leak in scanner(NOBODYS).scan(answered(text))}


@settings(deadline=None)
@given(body=st.binary(max_size=600))
def test_any_bytes_are_searched(body: bytes) -> None:
    """Images, compressed files, broken text: nothing is raised, and nothing found."""
    assert scanner(NOBODYS).scan(replace(answered(""), body=body)) == ()


def test_each_layer_is_named_from_the_outside() -> None:
    """So that a reader can undo it as well."""
    text = base64.b64encode(quote("a/b & c/d, and more", safe="").encode()).decode()
    (found,) = [names for names, inner in unwrapped(text) if "a/b & c/d, and more" in inner]
    assert found == "base64, URL-encoded"


def test_what_is_wrapped_often_is_not_followed_for_ever() -> None:
    """Depth and amount are bounded."""
    text = "%25" * 100_000
    assert sum(len(inner) for _, inner in unwrapped(text, depth=100)) <= MOST_TEXT
    assert len(list(unwrapped("%2525252541"))) == DEEPEST


def test_letters_that_stick_to_a_run_do_not_hide_what_it_holds() -> None:
    """Up to three before it, and one behind it that completes nothing."""
    hidden = base64.b64encode(b"what is hidden in here").decode().rstrip("=")
    for before in ("", "x", "xy", "xyz"):
        for behind in ("", "x", "xy"):
            assert any(
                "is hidden in" in inner for name, inner in unwrapped(f"{before}{hidden}{behind}") if name == "base64"
            )


def test_what_was_never_encoded_is_not_read_as_if_it_was() -> None:
    """Bytes that are mostly no text, and runs that are too short to hold a secret."""
    noise = base64.b64encode(bytes(range(128, 256))).decode()
    assert [inner for name, inner in unwrapped(noise, depth=1) if name == "base64" and inner.strip()] == []
    assert list(unwrapped("c2hvcnQ=", depth=1)) == []


def test_an_amount_is_undone_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    """A part that does not fit is left out, and so is everything behind it."""
    monkeypatch.setattr("acceptance.checks.unwrapping.MOST_TEXT", 100)
    assert [len(inner) for _, inner in unwrapped("%41" * 100)] == [100]
    assert list(unwrapped("&amp;" + "%41" * 101, depth=1)) == []
