"""Query parameters and bodies, read strictly: what can't be understood is a 400 that names it."""

import json
import re
from collections.abc import Collection
from datetime import UTC, datetime, timedelta

from starlette.requests import Request

from reference.provider.answers import bad_request

MAX_LIMIT = 100
_RFC3339 = re.compile(r"(\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|z|[+-]\d\d:\d\d)")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def limit(request: Request) -> int:
    """How many items a page may hold: 1 to 100, 20 unless asked."""
    text = request.query_params.get("limit", "20")
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= MAX_LIMIT:
        raise bad_request(f"invalid limit: {text}: must be between 1 and {MAX_LIMIT}")
    return int(text)


def many(request: Request, name: str) -> list[str]:
    """The values of a repeated parameter."""
    return request.query_params.getlist(name)


def joined(request: Request, name: str) -> list[str]:
    """The values of a comma-joined parameter; repeating it is taken too."""
    return [value for text in many(request, name) for value in text.split(",") if value]


def choices(values: list[str], name: str, allowed: Collection[str]) -> list[str]:
    """The values as they are, each one of `allowed`."""
    for value in values:
        if value not in allowed:
            raise bad_request(f"invalid {name}: {value}: must be one of {', '.join(sorted(allowed))}")
    return values


def choice(request: Request, name: str, allowed: Collection[str], default: str) -> str:
    """One of `allowed`."""
    return choices([request.query_params.get(name, default)], name, allowed)[0]


def number(request: Request, name: str, default: float, least: float, most: float) -> float:
    """A number between two bounds, both included."""
    return _bounded(request.query_params.get(name, str(default)), name, least, most)


def numbers(request: Request, name: str, default: float, least: float, most: float) -> list[float]:
    """The numbers of a repeated parameter, one default if there is none."""
    return [_bounded(text, name, least, most) for text in many(request, name) or [str(default)]]


def _bounded(text: str, name: str, least: float, most: float) -> float:
    try:
        value = float(text)
    except ValueError as error:
        raise bad_request(f"invalid {name}: {text}: must be a number") from error
    if not least <= value <= most:
        raise bad_request(f"invalid {name}: {text}: must be between {least:g} and {most:g}")
    return value


def nanoseconds(moment: datetime) -> int:
    """Nanoseconds since 1970."""
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1000


def time_ns(request: Request, name: str, default: datetime) -> int:
    """An RFC 3339 time with up to nine fractional digits, as nanoseconds since 1970."""
    text = request.query_params.get(name)
    if text is None:
        return nanoseconds(default)
    match = _RFC3339.fullmatch(text)
    if match is None:
        raise bad_request(f"invalid {name}: {text}: must be an RFC 3339 time")
    try:
        second = datetime.fromisoformat(f"{match[1]}{match[3]}".upper())
    except ValueError as error:
        raise bad_request(f"invalid {name}: {text}: no such time") from error
    return nanoseconds(second) + int((match[2] or "").ljust(9, "0"))


def stamped_within(request: Request, **moments: datetime | None) -> bool:
    """Whether each moment keeps to the request's `<name>Before` and `<name>After`."""
    for name, moment in moments.items():
        for edge, sign in (("Before", -1), ("After", 1)):
            parameter = name + edge
            if parameter not in request.query_params:
                continue
            bound = time_ns(request, parameter, _EPOCH)
            if moment is None or (nanoseconds(moment) - bound) * sign <= 0:
                return False
    return True


async def body(request: Request) -> object:
    """The request's JSON body."""
    raw = await request.body()
    try:
        return json.loads(raw)
    except ValueError as error:
        raise bad_request("invalid JSON in the request's body") from error


async def body_object(request: Request) -> dict[str, object]:
    """The request's JSON body, an object."""
    content = await body(request)
    if not isinstance(content, dict):
        raise bad_request("the request's body must be a JSON object")
    return content
