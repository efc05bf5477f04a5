"""The HTTP client and servers that misbehave: each failure told apart, and none keeps it from being closed."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from acceptance.probes.exchange import Exchange, get
from acceptance.probes.http import HttpClient
from proof.probes import served


@pytest.mark.parametrize(
    ("handle", "kind", "words"),
    [
        (served.never_answer, "timeout", "no complete answer from"),
        (served.hang_up, "reset", "closed the connection"),
        (served.stop_half_way, "reset", "closed the connection"),
        (served.talk_nonsense, "protocol", "broke the protocol"),
    ],
)
def test_a_server_that_misbehaves_is_told_apart(handle: served.Handler, kind: str, words: str) -> None:
    """Silence, a closed connection, half an answer, nonsense."""
    with served.listening(handle) as place, HttpClient(f"http://{place}") as client:
        exchange = client.send(get("/"), 0.5 if kind == "timeout" else 10)
    assert exchange.failure is not None
    assert (exchange.failure.kind, exchange.status) == (kind, None)
    assert words in exchange.failure.sentence
    assert words in exchange.summary()


@pytest.mark.parametrize(("url", "kind"), [("http://127.0.0.1:{port}", "refused"), ("https://nowhere.invalid", "dns")])
def test_nobody_there_is_told_apart(url: str, kind: str) -> None:
    """A closed port, a name that does not exist."""
    url = url.format(port=served.free_port())
    with HttpClient(url) as client:
        failure = client.send(get("/")).failure
    assert failure is not None
    assert failure.kind == kind


def test_closing_cancels_what_is_under_way() -> None:
    """And may be done twice."""
    with served.listening(served.never_answer) as place:
        client = HttpClient(f"http://{place}")
        future = client.sample(get("/"), 2, 60)
        client.close()
        client.close()
    assert future.cancelled() or future.exception(timeout=30) is not None


def test_closing_waits_for_nothing_that_hangs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever is done with an exchange, and whatever keeps the loop busy."""
    monkeypatch.setattr("acceptance.probes.http.CLOSE_S", 0.3)
    release, recording = threading.Event(), threading.Event()
    address = f"http://127.0.0.1:{served.free_port()}"

    def hang(_: Exchange) -> None:
        recording.set()
        release.wait(60)

    client = HttpClient(address, on_exchange=hang)
    client.sample(get("/"), 1, 0)
    assert recording.wait(20)
    busy = HttpClient(address)
    busy._loop.call_soon_threadsafe(release.wait, 60)
    began = time.monotonic()
    client.close()
    busy.close()
    assert time.monotonic() - began < 20
    assert busy._thread.is_alive()
    with pytest.raises(RuntimeError, match="closed"):
        busy.send(get("/"))
    release.set()
    for left in (client, busy):
        left._thread.join(20)
        if not left._loop.is_closed():
            if unfinished := asyncio.all_tasks(left._loop):
                left._loop.run_until_complete(asyncio.gather(*unfinished))
            left._loop.close()
