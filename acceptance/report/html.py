"""The sign-off page: one self-contained HTML file, from an autoescaped template."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment

from acceptance.report import words
from acceptance.report.documents import Document, having
from acceptance.report.form import fill
from acceptance.report.headline import headline, partial_reasons
from acceptance.report.rendering import environment
from acceptance.report.text import clipped, visible
from acceptance.report.words import OUTCOMES

# Characters of all texts of a page together: more could not be read, and a browser has to stay quick.
_TEXT_BUDGET = 1_500_000
_LONGEST_TEXT, _SHORTEST_TEXT = 12_000, 300


def render_html(document: Document) -> str:
    """Render the sign-off page of a document (schema 1).

    Raises:
        KeyError, jinja2.UndefinedError: the document lacks a member that schema 1 has.
    """
    shown: Document = visible(document)
    limit = _text_limit(shown)
    return (
        _environment()
        .get_template("signoff.html.j2")
        .render(
            document=shown,
            form=fill(shown),
            headline=headline(shown),
            partial_reasons=partial_reasons(shown),
            groups={outcome: having(shown, outcome) for outcome in OUTCOMES},
            outcomes=OUTCOMES,
            exit_statuses=words.EXIT_STATUSES,
            fitted=lambda text: clipped(text, limit),
        )
    )


@cache
def _environment() -> Environment:
    made = environment(autoescape=True)
    made.globals["elapsed"] = words.elapsed
    return made


def _text_limit(document: Document) -> int:
    """Return how many characters each message and each piece of evidence may take, so that the page stays small."""
    texts = sum(len(criterion["tests"]) + len(criterion["evidence"]) for criterion in document["criteria"])
    return max(_SHORTEST_TEXT, min(_LONGEST_TEXT, _TEXT_BUDGET // max(1, texts)))
