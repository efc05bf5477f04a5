"""Telling a generated value from one that somebody typed: placeholders, repetition, sequences, entropy.

No reason that is returned here holds the value, or a part of it.
"""

from __future__ import annotations

import itertools
import math
import re
import string
from collections import Counter

_BETWEEN = r"(?:^|[-_ .:/])"
_END = r"(?:$|[-_ .:/])"
_PLACEHOLDERS = (
    (r"change.?(?:me|this|it)|replace.?(?:me|this|with)|to.?be.?(?:set|defined)", "it says that it is to be replaced"),
    (r"your[-_ ]|^my[-_ ][a-z]{3,}[-_ ]", 'it is a template ("your-...")'),
    (r"[<>]|\$\{|\{\{|%\(", "it is a template that was not filled in"),
    (
        rf"{_BETWEEN}(?:dev|develop|development|local|localhost|debug|staging|testing){_END}",
        "it is a development default",
    ),
    (r"example|placeholder|dummy|insecure|(?:not|un)[-_ ]?(?:secret|safe)|foo.?bar", "it is an example"),
    (r"super.?secret|secret.?key|secret.?value|password|passw0rd|qwerty|letmein|default", "it is made of common words"),
    (
        r"^(?:none|null|nil|undefined|n/?a|tbd|todo|fixme|unset|empty|secret|test|test[-_ ].*|true|false)$",
        "it stands for nothing",
    ),
    (r"x{5,}|^x{3,}$|\*{3,}|\.{3,}|_{6,}|0{8,}", "it is blanked out"),
)
_ALPHABETS = (
    (frozenset("0123456789"), 10),
    (frozenset("0123456789abcdef"), 16),
    (frozenset("0123456789ABCDEF"), 16),
    (frozenset(string.ascii_letters + string.digits + "+/=-_"), 64),
)
_PHRASE = re.compile(r"[A-Za-z]{3,}(?:[-_ .,][A-Za-z]{2,}){3,}|.*\s.*")
_PRINTABLE = 94
_SHORTEST_OPAQUE = 8


def placeholder_reason(value: str) -> str:
    """Return why the value is a placeholder or development default; empty when it is none."""
    text = value.strip()
    for pattern, reason in _PLACEHOLDERS:
        if re.search(pattern, text, re.IGNORECASE):
            return reason
    return ""


def opaque_reason(value: str) -> str:
    """Return why the value can't be a key that another service gave out; empty when it can."""
    if reason := placeholder_reason(value):
        return reason
    if len(value) < _SHORTEST_OPAQUE:
        return f"it is shorter than {_SHORTEST_OPAQUE} characters"
    return _pattern_reason(value)


def key_reason(value: str, min_bytes: int) -> str:
    """Return why the value can't hold `min_bytes` of entropy; empty when it can.

    An alphabet is taken by its size: 64 hexadecimal digits hold 32 bytes, 43 characters of base64 do as well. The
    characters that occur must then be about as evenly spread as random ones are.
    """
    if reason := placeholder_reason(value) or _pattern_reason(value):
        return reason
    if _PHRASE.fullmatch(value):
        return "it is a phrase of words"
    wanted = min_bytes * 8
    if (possible := _possible_bits(value)) < wanted:
        return f"it can hold {possible:.0f} bits of entropy at most, {wanted} are needed"
    if (spread := _spread_bits(value)) < wanted * 0.7:
        return f"its characters are spread as unevenly as {spread:.0f} bits of entropy, {wanted} are needed"
    return ""


def _pattern_reason(value: str) -> str:
    if len(value) > 1 and value in (value + value)[1:-1]:
        return "it repeats itself"
    if _run_share(value) > 0.6:
        return "it is a sequence of neighbouring or equal characters"
    pieces = [value[i : i + 4] for i in range(len(value) - 3)]
    if pieces and len(set(pieces)) < 0.75 * len(pieces):
        return "it repeats itself in parts"
    if len(set(value)) < min(5, len(value)):
        return "it uses too few different characters"
    return ""


def _run_share(value: str) -> float:
    """The share of neighbours that are equal or one apart, such as in "aaaa", "1234" and "dcba"."""
    steps = [abs(ord(b) - ord(a)) for a, b in itertools.pairwise(value)]
    return sum(step <= 1 for step in steps) / len(steps) if steps else 0.0


def _possible_bits(value: str) -> float:
    """The bits that a random value of this length and alphabet holds."""
    used = set(value.rstrip("="))
    size = next((size for alphabet, size in _ALPHABETS if used <= alphabet), _PRINTABLE)
    return len(value.rstrip("=")) * math.log2(size)


def _spread_bits(value: str) -> float:
    """Shannon's entropy of the characters' frequencies, over the whole length."""
    counts = Counter(value).values()
    return -sum(n * math.log2(n / len(value)) for n in counts)
