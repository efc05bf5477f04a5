"""Answers as the provider gives them: JSON, empty bodies, errors."""

import json
from collections.abc import Callable, Iterable
from typing import Protocol, TypeVar

from starlette.responses import JSONResponse, Response


class ApiError(Exception):
    """A request that ends in an error answer of `status`, with a message for its sender."""

    def __init__(self, status: int, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message


class Answer(JSONResponse):
    """A JSON body with the provider's content type and closing newline."""

    media_type = "application/json; charset=utf-8"

    def render(self, content: object) -> bytes:
        """The body's bytes."""
        return json.dumps(content, separators=(",", ":")).encode() + b"\n"


def empty(status: int) -> Response:
    """An answer without a body, and so without a content type."""
    return Response(status_code=status)


def error_answer(error: ApiError) -> Answer:
    """The provider's error body, which holds a message alone."""
    return Answer({"message": error.message}, error.status)


def not_found(what: str) -> ApiError:
    """The error for an id that the workspace does not hold."""
    return ApiError(404, f"not found: {what}")


def bad_request(message: str) -> ApiError:
    """The error for a parameter or body that can't be taken."""
    return ApiError(400, message)


class HasId(Protocol):
    """Anything that the provider gave an id."""

    id: str


Item = TypeVar("Item", bound=HasId)


def find(items: Iterable[Item], wanted: str, error: Callable[[str], ApiError] = not_found) -> Item:
    """The item of that id.

    Raises:
        ApiError: there is none (404 unless `error` makes another).
    """
    for item in items:
        if item.id == wanted:
            return item
    raise error(wanted)
