"""The HTTP client: real servers, good and bad; it never raises for what they do."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from starlette.applications import Starlette
from starlette.requests import Request as Asked
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from acceptance import __version__
from acceptance.budget import BudgetExceeded, RequestBudget
from acceptance.probes.exchange import Exchange, Request, get
from acceptance.probes.http import BODY_LIMIT, CONCURRENT, HttpClient
from acceptance.target import Target
from proof.provider_api.memory import serving


class Limit:
    """Answers 429 a number of times, then 200."""

    def __init__(self) -> None:
        self.left = 0
        self.retry_after = "1"
        self.asked = 0
        self._lock = threading.Lock()

    def answer(self, _: Asked) -> Response:
        """Answer one request."""
        with self._lock:
            self.asked += 1
            self.left -= 1
            if self.left < 0:
                return PlainTextResponse("served")
        return JSONResponse({"detail": "slow down"}, 429, {"Retry-After": self.retry_after} if self.retry_after else {})


LIMIT = Limit()


async def echo(asked: Asked) -> Response:
    """Tell what was received."""
    body = (await asked.body()).decode()
    query = [list(pair) for pair in asked.query_params.multi_items()]
    path = asked.scope["raw_path"].decode()
    return JSONResponse(
        {"method": asked.method, "path": path, "query": query, "headers": dict(asked.headers), "body": body}
    )


def large(_: Asked) -> Response:
    """Answer more than anyone wants."""
    return PlainTextResponse("x" * (BODY_LIMIT + 1_000))


def away(_: Asked) -> Response:
    """Redirect, and set a header twice."""
    answer = RedirectResponse("/echo", 302)
    answer.headers.append("Set-Cookie", "a=1")
    answer.headers.append("Set-Cookie", "b=2")
    return answer


APP = Starlette(
    routes=[
        Route("/limited", LIMIT.answer),
        Route("/large", large),
        Route("/away", away),
        Route("/{rest:path}", echo, methods=["GET", "POST", "DELETE"]),
    ]
)


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """Where the application above is served."""
    with serving(APP) as url:
        yield url


@pytest.fixture
def client(address: str) -> Iterator[HttpClient]:
    """A client of it."""
    with HttpClient(address, run_id="run-7") as http:
        yield http


def test_a_request_arrives_as_it_was_meant(client: HttpClient) -> None:
    """Method, query in order, body, headers, and the suite's marks."""
    sent = Request("POST", "/a/b", (("q", "1 2"), ("q", "ž")), {"Content-Type": "text/x"}, b"body", "label")
    exchange = client.send(sent)
    told = exchange.json()
    assert (told["method"], told["path"], told["query"], told["body"]) == (
        "POST",
        "/a/b",
        [["q", "1 2"], ["q", "ž"]],
        "body",
    )
    assert told["headers"]["content-type"] == "text/x"
    assert told["headers"]["user-agent"] == f"apex-acceptance/{__version__}"
    assert told["headers"]["x-apex-acceptance"] == "run-7"
    assert told["headers"]["x-request-id"] == exchange.request_id


def test_an_exchange_tells_the_whole_answer(client: HttpClient) -> None:
    """Status, content type, headers of one name together, no redirect followed."""
    exchange = client.send(get("/away"))
    assert (exchange.status, exchange.header("Location"), exchange.header("set-cookie")) == (302, "/echo", "a=1, b=2")
    assert exchange.started.tzinfo is not None
    assert exchange.elapsed_s > 0
    assert (exchange.failure, exchange.http_version) == (None, "HTTP/1.1")


def test_an_exchange_can_be_reproduced(client: HttpClient) -> None:
    """The command line holds method, headers, body and address, quoted."""
    exchange = client.send(Request("POST", "/it's", (), {"Content-Type": "application/json"}, b'{"a": 1}'))
    assert exchange.curl() == (
        "curl -sS -i --max-time 10 -X POST -H 'Content-Type: application/json' --data-binary '{\"a\": 1}'"
        f" '{client.base_url}/it'\"'\"'s'"
    )
    assert exchange.summary().startswith("POST /it's -> 200 application/json in ")


def test_other_letters_in_a_path_are_escaped(client: HttpClient) -> None:
    """And what is escaped already stays as it is."""
    assert client.send(get("/žluť/%2F")).json()["path"] == "/%C5%BElu%C5%A5/%2F"


def test_a_large_body_is_cut(client: HttpClient) -> None:
    """At the limit, and the exchange says so."""
    exchange = client.send(get("/large"))
    assert (len(exchange.body), exchange.cut, exchange.status) == (BODY_LIMIT, True, 200)


def test_many_requests_come_back_in_order(client: HttpClient) -> None:
    """Sent concurrently, returned as asked."""
    exchanges = client.send_all([get(f"/number/{n}") for n in range(60)])
    assert [e.json()["path"] for e in exchanges] == [f"/number/{n}" for n in range(60)]


def test_samples_are_taken_in_the_background(client: HttpClient) -> None:
    """As many as asked, on a schedule, while other requests are sent."""
    future = client.sample(get("/sample"), 4, 0.05)
    assert client.send(get("/other")).status == 200
    samples = future.result(timeout=30)
    assert len(samples) == 4
    assert (samples[-1].started - samples[0].started).total_seconds() > 0.1


def test_a_rate_limit_is_waited_out_once_for_all(client: HttpClient) -> None:
    """Several requests meet it at the same time: they wait together, and none sees the 429 as its answer."""
    LIMIT.left, LIMIT.asked, LIMIT.retry_after = 5, 0, "1"
    exchanges = client.send_all([get("/limited")] * 5)
    assert [e.status for e in exchanges] == [200] * 5
    assert LIMIT.asked == 10
    assert all(0 < e.waited_s < 30 for e in exchanges)
    assert "waiting" in exchanges[0].summary()


@pytest.mark.parametrize(("left", "retry_after"), [(2, "0"), (1, "3600"), (1, ""), (1, "soon")])
def test_a_limit_that_goes_on_is_no_answer(client: HttpClient, left: int, retry_after: str) -> None:
    """Still 429, longer than the patience, or without a time: never judged as the endpoint's answer."""
    LIMIT.left, LIMIT.retry_after = left, retry_after
    exchange = client.send(get("/limited"))
    assert exchange.status is None
    assert exchange.failure is not None
    assert exchange.failure.kind == "rate_limited"


def test_whoever_wants_the_429_gets_it(address: str) -> None:
    """Without patience it is an answer like any other."""
    LIMIT.left = 1
    with HttpClient(address, patience_s=None) as impatient:
        assert impatient.send(get("/limited")).status == 429


def test_every_exchange_is_recorded(address: str) -> None:
    """Also the one that met the rate limit."""
    seen: list[Exchange] = []
    LIMIT.left, LIMIT.retry_after = 1, "0"
    with HttpClient(address, on_exchange=seen.append) as client:
        client.send_all([get("/limited"), get("/echo")])
    assert sorted(e.status or 0 for e in seen) == [200, 200, 429]


def test_what_is_done_with_an_exchange_takes_no_request_s_time(address: str) -> None:
    """Recording that is much slower than the time-out: on another thread, one at a time, and nothing times out."""
    threads: set[str] = set()
    at_once: list[int] = []
    lock = threading.Lock()

    def record(_: Exchange) -> None:
        at_once.append(int(lock.acquire(blocking=False)))
        threads.add(threading.current_thread().name)
        time.sleep(0.4)
        lock.release()

    with HttpClient(address, on_exchange=record) as one, HttpClient(address, on_exchange=record) as other:
        samples = [client.sample(get("/slow"), 3, 0.1) for client in (one, other)]
        exchanges = [exchange for future in samples for exchange in future.result(timeout=60)]
        exchanges += [one.send(get("/echo"), 0.3), other.send(get("/echo"), 0.3)]
    assert [e.status for e in exchanges] == [200] * 8
    assert at_once == [1] * 8
    assert not {name for name in threads if name.startswith("http ")}


def test_a_limit_that_goes_on_stops_the_others(address: str) -> None:
    """After the second 429 nothing more is sent for the time that it asks for: fifty requests wait once, not thrice."""
    LIMIT.left, LIMIT.asked, LIMIT.retry_after = 1_000, 0, "2"
    began = time.monotonic()
    with HttpClient(address) as client:
        exchanges = client.send_all([get("/limited")] * 50)
        assert client.send(get("/limited")).failure is not None
    assert {e.failure.kind for e in exchanges if e.failure} == {"rate_limited"}
    assert len([e for e in exchanges if e.failure]) == 50
    assert LIMIT.asked <= 2 * CONCURRENT
    assert sum("not sent" in e.summary() for e in exchanges) >= 50 - 2 * CONCURRENT
    assert time.monotonic() - began < 5.9


def test_after_a_limit_that_went_on_requests_are_sent_again(address: str) -> None:
    """Once the time that it asked for is over, without another wait."""
    LIMIT.left, LIMIT.retry_after = 2, "1"
    with HttpClient(address) as client:
        assert client.send(get("/limited")).failure is not None
        time.sleep(1.1)
        assert client.send(get("/limited")).status == 200


def test_the_budget_ends_the_requests(address: str, tmp_path: Path) -> None:
    """The one beyond it is not sent, alone or among others."""
    with HttpClient(address, budget=RequestBudget(3, tmp_path / "requests")) as client:
        assert [e.status for e in client.send_all([get("/a"), get("/b")])] == [200, 200]
        with pytest.raises(BudgetExceeded):
            client.send_all([get("/c"), get("/d")])
        with pytest.raises(BudgetExceeded):
            client.send(get("/e"))


def test_what_a_rate_limit_refused_is_taken_from_the_budget_once(address: str, tmp_path: Path) -> None:
    """A gate soon after another one is refused many requests at a time: they still fit when they are sent again."""
    LIMIT.left, LIMIT.retry_after = 5, "1"
    budget = RequestBudget(5, tmp_path / "requests")
    with HttpClient(address, budget=budget) as client:
        assert [e.status for e in client.send_all([get("/limited")] * 5)] == [200] * 5
        assert budget.used == 5
        with pytest.raises(BudgetExceeded):
            client.send(get("/limited"))


def test_the_deployment_is_met_over_verified_http_2(target: Target) -> None:
    """One connection for all requests, its authority trusted by the target's file."""
    with HttpClient(target.base_url, ca_file=target.ca_file) as client:
        exchanges = client.send_all([get("/health/live") for _ in range(5)])
    assert {(e.status, e.http_version) for e in exchanges} == {(200, "HTTP/2")}


def test_an_untrusted_certificate_is_no_answer(target: Target) -> None:
    """Without the target's file its authority is unknown."""
    with HttpClient(target.base_url) as client:
        failure = client.send(get("/health")).failure
    assert failure is not None
    assert failure.kind == "tls"
    assert "certificate is not accepted" in failure.sentence


def test_a_body_of_any_kind_is_text() -> None:
    """What is no UTF-8 is replaced; the JSON of a reading is the body's."""
    exchange = Exchange(get("/"), "http://h/", datetime.now(UTC), 0, "", 200, (), b"\xff{}")
    assert exchange.text == "\ufffd{}"
    with pytest.raises(ValueError, match="decode"):
        exchange.json()
    assert json.loads(exchange.text[1:]) == {}
