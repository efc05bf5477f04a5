"""Undoing encodings: what a text says once it is read as its reader would, layer by layer."""

from __future__ import annotations

import base64
import html
import re
from collections.abc import Callable, Iterable, Iterator
from urllib.parse import unquote_plus

DEEPEST = 3
MOST_TEXT = 8_000_000
"""How many characters are undone in all: what is wrapped in itself many times is not followed for ever."""
MOSTLY = 0.75
"""Which share of decoded bytes must be text, else they were not encoded by anybody, or begin elsewhere."""

_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|([^ux]))", re.DOTALL)
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f"}
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{12,}(?:\r?\n[A-Za-z0-9+/_-]+)*")
_STANDARD = str.maketrans("-_", "+/", "\r\n")
_HEX = re.compile(r"[0-9a-fA-F]{12,}")


def unwrapped(text: str, depth: int = DEEPEST) -> Iterator[tuple[str, str]]:
    """Yield what a text holds with its encodings undone, and their names from the outside, such as `"base64, URL"`.

    Args:
        text: as it was received; it is not yielded itself.
        depth: how many encodings may stand around each other.
    """
    layer, left = [("", text)], MOST_TEXT
    for _ in range(depth):
        inside = []
        for names, outer in layer:
            for name, inner in _undone(outer):
                left -= len(inner)
                if left >= 0:
                    inside.append((f"{names}, {name}" if names else name, inner))
        yield from inside
        layer = inside


def _undone(text: str) -> Iterator[tuple[str, str]]:
    for name, undo in _ENCODINGS.items():
        inner = undo(text)
        if inner and inner != text:
            yield name, inner


def _unescape(text: str) -> str:
    """Undo the escapes of JSON, JavaScript and Python; two halves of a character become one."""
    whole = _ESCAPE.sub(_escaped, text) if "\\" in text else text
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _escaped(match: re.Match[str]) -> str:
    long, short, letter = match.groups()
    return chr(int(long or short, 16)) if letter is None else _CONTROLS.get(letter, letter)


def _from_base64(text: str) -> str:
    """What its long runs hold: letters before it may stick to a run, so each of four beginnings is tried."""
    runs = [run.translate(_STANDARD) for run in _BASE64.findall(text)]
    return _texts(_bytes(run[shift:]) for run in runs for shift in range(4))


def _bytes(run: str) -> bytes:
    whole = run[:-1] if len(run) % 4 == 1 else run
    return base64.b64decode(whole + "=" * (-len(whole) % 4))


def _from_hex(text: str) -> str:
    runs = _HEX.findall(text)
    return _texts(bytes.fromhex(run[shift:][: (len(run) - shift) // 2 * 2]) for run in runs for shift in range(2))


def _texts(several: Iterable[bytes]) -> str:
    """Those that are text, but for the letters that stuck to their ends; a line each."""
    texts = ((one.decode("utf-8", "ignore"), MOSTLY * len(one)) for one in several)
    return "\n".join(text for text, enough in texts if len(text.encode()) >= enough)


_ENCODINGS: dict[str, Callable[[str], str]] = {
    "escaped": _unescape,
    "URL-encoded": lambda text: unquote_plus(text) if "%" in text else text,
    "HTML-escaped": html.unescape,
    "base64": _from_base64,
    "hex": _from_hex,
}
