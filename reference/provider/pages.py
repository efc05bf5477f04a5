"""Cursor pagination: a bare array whose items carry the cursor that the next page starts behind."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from typing import TypeVar

from starlette.requests import Request

from reference.provider import query
from reference.provider.answers import Answer, bad_request

Item = TypeVar("Item")


def cursor(kind: str, identity: str) -> str:
    """Thirty-two opaque url-safe characters: eight bytes of the listing's kind, sixteen of the item's id."""
    mark = hashlib.sha256(kind.encode()).digest()[:8]
    return base64.urlsafe_b64encode(mark + identity[-16:].rjust(16, "0").encode()).decode()


def page(
    request: Request,
    kind: str,
    items: Sequence[Item],
    identity: Callable[[Item], str],
    body: Callable[[Item], object],
) -> Answer:
    """The page that the request's `cursor` and `limit` ask for; past the end it is empty.

    Args:
        request: whose parameters count.
        kind: the key under which each item's body stands, for example `service`.
        items: the whole listing, in its order.
        identity: an item's id, ASCII and unique in its last sixteen characters.
        body: an item's JSON.
    """
    limit = query.limit(request)
    cursors = [cursor(kind, identity(item)) for item in items]
    start = _start(request.query_params.get("cursor"), cursors)
    chosen = zip(items[start : start + limit], cursors[start:], strict=False)
    return Answer([{kind: body(item), "cursor": mark} for item, mark in chosen])


def _start(wanted: str | None, cursors: Sequence[str]) -> int:
    if not wanted:
        return 0
    if wanted in cursors:
        return cursors.index(wanted) + 1
    _check(wanted)
    return len(cursors)


def _check(wanted: str) -> None:
    """A cursor of the right form whose item is gone is past the end; any other text is a mistake."""
    try:
        sound = len(base64.b64decode(wanted.encode(), altchars=b"-_", validate=True)) == 24
    except (binascii.Error, ValueError) as error:
        raise bad_request("invalid cursor") from error
    if not sound:
        raise bad_request("invalid cursor")
