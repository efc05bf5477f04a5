"""Redaction by value: no secret leaves through any output, however it is encoded."""

from __future__ import annotations

import base64
import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Self
from urllib.parse import quote, quote_plus, unquote

SHORTEST_SECRET = 6
LONGEST_EXCERPT = 400
_SHORTEST_BASE64 = 7  # of a shorter one, too much text would match by chance
_SHORTEST_PIECE = 16  # a shorter piece of a secret with spaces may be an ordinary word

_EDGE = re.compile(r"""(?<!\\)["'\s]""")  # where a token ends; an escaped quote ends none
_TOKENS = re.compile(r"""[^"'\s]+""")

_PASSWORD = re.compile(r"[\w+.-]+://[^/:@\s]*:([^/@\s]+)@")
_GREEDY_PASSWORD = re.compile(r"[\w+.-]+://[^/:@\s]*:(\S+)@")
_SHAPES = re.compile(
    r"""(?P<scheme>\b[a-zA-Z][\w+.-]{1,30}://[^\s/:@"'<>]*:)[^\s/"'<>]+(?=@)
    |(?P<bearer>\b[Bb]earer\s+)(?!\[redacted)[\w.~+/=-]{6,}
    |\brnd_[A-Za-z0-9]{6,}""",
    re.VERBOSE,
)


def encodings(value: str) -> Iterator[tuple[str, str]]:
    """Yield each form in which a value may be written, with the encoding's name, such as `("hex", "...")`.

    Base64 comes in three alignments, as a part of a longer text, without the characters that its neighbours decide.
    """
    raw = value.encode("utf-8", "surrogatepass")
    yield "raw", value
    for shift in range(3):
        piece = _base64_core(raw, shift)
        if len(piece) >= _SHORTEST_BASE64:
            yield "base64", piece
            yield "base64", piece.translate(str.maketrans("+/", "-_"))
    if value.isascii() or not _has_surrogates(value):
        for encode in (_quote_all, quote, quote_plus):
            yield "URL-encoded", encode(value)
            yield "URL-encoded", re.sub(r"%[0-9A-F]{2}", lambda match: match[0].lower(), encode(value))
    yield "hex", raw.hex()
    yield "hex", raw.hex().upper()
    yield "escaped", json.dumps(value)[1:-1]
    yield "escaped", json.dumps(value, ensure_ascii=False)[1:-1]
    yield "escaped", json.dumps(value)[1:-1].replace("/", "\\/")
    yield "escaped", repr(value)[1:-1]
    yield "HTML-escaped", html.escape(value)
    yield "HTML-escaped", html.escape(value).replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    yield "HTML-escaped", html.escape(value, quote=False)


def parts_of(value: str) -> Iterator[str]:
    """Yield the value and, when it is an address with a password, the password as it stands and decoded.

    A password with a raw slash or at sign, which should be escaped, is known in full as well.
    """
    yield value
    for pattern in (_PASSWORD, _GREEDY_PASSWORD):
        if match := pattern.match(value):
            yield match[1]
            yield unquote(match[1])


def excerpt(text: str, most: int = LONGEST_EXCERPT) -> str:
    """Return the beginning of a text, cut where a token ends, and how many characters more there are.

    Redaction knows whole secrets: a text that is cut inside of one before it is redacted would show the rest of it.

    Args:
        text: what is to be shown.
        most: the longest that is shown, in characters.
    """
    if len(text) <= most:
        return text
    kept = text[: max((edge.start() for edge in _EDGE.finditer(text, 0, most + 1)), default=0)]
    return f"{kept}... and {len(text) - len(kept)} characters more"


def excerpt_around(text: str, start: int, end: int) -> str:
    """Return what stands between two positions, with the whole of the tokens that they cut, as an excerpt."""
    before = max((edge.end() for edge in _EDGE.finditer(text, max(0, start - LONGEST_EXCERPT), start)), default=None)
    after = _EDGE.search(text, end, end + LONGEST_EXCERPT)
    reaches_start, reaches_end = start <= LONGEST_EXCERPT, end + LONGEST_EXCERPT >= len(text)
    if (before is None and not reaches_start) or (after is None and not reaches_end):
        return "(inside a long run of characters)"
    return excerpt(text[before or 0 : after.start() if after else len(text)])


class Redactor:
    """Replaces every known secret value by a mark, in all its encodings, and whatever has a secret's shape.

    Values shorter than SHORTEST_SECRET characters are not replaced: too much innocent text would be.

    Args:
        values: secrets without a name; see also `from_mapping` and `learn`.
    """

    def __init__(self, values: Iterable[str] = ()) -> None:
        self._marks: dict[str, str] = {}
        for value in values:
            self.learn("", value)

    @classmethod
    def from_mapping(cls, values: Mapping[str, str]) -> Self:
        """Return a redactor whose marks name the variables."""
        redactor = cls()
        for name, value in values.items():
            redactor.learn(name, value)
        return redactor

    def learn(self, name: str, value: str) -> None:
        """Redact this value from now on; its mark holds the name."""
        mark = f"[redacted {name}]" if name else "[redacted]"
        parts = {*parts_of(value.strip()), *_pieces(value)}
        forms = {form for part in parts if len(part) >= SHORTEST_SECRET for _, form in encodings(part)}
        self._marks = {**self._marks, **{form: mark for form in forms if form not in self._marks}}

    def text(self, text: str) -> str:
        """Return the text without secrets."""
        marks = self._marks
        present = sorted((form for form in marks if form in text), key=len, reverse=True)
        if present:
            text = re.sub("|".join(map(re.escape, present)), lambda match: marks[match[0]], text)
        return _SHAPES.sub(_mark_shape, text) if "://" in text or "earer" in text or "rnd_" in text else text

    def data(self, data: Any) -> Any:  # noqa: ANN401 - any JSON-like data, of the same shape
        """Return JSON-like data, keys included, without secrets."""
        if isinstance(data, str):
            return self.text(data)
        if isinstance(data, Mapping):
            return {self.data(key): self.data(value) for key, value in data.items()}
        if isinstance(data, list | tuple | set | frozenset):
            return type(data)(self.data(item) for item in data)
        return self.text(data.decode("utf-8", "replace")).encode() if isinstance(data, bytes) else data


_quote_all: Callable[[str], str] = lambda value: quote(value, safe="")  # noqa: E731 - one of three encoders


def _base64_core(raw: bytes, shift: int) -> str:
    """The base64 characters that `raw` alone decides when `shift` bytes (modulo 3) come before it."""
    text = base64.b64encode(b"\0" * shift + raw).decode()
    first, behind = -(-8 * shift // 6), 8 * (shift + len(raw)) // 6
    return text[first:behind]


def _pieces(value: str) -> Iterator[str]:
    """The long pieces of a value with spaces or lines, such as a PEM file: an excerpt may end between them."""
    return (piece for piece in _TOKENS.findall(value) if len(piece) >= _SHORTEST_PIECE)


def _has_surrogates(value: str) -> bool:
    return any("\ud800" <= character <= "\udfff" for character in value)


def _mark_shape(match: re.Match[str]) -> str:
    return f"{match['scheme'] or match['bearer'] or ''}[redacted]"
