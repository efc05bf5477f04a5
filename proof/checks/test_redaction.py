"""Redaction: no secret survives, in whatever encoding; what is no secret does."""

from __future__ import annotations

import base64
import html
import json
import time
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.redaction import Redactor

SECRET = "pä$$/w0rd+\"<&'7=?\n"
secrets = st.text(st.characters(exclude_categories=["Cs"]), min_size=6, max_size=40).filter(
    lambda s: len(s.strip()) > 5
)
around = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)

ENCODERS: dict[str, Callable[[str], str]] = {
    "raw": lambda text: text,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "base64 for URLs": lambda text: base64.urlsafe_b64encode(text.encode()).decode(),
    "URL": quote,
    "URL, every character": lambda text: quote(text, safe=""),
    "form": quote_plus,
    "hex": lambda text: text.encode().hex(),
    "HEX": lambda text: text.encode().hex().upper(),
    "JSON": json.dumps,
    "JSON, not ASCII": lambda text: json.dumps(text, ensure_ascii=False),
    "HTML": html.escape,
    "repr": repr,
}


@pytest.mark.parametrize("name", ENCODERS)
@given(secret=secrets, before=around, after=around)
def test_no_encoding_of_a_secret_survives(name: str, secret: str, before: str, after: str) -> None:
    """The encoded whole no longer holds what the encoded secret alone would be."""
    secret = secret.strip()
    encode = ENCODERS[name]
    found = Redactor([secret]).text(f"{before} {encode(secret)} {after}")
    assert "[redacted]" in found
    assert secret not in found.replace("[redacted]", "") or secret in before + after + " "


@given(
    secret=st.binary(min_size=12, max_size=40).map(bytes.hex),
    before=st.binary(max_size=20),
    after=st.binary(max_size=20),
)
def test_base64_hides_no_secret_at_any_alignment(secret: str, before: bytes, after: bytes) -> None:
    """A secret in the middle of a longer text that was encoded as a whole, such as of basic authentication."""
    encoded = base64.b64encode(before + secret.encode() + after).decode()
    found = Redactor([secret]).text(encoded)
    assert "[redacted]" in found
    rest = found.replace("[redacted]", "")
    assert len(rest) <= len(base64.b64encode(before)) + len(base64.b64encode(after)) + 8


def test_the_mark_names_the_variable() -> None:
    """So that a reader knows what stood there."""
    redactor = Redactor.from_mapping({"SECRET_KEY": "0f9e8d7c6b5a", "TOKEN": "zzyyxxww"})
    assert redactor.text("key=0f9e8d7c6b5a&t=zzyyxxww") == "key=[redacted SECRET_KEY]&t=[redacted TOKEN]"


def test_an_address_teaches_its_password_too() -> None:
    """As it stands and decoded; the user and host are no secret."""
    redactor = Redactor.from_mapping({"DATABASE_URL": "postgresql://ecomdash:s%40cret-word@db.test/ecomdash"})
    assert redactor.text("password s@cret-word or s%40cret-word for ecomdash at db.test") == (
        "password [redacted DATABASE_URL] or [redacted DATABASE_URL] for ecomdash at db.test"
    )


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("postgresql://u:unknown-word@h/d", "postgresql://u:[redacted]@h/d"),
        ("at redis://:unknown@h:6379, then", "at redis://:[redacted]@h:6379, then"),
        ("Authorization: Bearer abcdef123456", "Authorization: Bearer [redacted]"),
        ("key rnd_AbCdEf0123456789 here", "key [redacted] here"),
        ("https://host/path?time=12:30&mail=a@b.test", "https://host/path?time=12:30&mail=a@b.test"),
        ("bearer of news", "bearer of news"),
    ],
)
def test_what_looks_like_a_secret_is_redacted_unknown(text: str, clean: str) -> None:
    """Passwords in addresses, bearer tokens, the provider's keys."""
    assert Redactor().text(text) == clean


def test_data_keeps_its_shape() -> None:
    """Keys and values at any depth; what is no text stays."""
    redactor = Redactor(["hush-hush"])
    data = {"hush-hush": ["a hush-hush b", 1, None, {"x": ("hush-hush", b"hush-hush")}], "n": 1.5}
    assert redactor.data(data) == {
        "[redacted]": ["a [redacted] b", 1, None, {"x": ("[redacted]", b"[redacted]")}],
        "n": 1.5,
    }


def test_a_short_value_is_left_alone() -> None:
    """Too much innocent text would be redacted."""
    assert Redactor(["info", ""]).text("info: all is well") == "info: all is well"


def test_the_longer_of_two_secrets_wins() -> None:
    """A secret that is the beginning of another leaves no rest behind."""
    assert Redactor(["abcdef", "abcdef-ghijkl"]).text("abcdef-ghijkl") == "[redacted]"


def test_a_value_can_be_learned_later() -> None:
    """Secrets that are only read during the run."""
    redactor = Redactor()
    redactor.learn("LATE", "arrived-late")
    assert redactor.text("arrived-late") == "[redacted LATE]"


@given(around)
def test_a_text_without_secrets_stays(text: str) -> None:
    """Nothing else is touched."""
    assert Redactor([SECRET]).text(text) == text


def test_large_texts_are_no_burden() -> None:
    """Two megabytes and twenty secrets: far below the time that a run has (generous limit)."""
    redactor = Redactor.from_mapping({f"V{n}": f"secret-value-{n:04}-{'xy' * 12}" for n in range(20)})
    text = "an ordinary line of a log, with numbers 12345 and words\n" * 40_000 + "secret-value-0007-" + "xy" * 12
    began = time.monotonic()
    assert redactor.text(text).endswith("[redacted V7]")
    assert time.monotonic() - began < 10
