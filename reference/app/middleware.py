"""What surrounds every request: its id, its log line, the security headers and the rate limit."""

import logging
import re
from time import monotonic, perf_counter
from uuid import uuid4

from redis.asyncio import Redis
from redis.exceptions import RedisError
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference.app.logs import CURRENT_REQUEST, RequestFacts
from reference.app.settings import Settings
from reference.app.store import Hit, count_request

_LOG = logging.getLogger("app.request")
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_SECURITY_HEADERS = {
    "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
}


class RequestContext:
    """Outermost: names the request, adds headers to its answer (also to a 500) and writes its log line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves a request; an exception goes on to the server, which logs it at level ERROR."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        facts = RequestFacts(_request_id(scope), scope["method"], scope["path"][:200])
        CURRENT_REQUEST.set(facts)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                facts.status = message["status"]
                _add_headers(message, facts.request_id)
            await send(message)

        started = perf_counter()
        try:
            await self._app(scope, receive, answer)
        finally:
            facts.duration_ms = round((perf_counter() - started) * 1000, 2)
            _LOG.info("%s %s", facts.method, facts.path)


def _request_id(scope: Scope) -> str:
    given = Headers(scope=scope).get("x-request-id", "")
    return given if _REQUEST_ID.fullmatch(given) else uuid4().hex


def _add_headers(message: Message, request_id: str) -> None:
    headers = MutableHeaders(scope=message)
    headers.update(_SECURITY_HEADERS | {"X-Request-ID": request_id})
    headers.setdefault("Cache-Control", "no-store")


class RateLimit:
    """Refuses a client address' requests above the limit of its window; without the store it lets all of them pass."""

    # How long a failed store is left alone: requests must not queue up behind its time-out.
    _PAUSE_S = 2.0

    def __init__(self, app: ASGIApp, *, store: Redis, settings: Settings) -> None:
        self._app = app
        self._store = store
        self._limit = settings.rate_limit_requests
        self._period_s = settings.rate_limit_period
        self._exempt = settings.exempt_addresses
        self._paused_until = 0.0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers 429 with `Retry-After` above the limit."""
        hit = await self._hit(scope) if scope["type"] == "http" else None
        if hit is None or hit.count <= self._limit:
            await self._app(scope, receive, send)
            return
        refusal = JSONResponse(
            {"detail": "Too Many Requests"}, status_code=429, headers={"Retry-After": str(hit.seconds_left)}
        )
        await refusal(scope, receive, send)

    async def _hit(self, scope: Scope) -> Hit | None:
        address = scope["client"][0] if scope.get("client") else "unknown"
        if address in self._exempt or monotonic() < self._paused_until:
            return None
        try:
            return await count_request(self._store, address, period_s=self._period_s)
        except RedisError as error:
            self._paused_until = monotonic() + self._PAUSE_S
            _LOG.warning("the rate limit is off: its store does not answer (%s)", type(error).__name__)
            return None
