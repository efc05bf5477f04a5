"""Values that somebody typed, and values that were generated: each reason, and where exactly a limit stands."""

from __future__ import annotations

import pytest

from acceptance.checks.randomness import key_reason, opaque_reason, placeholder_reason

REPEATED, IN_PARTS = "it repeats itself", "it repeats itself in parts"
SEQUENCE = "it is a sequence of neighbouring or equal characters"
TOO_FEW = "it uses too few different characters"
KEY = "4b1f0c9d8e7a6b5c2e9f7a3d1c8b5e06"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("Change-Me", "it says that it is to be replaced"),
        ("replace_with_key", "it says that it is to be replaced"),
        ("to-be-set", "it says that it is to be replaced"),
        ("YOUR_API_KEY", 'it is a template ("your-...")'),
        ("my-shop-key", 'it is a template ("your-...")'),
        ("${KEY}", "it is a template that was not filled in"),
        ("<key>", "it is a template that was not filled in"),
        ("a-Staging-key", "it is a development default"),
        ("localhost", "it is a development default"),
        ("an-Example", "it is an example"),
        ("SuperSecret1", "it is made of common words"),
        (" None ", "it stands for nothing"),
        ("N/A", "it stands for nothing"),
        ("test-1", "it stands for nothing"),
        ("ab-xxxxx-c", "it is blanked out"),
        ("XXX", "it is blanked out"),
        ("ab***c", "it is blanked out"),
        ("xxxx1", ""),
        ("developer1", ""),
        ("attest-ation", ""),
        (KEY, ""),
    ],
)
def test_each_placeholder_is_told_its_reason(value: str, reason: str) -> None:
    """In any case, with space around it; what only holds such a word is none."""
    assert placeholder_reason(value) == reason


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("Vb4Nm6Z", "it is shorter than 8 characters"),
        ("Vb4Nm6Zt", ""),
        ("Vb4NVb4N", REPEATED),
        ("Vb4Nm6ZVb4Nm6Z", REPEATED),
        ("abcdefgh", SEQUENCE),
        ("87654321", SEQUENCE),
        ("q1w1q1w1qq1w", TOO_FEW),
        ("changeme", "it says that it is to be replaced"),
    ],
)
def test_each_typed_value_is_told_its_reason(value: str, reason: str) -> None:
    """A key that another service gave out is no pattern."""
    assert opaque_reason(value) == reason


def test_a_run_of_neighbours_may_be_three_fifths_of_a_value() -> None:
    """Six of ten steps pass, seven do not."""
    assert opaque_reason("abcdefg4Xq9") == ""
    assert opaque_reason("abcdefgh4Xq") == SEQUENCE


def test_a_value_that_repeats_in_parts_is_told() -> None:
    """Three quarters of its pieces must differ."""
    assert opaque_reason("q7Xw9Lk2q7Xw9Lk2q7") == IN_PARTS
    assert opaque_reason("q7Xw9Lk2Vb4Nm6Zt") == ""


@pytest.mark.parametrize(
    ("value", "min_bytes", "reason"),
    [
        (KEY, 16, ""),
        (KEY, 17, "it can hold 128 bits of entropy at most, 136 are needed"),
        (KEY[:31], 16, "it can hold 124 bits of entropy at most, 128 are needed"),
        (KEY.upper(), 16, ""),
        (KEY.upper()[:31], 16, "it can hold 124 bits of entropy at most, 128 are needed"),
        ("40917283650918273645", 8, ""),
        ("40917283650918273645", 9, "it can hold 66 bits of entropy at most, 72 are needed"),
        ("q7Xw9Lk2Vb4Nm6Zt8RgH", 15, ""),
        ("q7Xw9Lk2Vb4Nm6Zt8RgH", 16, "it can hold 120 bits of entropy at most, 128 are needed"),
        ("q7Xw9Lk2Vb4Nm6Zt8RgH==", 16, "it can hold 120 bits of entropy at most, 128 are needed"),
        ("q7!w9Lk2Vb4Nm6Zt8RgH", 15, ""),
        ("q7!w9Lk2Vb4Nm6Zt8RgH", 16, "its characters are spread as unevenly as 86 bits of entropy, 128 are needed"),
        ("one two", 1, "it is a phrase of words"),
        ("horse-battery-staple-correct", 1, "it is a phrase of words"),
        ("horse-battery-staple", 1, ""),
        ("q7Xq7Xq7X", 1, REPEATED),
        ("changeme", 1, "it says that it is to be replaced"),
        ("qq", 1, REPEATED),
        ("q", 1, "it can hold 6 bits of entropy at most, 8 are needed"),
        (f"{KEY[:31]}=", 16, "it can hold 124 bits of entropy at most, 128 are needed"),
        ("q7Xwd9qX7d", 1, ""),
        ("q7Xw7qwXq7", 1, TOO_FEW),
    ],
)
def test_each_key_is_told_what_it_can_hold(value: str, min_bytes: int, reason: str) -> None:
    """By the size of its alphabet, padding left out."""
    assert key_reason(value, min_bytes) == reason
