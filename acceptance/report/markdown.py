"""The summary for a CI job's page: Markdown in which measured text can't become markup."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from jinja2 import Environment

from acceptance.report.documents import Document, having
from acceptance.report.headline import headline, partial_reasons
from acceptance.report.rendering import environment
from acceptance.report.text import one_line, visible
from acceptance.report.words import OUTCOMES

# Everything with which GitHub's Markdown begins markup inside a line; the colon as well, so that no address links.
_MARKUP = re.compile(r"([\\`*_\[\]<>|~$&#]|:(?=//))")
_LONGEST_TEXT = 600
_LONGEST_COMMAND = 1200


class _Markup(str):
    """Text that is Markdown already."""

    __slots__ = ()


def render_markdown(document: Document) -> str:
    """Render the Markdown summary of a document (schema 1): the verdict, every criterion, the failures in short.

    Raises:
        KeyError, jinja2.UndefinedError: the document lacks a member that schema 1 has.
    """
    shown: Document = visible(document)
    return (
        _environment()
        .get_template("summary.md.j2")
        .render(
            document=shown,
            headline=headline(shown),
            partial_reasons=partial_reasons(shown),
            criteria=[criterion for outcome in OUTCOMES for criterion in having(shown, outcome)],
            outcomes=OUTCOMES,
        )
    )


def escape(value: object) -> str:
    """Return a value as text of one line that GitHub's Markdown shows as it is, also inside a table."""
    return _MARKUP.sub(r"\\\1", one_line(str(value), _LONGEST_TEXT))


def code(text: str) -> str:
    """Return the text as a code span; its fence is longer than any run of backticks in it. Not for tables."""
    line = one_line(text, _LONGEST_COMMAND)
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    return _Markup(f"{fence} {line} {fence}" if longest else f"{fence}{line}{fence}")


def _finalize(value: Any) -> Any:  # noqa: ANN401 - whatever an expression of the template gives
    return value if isinstance(value, _Markup) else escape(value)


@cache
def _environment() -> Environment:
    made = environment(autoescape=False, finalize=_finalize)
    made.filters["code"] = code
    return made
