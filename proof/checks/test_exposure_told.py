"""What is said of leak paths, redirects, silence and secrets: whole findings, and where exactly a limit stands."""

from __future__ import annotations

from dataclasses import replace

import pytest

from acceptance.checks.exposure import CLOSED, REDIRECTS, hsts_missing, redirect_findings, served_leak_paths
from acceptance.checks.leaks import Leak, LeakScanner
from acceptance.checks.reached import judged, not_answered
from acceptance.checks.responses import detail_findings
from acceptance.contract import Contract
from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.exchange import Exchange, Failure, FailureKind, get
from proof.checks.exchanges import answered, unanswered

SILENCE = unanswered(Failure("timeout", "no complete answer within 10 s"))
TO_HTTPS = "a redirect (301, 302, 307, 308) to https://api.test/health"


def redirected(status: int, location: str, path: str = "/health") -> Exchange:
    """Return the exchange of a plain-http request."""
    return replace(answered("", status, request=get(path), location=location), url=f"http://api.test{path}")


def test_the_lists_of_statuses_are_the_plan_s() -> None:
    """Five by which a path is closed; four redirects that keep a GET a GET."""
    assert CLOSED == (401, 403, 404, 405, 410)
    assert REDIRECTS == (301, 302, 307, 308)


@pytest.mark.parametrize("status", [200, 204, 206, 301, 303, 400, 402, 406, 409, 411, 418, 429, 500, 503])
def test_a_path_that_is_not_closed_is_told(status: int) -> None:
    """By its status and content type, with the command that shows it."""
    served = answered("x", status, "text/plain; charset=utf-8", get("/.env"))
    (finding,) = served_leak_paths([served])
    command = "curl -sS -i --max-time 10 https://api.test/.env"
    assert finding == Finding("not served (404)", f"status {status}, text/plain", "GET /.env", command)
    untyped = answered("x", status, "", get("/.env"))
    assert served_leak_paths([untyped])[0].found == f"status {status}, no content type"


def test_each_served_path_is_told() -> None:
    """Between closed ones, in the order in which they were asked for."""
    open_ = [answered("x", request=get(path)) for path in ("/.env", "/.git/config")]
    closed = [answered("", status) for status in CLOSED]
    assert [finding.where for finding in served_leak_paths([open_[0], *closed, SILENCE, open_[1]])] == [
        "GET /.env",
        "GET /.git/config",
    ]


@pytest.mark.parametrize("status", REDIRECTS)
def test_each_redirect_to_the_same_place_passes(status: int) -> None:
    """Whatever its kind; another status of the same family does not."""
    assert redirect_findings([redirected(status, "https://api.test/health")], "https://api.test") == []
    assert redirect_findings([redirected(303, "https://api.test/health")], "https://api.test")


def test_a_missing_redirect_is_told_with_what_was_there_instead() -> None:
    """Status and place; the status alone where no place was named."""
    found = redirect_findings([redirected(302, "https://other.test/health"), redirected(200, "")], "https://api.test")
    command = "curl -sS -i --max-time 10 http://api.test/health"
    assert found == [
        Finding(TO_HTTPS, "status 302 to https://other.test/health", "http://api.test/health", command),
        Finding(TO_HTTPS, "status 200", "http://api.test/health", command),
    ]


def test_nothing_asked_or_no_answer_is_unverified_in_words() -> None:
    """An empty list passes nothing; a closed port leads nobody to https."""
    with pytest.raises(Unverified) as caught:
        served_leak_paths([])
    assert str(caught.value) == "No path was asked for, so none was found closed."
    with pytest.raises(Unverified) as caught:
        redirect_findings([], "https://api.test")
    assert str(caught.value) == "No path was asked for by plain http, so none was found redirected."
    with pytest.raises(Unverified) as caught:
        redirect_findings([redirected(308, "https://api.test/health"), SILENCE], "https://api.test")
    assert str(caught.value) == (
        "GET /somewhere was not answered: no complete answer within 10 s."
        " If plain http is not on port 80, set APEX_HTTP_URL."
    )


@pytest.mark.parametrize(
    ("header", "missing"),
    [
        ("max-age=31536000; includeSubDomains", False),
        ('Max-Age="1"', False),
        ("max-age=010", False),
        ("max-age=0", True),
        ("max-age=000; preload", True),
        ("includeSubDomains", True),
        ("", True),
    ],
)
def test_browsers_are_told_to_stay_on_https(header: str, *, missing: bool) -> None:
    """For a while: an age of nothing makes them forget; one answer that says so is enough."""
    silent, told = answered("{}"), answered("{}", strict_transport_security=header)
    assert hsts_missing([told]) is missing
    assert hsts_missing([silent, told, silent]) is missing
    assert hsts_missing([])


def test_silence_is_told_by_its_reason() -> None:
    """Or that none is known."""
    assert str(not_answered(SILENCE)) == "GET /somewhere was not answered: no complete answer within 10 s"
    assert str(not_answered(answered("{}"))) == "GET /somewhere was not answered: no reason is known"


@pytest.mark.parametrize("kind", ["rate_limited", "dns", "unreachable"])
def test_what_did_not_reach_the_application_is_not_judged(kind: FailureKind) -> None:
    """It is unverified, unless another exchange is wrong anyway; a time-out is judged."""
    lost, good, bad = unanswered(Failure(kind, "it is lost")), answered("{}"), answered("{}", 500)

    def judge(exchange: Exchange) -> list[Finding]:
        return [] if exchange.status == 200 else [Finding("status 200", "another", str(exchange.status))]

    with pytest.raises(Unverified, match=r"^GET /somewhere was not answered: it is lost$"):
        judged([good, lost], judge)
    assert [finding.where for finding in judged([lost, bad, lost], judge)] == ["500"]
    assert [finding.where for finding in judged([SILENCE], judge)] == ["None"]
    assert judged([good], judge) == []
    with pytest.raises(Unverified, match=r"^Nothing was asked, so nothing was measured\.$"):
        judged([], judge)


def test_a_leak_and_a_rest_that_was_not_searched_are_told() -> None:
    """By place, owner and encoding."""
    leak = Leak("the header x-debug", "SECRET_KEY", "hex", "https://api.test/x")
    found = "SECRET_KEY (hex)"
    assert leak.finding == Finding("no secret in any answer", found, "the header x-debug of https://api.test/x")
    cut = replace(answered("{}"), cut=True, body=b"x" * 2_000_000)
    limit = "the body is longer than 2,000,000 bytes"
    unsearched = Leak("the body", "a rest that was not searched", limit, "https://api.test/somewhere")
    assert LeakScanner({}).scan(cut) == (unsearched,)


def test_the_shortest_secret_that_is_looked_for_has_six_characters() -> None:
    """A shorter one stands in too many innocent texts."""
    scanner = LeakScanner({"SIX": "q7Xw9L", "FIVE": "Vb4Nm"})
    assert [leak.variable for leak in scanner.scan(answered("q7Xw9L and Vb4Nm"))] == ["SIX"]


def test_a_password_with_a_short_beginning_is_looked_for_in_full() -> None:
    """A raw at sign in it ends nothing."""
    (leak, *_) = LeakScanner({"REDIS_URL": "redis://:ab@longer-word@cache.test"}).scan(answered("x ab@longer-word x"))
    assert (leak.variable, leak.encoding) == ("REDIS_URL", "raw, its password")


def test_a_body_in_half_characters_is_searched_all_the_same() -> None:
    """An odd byte at the end of UTF-16."""
    body = "the key is q7Xw9Lk2Vb4Nm6Zt".encode("utf-16-le") + b"x"
    leaks = LeakScanner({"KEY": "q7Xw9Lk2Vb4Nm6Zt"}).scan(replace(answered(""), body=body))
    assert ("the body in UTF-16", "KEY") in {(leak.where, leak.variable) for leak in leaks}


def test_a_trace_of_the_implementation_is_told() -> None:
    """With its place and the command that shows it."""
    (finding,) = detail_findings(Contract().exposure, [answered('{"detail": "SELECT id FROM shops WHERE id = 1"}')])
    command = "curl -sS -i --max-time 10 https://api.test/somewhere"
    assert finding == Finding(
        "nothing about the implementation", "SQL: 'SELECT id FROM'", "the body of GET /somewhere", command
    )
