"""Errors as clients see them: `{"detail": ...}`, never how the application is made."""

import logging
from collections.abc import Iterable, Mapping
from typing import Any, cast

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.requests import ClientDisconnect
from starlette.responses import JSONResponse, Response

from reference.app.database import UNAVAILABLE

_LOG = logging.getLogger("app.errors")
_MOST_SHOWN = 20
_LONGEST_NAME = 100


def describe(errors: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Gives where, what and which kind, of at most twenty errors, without echoing what was sent.

    Args:
        errors: pydantic's error dictionaries.
    """
    return [
        {"loc": [_short(part) for part in error["loc"]], "msg": error["msg"], "type": error["type"]}
        for error in list(errors)[:_MOST_SHOWN]
    ]


def _short(part: str | int) -> str | int:
    return part[:_LONGEST_NAME] if isinstance(part, str) else part


async def _invalid(_: Request, error: Exception) -> Response:
    return JSONResponse({"detail": describe(cast("RequestValidationError", error).errors())}, status_code=422)


async def _unavailable(_: Request, error: Exception) -> Response:
    _LOG.error("the database does not answer: %s", type(error).__name__, exc_info=error)
    return JSONResponse({"detail": "Service Unavailable"}, status_code=503, headers={"Retry-After": "5"})


async def _unexpected(_: Request, __: Exception) -> Response:
    """Answers only: Starlette raises the exception again and the server logs it."""
    return JSONResponse({"detail": "Internal Server Error"}, status_code=500)


async def _gone(_: Request, __: Exception) -> Response:
    """Ends a request whose client hung up while sending its body; nobody reads this answer."""
    return JSONResponse({"detail": "Client Closed Request"}, status_code=400)


def install(app: FastAPI) -> None:
    """Registers the handlers."""
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unexpected)
    for kind in UNAVAILABLE:
        app.add_exception_handler(kind, _unavailable)
