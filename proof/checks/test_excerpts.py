"""Excerpts: wherever a text is cut, no part of a secret survives the redaction that comes afterwards."""

from __future__ import annotations

import json

import pytest

from acceptance.checks.health import health_findings
from acceptance.checks.responses import detail_findings, schema_findings
from acceptance.contract import Contract
from acceptance.findings import Finding
from acceptance.probes.exchange import LONGEST_SHOWN_BODY, Request
from acceptance.redaction import LONGEST_EXCERPT, Redactor, excerpt, excerpt_around
from proof.checks.exchanges import answered

CONTRACT = Contract()
SECRET = "9f4c1e7ab20d5836e1c97b40fa62d8539b0e7c14a6f85d2390ce71ab84f6d05e"
PIECES = [SECRET[at : at + 6] for at in range(len(SECRET) - 5)]
AROUND_THE_CUT = range(LONGEST_EXCERPT - len(SECRET) - 8, LONGEST_EXCERPT + 4)
REDACTOR = Redactor.from_mapping({"SECRET_KEY": SECRET})


def filler(length: int) -> str:
    """Return innocent words of that length."""
    return ("word " * length)[: max(0, length - 1)] + " " * min(1, length)


def surviving(found: list[Finding]) -> list[str]:
    """Return the pieces of the secret that a reader would see."""
    shown = REDACTOR.text("\n".join(map(str, found)))
    return [piece for piece in PIECES if piece in shown]


def bodies(at: int) -> list[str]:
    """Return bodies in which the secret begins at that position: alone, in quotes, behind an equals sign."""
    return [
        f"{filler(at)}{SECRET} and more words{filler(3_000)}",
        f'{filler(at - 1)}"{SECRET}", "more": "{filler(3_000)}"',
        f"{filler(at - 4)}key={SECRET};{'x' * 3_000}",
        f"{'y' * at}{SECRET}{'x' * 3_000}",
    ]


@pytest.mark.parametrize("at", AROUND_THE_CUT)
def test_no_cut_leaves_a_part_of_a_secret(at: int) -> None:
    """At every position of the secret: an unexpected status, no JSON, a broken schema, an unhealthy body."""
    for body in bodies(at):
        found = schema_findings(CONTRACT.api, "health", [answered(body, 500), answered(body)])
        wrong = json.dumps({"status": body, "timestamp": body, "version": 7, "checks": [body]})
        found += schema_findings(CONTRACT.api, "health", [answered(wrong)])
        found += health_findings([answered(body), answered(wrong), answered(json.dumps([body]))], "2.0.0")
        assert len(found) > 4
        assert surviving(found) == []


@pytest.mark.parametrize("at", AROUND_THE_CUT)
def test_a_trace_of_the_implementation_shows_no_part_of_a_secret(at: int) -> None:
    """What the pattern matched is shown with whole tokens, also where it begins and ends inside of one."""
    texts = [
        "zzzz SELECT {words}{secret} FROM x",
        "SELECT * FROM t WHERE a={secret} {words}",
        "{secret}-SELECT {words} FROM-{secret}",
        "{letters}{secret}-SELECT a FROM-{secret}{letters}",
    ]
    for template in texts:
        text = template.format(secret=SECRET, words=filler(at), letters="y" * at)
        assert surviving(detail_findings(CONTRACT.exposure, [answered(text)])) == []


@pytest.mark.parametrize("at", range(LONGEST_SHOWN_BODY - len(SECRET) - 4, LONGEST_SHOWN_BODY + 4))
def test_the_command_line_of_a_long_body_shows_no_part_of_a_secret(at: int) -> None:
    """And says that the body was cut, and of how many bytes."""
    for body in bodies(at):
        line = answered("{}", request=Request("POST", "/x", (), {}, body.encode())).curl()
        assert not [piece for piece in PIECES if piece in REDACTOR.text(line)]
        assert line.endswith(f"  # body of {len(body)} bytes, cut")


def test_a_short_body_is_sent_whole() -> None:
    """Nothing shorter than what was sent."""
    body = "a" * LONGEST_SHOWN_BODY
    line = answered("{}", request=Request("POST", "/x", (), {}, body.encode())).curl()
    assert f"--data-binary {body} https://" in line
    assert "#" not in line


def test_an_excerpt_says_how_much_more_there_is() -> None:
    """Cut where a token ends; an escaped quote ends none."""
    assert excerpt("one two three", 8) == "one two... and 6 characters more"
    assert excerpt('{"a": "bc\\"de"}', 11) == '{"a": ... and 9 characters more'
    assert excerpt("x" * 30, 8) == "... and 30 characters more"
    assert excerpt("short", 8) == "short"


def test_an_excerpt_around_a_match_holds_whole_tokens() -> None:
    """However short the match."""
    assert excerpt_around("a bcd-SELECT x FROM-yz e", 6, 19) == "bcd-SELECT x FROM-yz"
    assert excerpt_around("x" * 5_000, 2_000, 2_010) == "(inside a long run of characters)"


def test_a_secret_of_several_lines_survives_no_cut_between_them() -> None:
    """Each long line of a PEM file is a secret of its own."""
    lines = [f"{n:02}{SECRET[:40]}{n:02}" for n in range(20)]
    redactor = Redactor.from_mapping({"KEY_FILE": "\n".join(["-----BEGIN PRIVATE KEY-----", *lines])})
    assert not any(line in redactor.text(excerpt("\n".join(lines))) for line in lines)
