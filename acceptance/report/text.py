"""What happens to measured text before it is shown: hidden characters made visible, length bounded, labels found."""

from __future__ import annotations

import re
import unicodedata
from typing import Any, NamedTuple

LABELS = ("Expected", "Found", "Where", "What to do", "Reproduce with")
_LABELLED = re.compile(rf"^\s*({'|'.join(LABELS)}):[ \t]*(.*)$")
_HIDDEN_CATEGORIES = {"Cc", "Cf", "Cs", "Co", "Cn"}


class Passage(NamedTuple):
    """A part of a test's message; the label is one of `LABELS`, or empty for text that has none."""

    label: str
    text: str


def passages(message: str) -> list[Passage]:
    """Split a message into its labelled parts, in its order; text before a label or after an empty line has none."""
    parts: list[tuple[str, list[str]]] = [("", [])]
    for line in message.splitlines():
        match = _LABELLED.match(line)
        if match:
            parts.append((match[1], [match[2]]))
        elif line.strip():
            parts[-1][1].append(line)
        else:
            parts.append(("", []))
    texts = (Passage(label, "\n".join(lines).strip("\n").rstrip()) for label, lines in parts)
    return [passage for passage in texts if passage.text or passage.label]


def visible(value: Any) -> Any:  # noqa: ANN401 - JSON in, the same JSON out
    r"""Return the JSON value with control, bidirectional and other hidden characters written out, as `\x1b`.

    An answer of a deployment may hold them, and they would recolour a terminal, reorder a line or break the file.
    """
    if isinstance(value, str):
        return value if value.isascii() and value.isprintable() else "".join(map(_visible_character, value))
    if isinstance(value, dict):
        return {visible(key): visible(item) for key, item in value.items()}
    return [visible(item) for item in value] if isinstance(value, list | tuple) else value


def clipped(text: str, limit: int) -> str:
    """Return the text, of more than `limit` characters only the start, with words that say so."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}\n[{len(text) - limit:,} more characters are in signoff.json]"


def one_line(text: str, limit: int) -> str:
    """Return the text with all white space as single spaces, cut at `limit` characters."""
    joined = " ".join(text.split())
    return joined if len(joined) <= limit else joined[: limit - 1].rstrip() + "…"


def _visible_character(character: str) -> str:
    if character in "\n\t" or unicodedata.category(character) not in _HIDDEN_CATEGORIES:
        return character
    return character.encode("unicode_escape", "surrogatepass").decode()
