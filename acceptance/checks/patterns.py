"""Looking for patterns in texts of any length: only around the signs without which a pattern can't match."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from acceptance.contract import Pattern

REACH = 600
"""How far, in characters, a match may reach from a sign that it holds."""


def matches(patterns: Sequence[Pattern], text: str, sent: str = "") -> Iterator[tuple[Pattern, re.Match[str]]]:
    """Yield the first match of each pattern in the text, but for what was `sent`, which is an echo."""
    folded = _folded(text)
    for pattern in patterns:
        first = next((match for match in _matches(pattern, text, folded) if match[0] not in sent), None)
        if first is not None:
            yield pattern, first


def _folded(text: str) -> str:
    """The text with its ASCII letters in lower case, of the same length; other characters don't matter to a sign."""
    return text.encode("ascii", "replace").lower().decode("ascii")


def _matches(pattern: Pattern, text: str, folded: str) -> Iterator[re.Match[str]]:
    for sign in pattern.signs:
        at = folded.find(sign)
        while at >= 0:
            for match in pattern.regex.finditer(text, max(0, at - REACH), at + 2 * REACH):
                if match.start() >= at + REACH:
                    break  # its own sign leads there, and its end may be cut off here
                yield match
            at = folded.find(sign, at + REACH)
