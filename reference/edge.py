"""The platform's edge: ends TLS, sends plain http to https, and forwards to the instance that serves."""

import asyncio
import ssl
import time

from starlette.types import Message, Receive, Scope, Send

from reference.authority import GOOD, HOST, Authority, server_context, set_protocols
from reference.layers import Layers
from reference.ports import Port
from reference.serving import Listener
from reference.traffic import Traffic
from reference.upstream import Answer, Headers, Unreachable, Upstream, end_to_end

_LARGEST_BODY = 16 * 1024 * 1024
_FORWARDING = frozenset({b"x-forwarded-for", b"x-forwarded-proto", b"x-forwarded-host", b"forwarded", b"x-real-ip"})


class Edge:
    """Two ports, https and http, before whichever instance `switch` named last.

    `layers` stands around all that is served; a fault appends to it.
    """

    def __init__(self) -> None:
        self._secure, self._plain = Port(), Port()
        self.base_url = f"https://{HOST}:{self._secure.number}"
        self.http_url = f"http://{HOST}:{self._plain.number}"
        self.layers = Layers(self._serve)
        self.traffic = Traffic()
        self.redirect_to: str | None = self.base_url
        """Where plain http is sent; None: it is served like https."""
        self._upstream: Upstream | None = None
        self._authority: Authority | None = None
        self._context: ssl.SSLContext | None = None
        self._presented = GOOD
        self._listeners: list[Listener] = []

    async def start(self, authority: Authority) -> None:
        """Take connections on both ports, with the authority's good certificate."""
        self._authority = authority
        self._context = server_context()
        self._listeners = [
            Listener(self._from_https, self._secure, self._context),
            Listener(self._from_http, self._plain),
        ]
        self.present(GOOD)
        for listener in self._listeners:
            await listener.start()

    async def stop(self) -> None:
        """Close both ports and the connections to the instance."""
        await asyncio.gather(*(listener.stop() for listener in self._listeners))
        self._secure.close()
        self._plain.close()
        if former := self.switch(None):
            await former.close()

    def switch(self, upstream: Upstream | None) -> Upstream | None:
        """Send new requests to another instance, or to none; the former one finishes those under way."""
        former, self._upstream = self._upstream, upstream
        return former

    def present(self, variant: str) -> None:
        """Present one of `authority.VARIANTS` to those who connect from now on."""
        if self._authority is None or self._context is None:
            raise RuntimeError("the edge presents no certificate before it was started")
        self._context.load_cert_chain(self._authority.certificate(variant))
        self._presented = variant

    def accept_old_protocols(self) -> None:
        """Speak TLS 1.0 and 1.1 to those who connect from now on."""
        if self._context is not None:
            set_protocols(self._context, old=True)

    def heal(self) -> None:
        """No layers, no memory of traffic, the redirect to https, the good certificate, TLS 1.2 and newer."""
        self.layers.clear()
        self.traffic.clear()
        self.redirect_to = self.base_url
        if self._presented != GOOD:
            self.present(GOOD)
        if self._context is not None:
            set_protocols(self._context, old=False)

    async def _from_https(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._measured(scope, receive, send)
        else:
            await self._serve(scope, receive, send)

    async def _from_http(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self.redirect_to is None:
            await self._from_https(scope, receive, send)
        else:
            location = self.redirect_to.encode() + _target(scope)
            await _answer(send, Answer(301, [(b"location", location), (b"content-length", b"0")], b""))

    async def _measured(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun, status = time.perf_counter(), 500

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.layers(scope, receive, note)
        finally:
            self.traffic.add(status, HOST, time.perf_counter() - begun)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The innermost application: forwards."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        elif (body := await _body(receive)) is None:
            await _answer(send, _told(413, "The request is larger than this platform takes."))
        else:
            await _answer(send, await self._forward(scope, body))

    async def _forward(self, scope: Scope, body: bytes) -> Answer:
        upstream = self._upstream
        if upstream is None:
            return _told(503, "The service is suspended or has no instance.")
        try:
            return await upstream.forward(scope["method"], _target(scope), _forwarded(scope, body), body)
        except Unreachable:
            return _told(502, "The service's instance does not answer.")


def _target(scope: Scope) -> bytes:
    """Path and query as the client sent them."""
    query: bytes = scope["query_string"]
    path: bytes = scope["raw_path"]
    return path + b"?" + query if query else path


def _forwarded(scope: Scope, body: bytes) -> Headers:
    """The client's headers; about where it came from only we are believed."""
    kept = [(name, value) for name, value in end_to_end(scope["headers"]) if name not in _FORWARDING]
    if body and not any(name == b"content-length" for name, _ in kept):
        kept.append((b"content-length", str(len(body)).encode()))
    client = scope["client"][0] if scope["client"] else "unknown"
    return [*kept, (b"x-forwarded-for", client.encode()), (b"x-forwarded-proto", scope["scheme"].encode())]


async def _body(receive: Receive) -> bytes | None:
    """The whole request body; None when it is too large (read to its end all the same: clients send first)."""
    parts: list[bytes] = []
    size, more = 0, True
    while more:
        message = await receive()
        part: bytes = message.get("body", b"")
        size += len(part)
        if size <= _LARGEST_BODY:
            parts.append(part)
        more = message.get("more_body", False)
    return b"".join(parts) if size <= _LARGEST_BODY else None


def _told(status: int, message: str) -> Answer:
    """An answer of the platform itself."""
    body = message.encode() + b"\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    return Answer(status, headers, body)


async def _answer(send: Send, answer: Answer) -> None:
    await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
    await send({"type": "http.response.body", "body": answer.body})


async def _live(receive: Receive, send: Send) -> None:
    """The protocol's start and end, for which there is nothing to do."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
