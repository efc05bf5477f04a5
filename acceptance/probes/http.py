"""The HTTP client of the suite: verified TLS, HTTP/2, one time-out policy, marked requests, every exchange recorded.

It never raises for what the network or the application does: an exchange carries its failure. What it raises is the
budget's end.
"""

from __future__ import annotations

import asyncio
import ssl
import threading
import time
import uuid
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import httpx

from acceptance import __version__
from acceptance.budget import RequestBudget
from acceptance.probes.closing import Closing
from acceptance.probes.exchange import Exchange, Failure, Request
from acceptance.probes.failures import NETWORK_ERRORS, failure_of
from acceptance.probes.pace import Gate, retry_after_s

CONNECT_S = 5.0
TOTAL_S = 10.0
CONCURRENT = 16
BODY_LIMIT = 2_000_000
PATIENCE_S = 65.0
CLOSE_S = 5.0

# What is done with an exchange is done by one thread at a time, whichever client it comes from.
_RECORDING = threading.Lock()

T = TypeVar("T")


def verifying_context(ca_file: Path | None = None) -> ssl.SSLContext:
    """Return a context that verifies chain and host name, with the authorities of `ca_file` if one is given."""
    return ssl.create_default_context(cafile=str(ca_file)) if ca_file else httpx.create_ssl_context()


@dataclass(frozen=True)
class _Answer:
    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    cut: bool
    http_version: str


class HttpClient(Closing):
    """Sends requests to one base address over kept-alive connections, from a thread of its own.

    Args:
        base_url: scheme, host and port; a request's path is appended.
        ca_file: authorities to trust instead of the usual ones.
        budget: taken from before each request that is sent, once also for one that a rate limit refused at first.
        on_exchange: called with each exchange, from another thread and never twice at a time in this process; its time
            counts into no request's.
        run_id: goes into the marker header `X-Apex-Acceptance`.
        patience_s: the longest wait that an answer 429 may ask for; None makes 429 an answer like any other.
    """

    def __init__(
        self,
        base_url: str,
        *,
        ca_file: Path | None = None,
        budget: RequestBudget | None = None,
        on_exchange: Callable[[Exchange], None] | None = None,
        run_id: str = "",
        patience_s: float | None = PATIENCE_S,
    ) -> None:
        self.base_url = base_url.rstrip("/")
        self._host = urlsplit(base_url).netloc
        self._ca_file = ca_file
        self._budget = budget
        self._on_exchange = on_exchange
        self._gate = None if patience_s is None else Gate(patience_s)
        self._marks = {"User-Agent": f"apex-acceptance/{__version__}", "X-Apex-Acceptance": run_id or "unnamed"}
        self._loop = asyncio.new_event_loop()
        self._slots = asyncio.Semaphore(CONCURRENT)
        self._closed = False
        self._client = self._make_client()
        self._thread = threading.Thread(target=self._loop.run_forever, name=f"http {self._host}", daemon=True)
        self._thread.start()

    def send(self, request: Request, total_s: float = TOTAL_S) -> Exchange:
        """Send a request and return its exchange; `total_s` limits one attempt.

        Raises:
            BudgetExceeded: the run's budget is used up.
        """
        return self._run(self._exchange(request, total_s)).result()

    def send_all(self, requests: Sequence[Request]) -> tuple[Exchange, ...]:
        """Send the requests concurrently and return their exchanges in the same order.

        Raises:
            BudgetExceeded: the run's budget is used up.
        """
        return self._run(self._exchanges(requests)).result()

    def sample(self, request: Request, times: int, every_s: float) -> Future[tuple[Exchange, ...]]:
        """Send the request `times` times in the background, one each `every_s` seconds on an absolute schedule.

        The future raises BudgetExceeded when the run's budget is used up.
        """
        return self._run(self._samples(request, times, every_s))

    def close(self) -> None:
        """Cancel what is under way, close the connections and end the thread, which is left behind if it hangs."""
        if self._closed:
            return
        shut_down = self._run(self._shut_down())
        self._closed = True
        with suppress(TimeoutError):
            shut_down.result(CLOSE_S)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(CLOSE_S)
        if not self._thread.is_alive():
            self._loop.close()

    def _make_client(self) -> httpx.AsyncClient:
        return httpx.AsyncClient(
            http2=True,
            verify=verifying_context(self._ca_file),
            follow_redirects=False,
            timeout=httpx.Timeout(None, connect=CONNECT_S),  # the whole attempt is limited in _attempt
            limits=httpx.Limits(max_connections=CONCURRENT, keepalive_expiry=30),
            trust_env=False,  # no proxy between the target and the judgement
        )

    def _run(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        if self._closed:
            work.close()
            raise RuntimeError("the client is closed")
        return asyncio.run_coroutine_threadsafe(work, self._loop)

    async def _exchanges(self, requests: Sequence[Request]) -> tuple[Exchange, ...]:
        return tuple(await asyncio.gather(*(self._exchange(request, TOTAL_S) for request in requests)))

    async def _samples(self, request: Request, times: int, every_s: float) -> tuple[Exchange, ...]:
        async def at(delay_s: float) -> Exchange:
            await asyncio.sleep(delay_s)
            return await self._exchange(request, TOTAL_S)

        return tuple(await asyncio.gather(*(at(n * every_s) for n in range(times))))

    async def _exchange(self, request: Request, total_s: float) -> Exchange:
        """Send it; when a rate limit answers, wait as told and send it once more."""
        async with self._slots:
            waited_s = await self._gate.passed() if self._gate else 0.0
            if waited_s is None:
                return self._not_sent(request)
            if self._budget:
                self._budget.take()  # once for both attempts: what a rate limit refused was not served
            first = await self._attempt(request, total_s, waited_s)
            if self._gate is None or first.status != 429:
                return first
            return await self._after_waiting(first, total_s, self._gate)

    async def _after_waiting(self, first: Exchange, total_s: float, gate: Gate) -> Exchange:
        """Send what a rate limit refused once more, after the time that it asks for; the second refusal is for all."""
        asked_s = retry_after_s(dict(first.headers))
        if asked_s is None or not gate.close_for(asked_s, first.waited_s):
            return _rate_limited(first, _asked(asked_s))
        waited_s = await gate.passed()
        if waited_s is None:
            return _rate_limited(first, "answered others 429 again after they had waited as it asked")
        second = await self._attempt(first.request, total_s, first.waited_s + waited_s)
        if second.status != 429:
            return second
        again_s = retry_after_s(dict(second.headers))
        gate.give_up(again_s or 0.0)
        return _rate_limited(second, _asked(again_s))

    def _not_sent(self, request: Request) -> Exchange:
        return _rate_limited(self._blank(request, 0.0), "goes on answering 429, so this was not sent")

    def _blank(self, request: Request, waited_s: float) -> Exchange:
        url = self.base_url + _escaped(request.target)
        return Exchange(request, url, datetime.now(UTC), 0.0, str(uuid.uuid4()), waited_s=waited_s)

    async def _attempt(self, request: Request, total_s: float, waited_s: float) -> Exchange:
        blank = self._blank(request, waited_s)
        began = time.perf_counter()
        try:
            async with asyncio.timeout(total_s):
                answer = await self._answer(blank)
            outcome: dict[str, Any] = vars(answer)
        except NETWORK_ERRORS as error:
            outcome = {"failure": failure_of(error, self._host, total_s)}
        exchange = replace(blank, elapsed_s=time.perf_counter() - began, **outcome)
        if self._on_exchange:
            await asyncio.to_thread(_record, self._on_exchange, exchange)
        return exchange

    async def _answer(self, blank: Exchange) -> _Answer:
        request = blank.request
        headers = {**request.headers, **self._marks, "X-Request-ID": blank.request_id}
        async with self._client.stream(request.method, blank.url, headers=headers, content=request.body) as response:
            body, cut = await _read(response)
        pairs = tuple((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in response.headers.raw)
        return _Answer(response.status_code, pairs, body, cut, response.http_version)

    async def _shut_down(self) -> None:
        while others := asyncio.all_tasks() - {asyncio.current_task()}:
            await asyncio.sleep(0)  # a task that is cancelled before its first step leaves what it wraps unawaited
            for task in others:
                task.cancel()
            await asyncio.gather(*others, return_exceptions=True)
        await self._client.aclose()


async def _read(response: httpx.Response) -> tuple[bytes, bool]:
    """Return the decoded body up to the limit, and whether it was cut."""
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > BODY_LIMIT:
            return bytes(body[:BODY_LIMIT]), True
    return bytes(body), False


def _escaped(target: str) -> str:
    """Escape what may not stand in a request line; escapes that are there stay as they are."""
    return quote(target, safe="/?#[]@!$&'()*+,;=:%-._~")


def _record(on_exchange: Callable[[Exchange], None], exchange: Exchange) -> None:
    with _RECORDING:
        on_exchange(exchange)


def _asked(asked_s: float | None) -> str:
    waiting = "did not say how long to wait" if asked_s is None else f"asked to wait {asked_s:.0f} s"
    return f"answered 429 and {waiting}"


def _rate_limited(exchange: Exchange, what: str) -> Exchange:
    sentence = f"the rate limit {what}; measure when no other client uses the same address"
    return replace(exchange, status=None, failure=Failure("rate_limited", sentence))
