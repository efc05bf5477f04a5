"""Redaction's parts, exactly: the forms of a value, the parts of an address, where an excerpt is cut."""

from __future__ import annotations

import base64

import pytest

from acceptance.redaction import (
    LONGEST_EXCERPT,
    SHORTEST_SECRET,
    Redactor,
    encodings,
    excerpt,
    excerpt_around,
    parts_of,
)

VALUE = "a/B+<é'\"\\>~?"


def test_each_form_of_a_value_is_known_with_its_name() -> None:
    """Written out once, so that none can get lost."""
    raw = VALUE.encode()
    assert list(encodings(VALUE)) == [
        ("raw", VALUE),
        ("base64", base64.b64encode(raw).decode()[: len(raw) * 8 // 6]),
        ("base64", base64.urlsafe_b64encode(raw).decode()[: len(raw) * 8 // 6]),
        ("base64", base64.b64encode(b"-" + raw).decode()[2 : (len(raw) + 1) * 8 // 6]),
        ("base64", base64.urlsafe_b64encode(b"-" + raw).decode()[2 : (len(raw) + 1) * 8 // 6]),
        ("base64", base64.b64encode(b"--" + raw).decode()[3 : (len(raw) + 2) * 8 // 6]),
        ("base64", base64.urlsafe_b64encode(b"--" + raw).decode()[3 : (len(raw) + 2) * 8 // 6]),
        ("URL-encoded", "a%2FB%2B%3C%C3%A9%27%22%5C%3E~%3F"),
        ("URL-encoded", "a%2fB%2b%3c%c3%a9%27%22%5c%3e~%3f"),
        ("URL-encoded", "a/B%2B%3C%C3%A9%27%22%5C%3E~%3F"),
        ("URL-encoded", "a/B%2b%3c%c3%a9%27%22%5c%3e~%3f"),
        ("URL-encoded", "a%2FB%2B%3C%C3%A9%27%22%5C%3E~%3F"),
        ("URL-encoded", "a%2fB%2b%3c%c3%a9%27%22%5c%3e~%3f"),
        ("hex", raw.hex()),
        ("hex", raw.hex().upper()),
        ("escaped", "a/B+<\\u00e9'\\\"\\\\>~?"),
        ("escaped", "a/B+<é'\\\"\\\\>~?"),
        ("escaped", "a\\/B+<\\u00e9'\\\"\\\\>~?"),
        ("escaped", "a/B+<é\\'\"\\\\>~?"),
        ("HTML-escaped", "a/B+&lt;é&#x27;&quot;\\&gt;~?"),
        ("HTML-escaped", "a/B+&lt;é&#39;&#34;\\&gt;~?"),
        ("HTML-escaped", "a/B+&lt;é'\"\\&gt;~?"),
    ]


def test_a_short_value_has_no_base64_of_its_own() -> None:
    """Six bytes leave eight characters at most; at the alignments that leave fewer than seven none is looked for."""
    assert [form for name, form in encodings("abcdef") if name == "base64"] == ["YWJjZGVm"] * 2 + ["FiY2RlZ"] * 2 + [
        "hYmNkZW"
    ] * 2
    assert [form for name, form in encodings("abcd") if name == "base64"] == []


def test_half_a_character_has_no_form_for_addresses() -> None:
    """What no encoding knows is looked for as it stands and escaped; it breaks nothing."""
    forms = list(encodings("secret\ud83d"))
    assert ("escaped", "secret\\ud83d") in forms
    assert "URL-encoded" not in {name for name, _ in forms}
    for edge in ("\ud800", "\udfff"):
        assert "URL-encoded" not in {name for name, _ in encodings(f"secret{edge}")}
    for other in ("\ud7ff", "\ue000"):
        assert "URL-encoded" in {name for name, _ in encodings(f"secret{other}")}


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("plain-word", ["plain-word"]),
        ("https://host/path", ["https://host/path"]),
        ("redis://user@host", ["redis://user@host"]),
        ("redis://:w%40rd@h", ["redis://:w%40rd@h", "w%40rd", "w@rd", "w%40rd", "w@rd"]),
        ("pg+x://u:a/b@c@h/d", ["pg+x://u:a/b@c@h/d", "a/b@c", "a/b@c"]),
        ("see redis://:word@h", ["see redis://:word@h"]),
    ],
)
def test_the_parts_of_an_address_are_its_password(value: str, parts: list[str]) -> None:
    """As it stands and decoded; with a raw slash or at sign, the whole of it."""
    assert list(parts_of(value)) == parts


def test_the_limits_are_as_meant() -> None:
    """Six characters make a secret, four hundred an excerpt."""
    assert (SHORTEST_SECRET, LONGEST_EXCERPT) == (6, 400)
    assert Redactor(["sixsix", "fives"]).text("sixsix fives") == "[redacted] fives"
    assert Redactor(["  spaced-out \n"]).text("a spaced-out b") == "a [redacted] b"


def test_a_long_line_of_a_secret_file_is_a_secret_and_a_short_word_is_none() -> None:
    """From sixteen characters on, with the name of the whole."""
    redactor = Redactor.from_mapping({"FILE": "a begin\n0123456789abcdef\n0123456789abcde end"})
    assert redactor.text("begin 0123456789abcdef end") == "begin [redacted FILE] end"
    assert redactor.text("begin 0123456789abcde end") == "begin 0123456789abcde end"


def test_the_first_name_of_a_value_stays() -> None:
    """Two variables of one value: the mark does not change in the middle of a report."""
    redactor = Redactor.from_mapping({"FIRST": "same-value", "SECOND": "same-value"})
    assert redactor.text("same-value") == "[redacted FIRST]"


def test_data_of_each_kind_keeps_its_kind() -> None:
    """Lists, tuples, sets, bytes that are no text, numbers, nothing."""
    redactor = Redactor(["hush-hush"])
    data = [("hush-hush",), {"hush-hush"}, frozenset({"hush-hush"}), ["x"], b"\xff hush-hush", 1, True, None]
    clean = [("[redacted]",), {"[redacted]"}, frozenset({"[redacted]"}), ["x"], "\ufffd [redacted]".encode()]
    assert redactor.data(data) == [*clean, 1, True, None]
    assert [type(item) for item in redactor.data(data)] == [type(item) for item in data]


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("rnd_abcdef", "[redacted]"),
        ("rnd_abcde", "rnd_abcde"),
        ("brnd_abcdef", "brnd_abcdef"),
        ("bearer abcdef", "bearer [redacted]"),
        ("Bearer abcde", "Bearer abcde"),
        ("Bearer [redacted KEY]", "Bearer [redacted KEY]"),
        ("x://u:word@h", "x://u:word@h"),
        ("xy://u:word@h", "xy://u:[redacted]@h"),
        ("xy://u:wo/rd@h", "xy://u:wo/rd@h"),
    ],
)
def test_shapes_begin_and_end_where_they_should(text: str, clean: str) -> None:
    """A character less is no secret's shape."""
    assert Redactor().text(text) == clean


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("12345678", 8, "12345678"),
        ("123456789", 8, "... and 9 characters more"),
        ("1234567 9", 8, "1234567... and 2 characters more"),
        ("12345678 0", 8, "12345678... and 2 characters more"),
        ("123456789 1", 8, "... and 11 characters more"),
        ("a b c d e f", 8, "a b c d... and 4 characters more"),
        ("a'b 5678 0", 3, "a'b... and 7 characters more"),
        ("", 0, ""),
    ],
)
def test_an_excerpt_is_cut_at_the_last_edge_that_fits(text: str, most: int, shown: str) -> None:
    """A space behind the last character that fits is one."""
    assert excerpt(text, most) == shown
    assert excerpt("x" * 400) == "x" * 400
    assert excerpt("x" * 401) == "... and 401 characters more"


def test_an_excerpt_around_reaches_for_whole_tokens_as_far_as_it_may() -> None:
    """Four hundred characters on either side; beyond it is a long run, of which nothing is shown."""
    run = "(inside a long run of characters)"
    assert excerpt_around("one two three", 4, 7) == "two"
    assert excerpt_around("one two three", 5, 6) == "two"
    assert excerpt_around("one", 1, 2) == "one"
    assert excerpt_around("a" * 400 + "X b", 400, 401) == excerpt("a" * 400 + "X")
    assert excerpt_around("a" * 401 + "X b", 401, 402) == run
    assert excerpt_around("a X" + "b" * 400, 2, 3) == excerpt("X" + "b" * 400)
    assert excerpt_around("a X" + "b" * 401, 2, 3) == run
    assert excerpt_around("a X" + "b" * 401 + " c", 2, 3) == run
    assert excerpt_around("c " + "a" * 401 + "X b", 403, 404) == run
    assert excerpt_around(" " + "a" * 398 + "X b", 399, 400) == "a" * 398 + "X"
    assert excerpt_around(" " + "a" * 399 + "X b", 400, 401) == "a" * 399 + "X"
    assert excerpt_around("b X" + "a" * 397 + " c", 2, 3) == "X" + "a" * 397
