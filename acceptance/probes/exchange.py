"""A request that was sent, and what came back: an answer, or the reason why none came."""

from __future__ import annotations

import json
import shlex
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal, NoReturn
from urllib.parse import urlencode

from acceptance.redaction import excerpt

FailureKind = Literal["timeout", "refused", "unreachable", "dns", "tls", "reset", "protocol", "rate_limited"]
LONGEST_SHOWN_BODY = 2_000  # characters

NO_HEADERS: Mapping[str, str] = {}


@dataclass(frozen=True)
class Request:
    """What to ask: the path as it is sent, the query's pairs in order, the body's bytes, a label for people."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None
    label: str = ""

    @property
    def target(self) -> str:
        """The path with its query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def __str__(self) -> str:
        """Return the request's line, such as `GET /health`."""
        return f"{self.method} {self.target}"


def get(path: str, *, label: str = "", headers: Mapping[str, str] = NO_HEADERS, **query: str) -> Request:
    """Return a GET of `path` with a query."""
    return Request("GET", path, tuple(query.items()), headers, label=label)


@dataclass(frozen=True)
class Failure:
    """Why no answer came: the kind, and a sentence for people."""

    kind: FailureKind
    sentence: str

    @property
    def is_the_targets(self) -> bool:
        """Whether it tells of the application (a time-out is a hang, a reset a crash) or only of the way to it."""
        return self.kind not in ("rate_limited", "dns", "unreachable")


@dataclass(frozen=True)
class Exchange:
    """A request and its answer.

    Either `status` is set, or `failure` is. `headers` are the answer's, in order, names in lower case.
    `body` is decoded and cut at the client's limit (`cut` says so). `started` is UTC. `elapsed_s` counts from
    sending the last attempt to the end of its body; `waited_s` is what a rate limit had asked to wait before.
    """

    request: Request
    url: str
    started: datetime
    elapsed_s: float
    request_id: str
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut: bool = False
    http_version: str = ""
    failure: Failure | None = None
    waited_s: float = 0.0

    @property
    def text(self) -> str:
        """The body as UTF-8; what isn't is replaced."""
        return self.body.decode("utf-8", "replace")

    @property
    def content_type(self) -> str:
        """The media type in lower case, without parameters; empty when there is none."""
        return self.header("content-type").partition(";")[0].strip().lower()

    @property
    def sent(self) -> str:
        """What was sent, as text: an answer that repeats it shows nothing of its own."""
        request = self.request
        values = " ".join(value for _, value in request.query)
        body = (request.body or b"").decode("utf-8", "replace")
        return "\n".join([self.url, request.path, values, body, self.request_id, *request.headers.values()])

    def header(self, name: str) -> str:
        """Return a header of the answer, several of the name joined by commas; empty when there is none."""
        return ", ".join(value for key, value in self.headers if key == name.lower())

    def json(self) -> Any:  # noqa: ANN401 - a body may hold anything
        """Return the body as JSON as every reader reads it (RFC 8259), which knows no NaN and no Infinity.

        Raises:
            ValueError: it is no JSON, or nested too deep to be read.
        """
        try:
            return json.loads(self.body, parse_constant=_refuse)
        except RecursionError:
            raise ValueError("nested too deep to be read") from None

    def curl(self) -> str:
        """Return a command line that sends the same request; that a long body was cut stands behind it."""
        parts = ["curl", "-sS", "-i", "--max-time", "10"]
        if self.request.method != "GET":
            parts += ["-X", self.request.method]
        for name, value in self.request.headers.items():
            parts += ["-H", f"{name}: {value}"]
        body = self.request.body or b""
        text = body.decode("utf-8", "backslashreplace")
        if self.request.body is not None:
            parts += ["--data-binary", excerpt(text, LONGEST_SHOWN_BODY)]
        line = shlex.join([*parts, self.url])
        return f"{line}  # body of {len(body)} bytes, cut" if len(text) > LONGEST_SHOWN_BODY else line

    def summary(self) -> str:
        """Return one line: the request, and the answer or why there is none."""
        if self.failure:
            return f"{self.request} -> no answer: {self.failure.sentence}"
        kind = self.content_type or "no content type"
        waited = f", after waiting {self.waited_s:.0f} s for the rate limit" if self.waited_s else ""
        return f"{self.request} -> {self.status} {kind} in {self.elapsed_s:.3f} s ({self.http_version}){waited}"


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
