"""The CI summary says what the document says, and measured text can't become markup in it."""

from __future__ import annotations

import re
from collections.abc import Callable
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from acceptance.report import render_markdown
from acceptance.report.markdown import code, escape
from proof.report import sample
from proof.report.test_html import SAMPLES, filled

HOSTILE = "| a | `code` <b>x</b> **bold** [l](https://evil.example) ![i](x) &lt; \\\n\n# head\n```\n~~s~~ https://a.b"
HARMLESS = "x\n\nx\nx\nx"


def shape(markdown: str) -> list[str]:
    """Return the kinds of a summary's elements in order, as Markdown reads them; neighbours of a kind are one."""
    kinds: list[str] = []
    for token in MarkdownIt("gfm-like", {"linkify": False}).parse(markdown):
        parts = [part.type for part in token.children or ()]
        kinds += [token.type, *(kind for kind, _ in groupby(parts))]
    return kinds


@pytest.mark.parametrize("build", SAMPLES)
def test_hostile_text_keeps_the_summary_in_shape(build: Callable[[], sample.Document]) -> None:
    """A summary of hostile text has exactly the elements of one of harmless text."""
    hostile = render_markdown(filled(build(), HOSTILE))
    assert shape(hostile) == shape(render_markdown(filled(build(), HARMLESS)))


@given(st.text())
def test_escaped_text_is_text(text: str) -> None:
    """Whatever the text, escaped it is one line of a paragraph, without an address that links itself."""
    escaped = escape(text)
    kinds = set(shape(f"x {escaped}"))
    assert kinds == {"paragraph_open", "inline", "text", "paragraph_close"}
    assert "\n" not in escaped
    assert "://" not in escaped


@given(st.text(alphabet="a` |<\n"))
def test_a_code_span_ends_where_it_should(text: str) -> None:
    """No run of backticks inside a code span is as long as its fence."""
    span = code(text)
    fence = re.match("`+", span)
    assert fence
    inside = span[fence.end() : -fence.end()]
    assert all(len(run) < fence.end() for run in re.findall("`+", inside))
    assert "\n" not in span


@pytest.mark.parametrize("build", SAMPLES)
def test_the_verdict_and_every_criterion_stand(build: Callable[[], sample.Document]) -> None:
    """The first line is the verdict and target; each criterion has one row."""
    document = build()
    lines = render_markdown(document).splitlines()
    assert lines[0].startswith(f"## {document['verdict']}")
    assert lines[0].endswith(f"\N{EN DASH} {document['target']['name']}")
    rows = [line.split(" | ")[0].removeprefix("| ") for line in lines if re.match(r"\| [A-Z]+-\d", line)]
    assert sorted(rows) == sorted(criterion["id"] for criterion in document["criteria"])


def test_failures_come_first_with_their_messages() -> None:
    """The table begins with the failures, and their messages follow it, the command as code."""
    text = render_markdown(sample.no_go_on_production())
    assert text.index("| MH-3 |") < text.index("| DP-4 |") < text.index("| MH-5 |") < text.index("| MH-1 |")
    assert "  - Found: 500 Internal Server Error after 41 ms" in text
    assert """  - Reproduce with: `psql "$DATABASE_URL" -c "\\d analytics_events"`""" in text


def test_the_reference_and_a_part_say_so() -> None:
    """Neither a rehearsal nor a partial run can be taken for a sign-off."""
    assert "**Embedded deployment \N{EN DASH} not a production sign-off.**" in render_markdown(sample.go_on_reference())
    assert render_markdown(sample.unverified_partial()).startswith("## UNVERIFIED (PARTIAL)")
