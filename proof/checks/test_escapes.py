"""What a text holds once its encodings are undone: each kind of escape, and encodings around each other."""

from __future__ import annotations

import pytest

from acceptance.checks.unwrapping import unwrapped


@pytest.mark.parametrize(
    ("text", "name", "inner"),
    [
        (r"\u0041\x42\/\"\n\r\t\b\f\q", "escaped", 'AB/"\n\r\t\b\fq'),
        (r"\ud83d\ude00", "escaped", "\U0001f600"),
        (r"\ud83d alone", "escaped", "\ufffd alone"),
        ("a%20b+c%2F", "URL-encoded", "a b c/"),
        ("a&lt;b&#x27;&amp;", "HTML-escaped", "a<b'&"),
        ("c2VjcmV0LXZhbHVl", "base64", "secret-value"),
        ("c2VjcmV0LXZhbHVlPw==", "base64", "secret-value?"),
        ("7365637265742d76616c7565", "hex", "secret-value"),
        ("c2VjcmV0JTJEdmFsdWU=", "base64, URL-encoded", "secret-value"),
    ],
)
def test_each_encoding_is_undone_under_its_name(text: str, name: str, inner: str) -> None:
    """The names from the outside in."""
    assert inner in "\n".join(found for names, found in unwrapped(text) if names == name)


@pytest.mark.parametrize("text", ["", "plain words", "a+b", "100", "0123456789"])
def test_a_plain_text_holds_nothing_more(text: str) -> None:
    """A plus sign is one where nothing is percent-encoded."""
    assert list(unwrapped(text)) == []
