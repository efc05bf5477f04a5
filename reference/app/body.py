"""JSON request bodies: read within a limit, parsed and validated in one step."""

from collections.abc import Awaitable, Callable
from typing import TypeVar

from fastapi import HTTPException, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ValidationError

MAX_BODY_BYTES = 1_048_576  # a body must stay below it

Model = TypeVar("Model", bound=BaseModel)


async def _read(request: Request) -> bytes:
    """Reads the body, and stops reading at the limit whatever length was announced."""
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) >= MAX_BODY_BYTES:
            raise HTTPException(413, "The body must be smaller than 1 MB")
    return bytes(body)


def json_body(model: type[Model]) -> Callable[[Request], Awaitable[Model]]:
    """Makes a dependency that gives the body as an instance of the model.

    The model's own parser is used rather than the json module: it refuses invalid UTF-8, lone surrogates and endless
    nesting as malformed. Answers: 415 for another content type, 413 from 1 MB on, 422 with the errors.
    """

    async def read(request: Request) -> Model:
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise HTTPException(415, "Content-Type must be application/json")
        try:
            return model.model_validate_json(await _read(request))
        except ValidationError as error:
            errors = error.errors(include_url=False, include_context=False, include_input=False)
            raise RequestValidationError([{**one, "loc": ("body", *one["loc"])} for one in errors]) from error

    return read
