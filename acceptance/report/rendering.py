"""The one way in which the reports' templates are loaded: strict about what a document lacks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from acceptance.report import documents, text, words

_TEMPLATES = Path(__file__).parent / "templates"
_FILTERS: Mapping[str, Callable[..., Any]] = {
    "count": words.count,
    "day": words.day,
    "level": words.level_words,
    "explained": documents.explained,
    "measured": documents.measured,
    "moment": words.moment,
    "passages": text.passages,
    "seconds": words.seconds,
    "selection": words.selection_words,
}


def environment(*, autoescape: bool, finalize: Callable[[Any], Any] | None = None) -> Environment:
    """Return a Jinja environment over the reports' templates, with their filters.

    Args:
        autoescape: whether every expression is escaped for HTML.
        finalize: what else is done to the value of every expression before it is written.
    """
    made = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=autoescape,  # noqa: S701 - off for Markdown alone: there `finalize` escapes every expression
        finalize=finalize,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    made.filters |= _FILTERS
    return made
