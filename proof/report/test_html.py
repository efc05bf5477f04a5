"""The sign-off page says what the document says, in its order, and nothing in it can become markup."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from jinja2 import UndefinedError

from acceptance.report import render_html
from proof.report import sample
from proof.report.pages import Page

HOSTILE = "\"'><script src=https://evil.example/x.js>alert(1)</script><img src=x onerror=y>{{ 7*7 }}</style></title>"
VOCABULARY = {"schema", "verdict", "stage", "level", "outcome", "expires", "started", "finished", "id"}
SAMPLES = (
    sample.go_on_reference,
    sample.go_on_production,
    sample.no_go_on_production,
    sample.unverified_partial,
)
every_sample = pytest.mark.parametrize("build", SAMPLES)


def filled(value: Any, text: str) -> Any:
    """Return the document with every free text replaced by this one."""
    if isinstance(value, dict):
        return {key: item if key in VOCABULARY else filled(item, text) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, text) for item in value]
    return text if isinstance(value, str) else value


@every_sample
def test_the_page_is_well_formed(build: Callable[[], sample.Document]) -> None:
    """Every element that is opened is closed, in order, and no id stands twice."""
    page = Page(render_html(build()))
    ids = [element.attributes["id"] for element in page.elements if "id" in element.attributes]
    assert page.opened == []
    assert len(ids) == len(set(ids))


@every_sample
def test_every_link_leads_somewhere(build: Callable[[], sample.Document]) -> None:
    """Links stay inside the page, and their targets exist."""
    elements = Page(render_html(build())).elements
    ids = {f"#{element.attributes['id']}" for element in elements if "id" in element.attributes}
    assert {element.attributes["href"] for element in elements if element.name == "a"} <= ids


@every_sample
def test_the_page_needs_nothing_else(build: Callable[[], sample.Document]) -> None:
    """No script, no external resource: one file is all."""
    source = render_html(build())
    elements = Page(source).elements
    assert not {element.name for element in elements} & {"script", "link", "img", "iframe", "object", "base", "form"}
    assert not [element for element in elements if {"src", "srcset", "style", "onload"} & element.attributes.keys()]
    assert "url(" not in source
    assert "@import" not in source


@every_sample
def test_hostile_text_stays_text(build: Callable[[], sample.Document]) -> None:
    """A page full of hostile text has exactly the elements of a page full of harmless text."""
    hostile = Page(render_html(filled(build(), HOSTILE)))
    harmless = Page(render_html(filled(build(), "x" * len(HOSTILE))))
    assert [element.name for element in hostile.elements] == [element.name for element in harmless.elements]
    assert "alert(1)" in hostile.text
    assert "{{ 7*7 }}" in hostile.text


@every_sample
def test_hidden_characters_are_written_out(build: Callable[[], sample.Document]) -> None:
    """Escapes, reversals and half surrogates show as such, and the page can be encoded."""
    source = render_html(filled(build(), "a\x1b[31m\x00\u202eb\ud800"))
    assert r"a\x1b[31m\x00\u202eb\ud800" in Page(source).text
    assert source.encode()


@every_sample
def test_the_verdict_stands_first(build: Callable[[], sample.Document]) -> None:
    """The verdict's word comes before the plan's template, and the heading is the verdict."""
    document = build()
    text = Page(render_html(document)).text
    assert text.index(document["verdict"], text.index("deployment sign-off")) < text.index("Deployment completed")


def test_failures_come_first() -> None:
    """Failed, not verified, waived, noted, attested, passed, evidence: in this order."""
    text = Page(render_html(sample.no_go_on_production())).text
    explanations = ("Measured, and not as", "Not measured, so", "Failed or not", "The plan lets", "Checked by a person")
    places = [text.index(words) for words in (*explanations, "Measured, and as the plan", "What was measured,")]
    assert places == sorted(places)


def test_a_failure_says_everything() -> None:
    """Expected, found, where, what to do, the plan's action and how to reproduce it stand with a failure."""
    source = render_html(sample.no_go_on_production())
    article = Page(source[source.index('id="MH-6"') - 40 : source.index("</article>", source.index('id="MH-6"'))])
    for words in ("Expected 400 or 422", "Found 500", "Where GET /api", "What to do read", "Reproduce with curl -i"):
        assert words in article.text
    assert "The plan says Deployment blocker. Pause" in article.text
    assert "1 other test of this criterion passed." in article.text


def test_a_pass_that_judged_nothing_is_no_pass() -> None:
    """A test that passed without a judgement is shown, and said to have judged nothing."""
    assert "evaluated no assertion, so it judged nothing" in Page(render_html(sample.no_go_on_production())).text


def test_the_reference_is_no_production_sign_off() -> None:
    """The embedded deployment's page says so large, in its title, and has no line to sign."""
    page = Page(render_html(sample.go_on_reference()))
    assert page.text.startswith("Rehearsal: GO")
    assert "Embedded deployment \N{EN DASH} not a production sign-off" in page.text
    assert "Nothing to sign" in page.text


def test_production_is_no_rehearsal() -> None:
    """A whole GO on production carries neither banner."""
    text = Page(render_html(sample.go_on_production())).text
    assert "ehearsal" not in text
    assert "PARTIAL" not in text


def test_a_partial_run_says_so() -> None:
    """The banner PARTIAL stands on a partial run's page, with the reason."""
    text = Page(render_html(sample.unverified_partial())).text
    assert "PARTIAL Only a part of the selection ran: -k 'health or status' left tests out." in text


def test_the_page_stays_small() -> None:
    """An ordinary page is under 100 kB; endless evidence and messages are cut, and the page says where the rest is."""
    document = sample.no_go_on_production()
    assert len(render_html(document)) < 100_000
    for criterion in document["criteria"]:
        criterion["evidence"] = [{"title": "answer", "detail": "x" * 100_000}] * 40
        criterion["tests"] = [criterion["tests"][0] | {"message": "y" * 100_000}] if criterion["tests"] else []
    source = render_html(document)
    assert len(source) < 2_000_000
    assert "more characters are in signoff.json" in source


def test_an_incomplete_document_is_refused() -> None:
    """A member that schema 1 has and the document lacks is an error, never a blank."""
    document = sample.go_on_reference()
    del document["suite_version"]
    with pytest.raises(UndefinedError, match="suite_version"):
        render_html(document)


@every_sample
def test_a_document_is_rendered_as_read_from_its_file(build: Callable[[], sample.Document]) -> None:
    """The document from memory and from its JSON give the same page, and neither is changed."""
    document = build()
    text = json.dumps(document)
    assert render_html(json.loads(text)) == render_html(document)
    assert json.dumps(document) == text
