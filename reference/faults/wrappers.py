"""Wrappers around the unchanged application: they answer in its place, or change what it answers."""

import asyncio
import itertools
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference.layers import Wrapper
from reference.upstream import Answer

Matches = Callable[[Scope], bool]
JSON = (b"content-type", b"application/json")


def at(path: str, query: bytes = b"") -> Matches:
    """Match a path whose query contains `query`."""
    return lambda scope: scope["path"] == path and query in scope["query_string"]


def anywhere(_scope: Scope) -> bool:
    """Match every request."""
    return True


def every(number: int, matches: Matches) -> Matches:
    """Match each `number`-th of the requests that `matches` matches."""
    count = itertools.count(1)
    return lambda scope: matches(scope) and next(count) % number == 0


def answering(matches: Matches, answer: Answer) -> Wrapper:
    """Return a wrapper that answers matching requests itself."""
    return _wrapper(matches, lambda _: answer, forwards=False)


def changing(matches: Matches, change: Callable[[Answer], Answer]) -> Wrapper:
    """Return a wrapper that changes the application's answers to matching requests."""
    return _wrapper(matches, change, forwards=True)


def redirecting(matches: Matches, status: int, location: Callable[[Scope], str]) -> Wrapper:
    """Return a wrapper that sends matching requests to where `location` says."""

    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if matches(scope):
                headers = [(b"location", location(scope).encode()), (b"content-length", b"0")]
                await answering(anywhere, Answer(status, headers, b""))(app)(scope, receive, send)
            else:
                await app(scope, receive, send)

        return wrapped

    return wrap


def hanging(matches: Matches) -> Wrapper:
    """Return a wrapper that takes matching requests and says nothing until their clients leave."""

    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if not matches(scope):
                await app(scope, receive, send)
                return
            while (await receive())["type"] != "http.disconnect":
                pass

        return wrapped

    return wrap


def delaying(matches: Matches, seconds: float) -> Wrapper:
    """Return a wrapper that answers matching requests as before, so many seconds later."""

    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if matches(scope):
                await asyncio.sleep(seconds)
            await app(scope, receive, send)

        return wrapped

    return wrap


def with_status(answer: Answer, status: int) -> Answer:
    """Return the answer with another status."""
    return replace(answer, status=status)


def with_type(answer: Answer, content_type: bytes) -> Answer:
    """Return the answer as if it were of another media type."""
    headers = [(name, value) for name, value in answer.headers if name != b"content-type"]
    return replace(answer, headers=[*headers, (b"content-type", content_type)])


def with_header(answer: Answer, name: bytes, value: bytes) -> Answer:
    """Return the answer with one more header."""
    return replace(answer, headers=[*answer.headers, (name, value)])


def with_body(answer: Answer, body: bytes) -> Answer:
    """Return the answer with another body."""
    headers = [(name, value) for name, value in answer.headers if name != b"content-length"]
    return Answer(answer.status, [*headers, (b"content-length", str(len(body)).encode())], body)


def cut_short(answer: Answer) -> Answer:
    """Return the answer with the first half of its body."""
    return with_body(answer, answer.body[: len(answer.body) // 2])


def as_json(status: int, content: object) -> Answer:
    """Return an answer of one's own, in JSON."""
    return Answer(status, [JSON], json.dumps(content).encode())


def with_json(answer: Answer, edit: Callable[[Any], object]) -> Answer:
    """Return the answer with what `edit` makes of its JSON."""
    return with_body(answer, json.dumps(edit(json.loads(answer.body))).encode())


def _wrapper(matches: Matches, change: Callable[[Answer], Answer], *, forwards: bool) -> Wrapper:
    def wrap(app: ASGIApp) -> ASGIApp:
        async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
            if not matches(scope):
                await app(scope, receive, send)
                return
            answer = change(await _answer_of(app, scope, receive) if forwards else await _unanswered(receive))
            await send({"type": "http.response.start", "status": answer.status, "headers": list(answer.headers)})
            await send({"type": "http.response.body", "body": answer.body})

        return wrapped

    return wrap


async def _unanswered(receive: Receive) -> Answer:
    """Take the request's body in, as a server does, and answer nothing yet."""
    while (await receive()).get("more_body", False):
        pass
    return Answer(500, [], b"")


async def _answer_of(app: ASGIApp, scope: Scope, receive: Receive) -> Answer:
    messages: list[Message] = []

    async def keep(message: Message) -> None:
        messages.append(message)

    await app(scope, receive, keep)
    start, *parts = messages
    return Answer(start["status"], start["headers"], b"".join(part.get("body", b"") for part in parts))
