"""Measured text is split at its labels, bounded, and has no hidden characters."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from acceptance.report.text import Passage, clipped, one_line, passages, visible
from acceptance.report.words import day, elapsed, listed, moment, seconds, selection_words


def test_a_labelled_message_is_split() -> None:
    """Labels begin parts, further lines belong to them, an empty line ends them."""
    message = (
        "Before\nExpected: a\n  b\nFound:\n  c: d\nReproduce with: curl x\n\nExpected: e\n\nand 3 more of the kind"
    )
    assert passages(message) == [
        Passage("", "Before"),
        Passage("Expected", "a\n  b"),
        Passage("Found", "  c: d".strip("\n")),
        Passage("Reproduce with", "curl x"),
        Passage("Expected", "e"),
        Passage("", "and 3 more of the kind"),
    ]


def test_a_message_without_labels_is_one_text() -> None:
    """Text that has no label stays whole, and none gives none."""
    assert passages("Note: expected: x\nassert 1 == 2") == [Passage("", "Note: expected: x\nassert 1 == 2")]
    assert passages("") == []


@given(st.text())
def test_no_word_of_a_message_is_lost(message: str) -> None:
    """Whatever the message, its words are in its parts."""
    parts = " ".join(f"{label}: {text}" if label else text for label, text in passages(message))
    assert set(message.split()) <= set(parts.split()) | {"Expected:"}


@given(st.text(st.characters()))
def test_nothing_hidden_stays(text: str) -> None:
    """Visible text has no control, format or surrogate character, and can be encoded."""
    shown = visible({"key": [text]})["key"][0]
    assert not [c for c in shown if unicodedata.category(c) in {"Cc", "Cf", "Cs"} and c not in "\n\t"]
    assert shown.encode().decode() == shown


def test_ordinary_text_stays_as_it_is() -> None:
    """Letters of any script, line ends and tabs are not touched; nor is what is no text."""
    value = {"a": ["Zażółć\tgęślą\n日本語 “x”", 1, 1.5, None, True]}
    assert visible(value) == value


def test_long_text_says_what_was_cut() -> None:
    """A clipped text is bounded and says how much is missing."""
    assert clipped("abc", 3) == "abc"
    assert clipped("abcdef", 3) == "abc\n[3 more characters are in signoff.json]"
    assert one_line(" a\n b ", 10) == "a b"
    assert one_line("abcdef", 4) == "abc…"


@pytest.mark.parametrize(
    ("duration_s", "text"), [(0, "0.00 s"), (9.994, "9.99 s"), (12.34, "12.3 s"), (245, "4 min 05 s")]
)
def test_durations_have_their_unit(duration_s: float, text: str) -> None:
    """Durations read as people write them."""
    assert seconds(duration_s) == text


def test_moments_are_utc() -> None:
    """Moments are shown in UTC, and what is none stands as it is."""
    assert moment("2026-01-14T10:32:08+01:00") == "2026-01-14 09:32:08 UTC"
    assert day("2026-02-01") == "1\N{NO-BREAK SPACE}February 2026"
    assert moment("") == "not recorded"
    assert moment("soon") == day("soon") == "soon"
    assert elapsed("2026-01-14T09:32:08Z", "2026-01-14T09:32:12.5Z") == "4.50 s"
    assert elapsed("2026-01-14T09:32:08Z", "") == "not known"


def test_names_read_as_in_a_sentence() -> None:
    """Lists and selections are words."""
    assert [listed(["a"]), listed(["a", "b", "c"]), listed([])] == ["a", "a, b and c", ""]
    assert selection_words("must_have") == "must-have criteria"
    assert selection_words("must_have or kpi") == "must_have or kpi"
