"""The provider's HTTP API over one workspace, below `/v1`."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from reference.provider.answers import ApiError, error_answer
from reference.provider.context import Context, Handler
from reference.provider.gate import Gate
from reference.provider.model import Engine, Workspace
from reference.provider.operations import (
    accounts,
    datastores,
    deploys,
    environment,
    logs,
    metrics,
    services,
)

_ROOMS = (services, deploys, environment, datastores, logs, metrics, accounts)


def create_api(workspace: Workspace, engine: Engine) -> ASGIApp:
    """The API that answers for `workspace`; what moves processes goes to `engine`, after the answer."""
    context = Context(workspace, engine)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        yield
        await context.close()

    operations = [operation for room in _ROOMS for operation in room.OPERATIONS]
    app = Starlette(
        routes=[_route(context, *operation) for operation in operations],
        exception_handlers={ApiError: _told, HTTPException: _unknown, Exception: _failed},
        lifespan=lifespan,
    )
    return Gate(app, workspace)


def _route(context: Context, method: str, path: str, handler: Handler) -> Route:
    async def endpoint(request: Request) -> Response:
        return await handler(context, request)

    return Route(f"/v1{path}", endpoint, methods=[method], name=f"{method} {path}")


async def _told(_: Request, error: Exception) -> Response:
    assert isinstance(error, ApiError)
    return error_answer(error)


async def _unknown(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404:
        return error_answer(ApiError(404, f"not found: {request.url.path}"))
    return error_answer(ApiError(error.status_code, error.detail.lower()))


async def _failed(_: Request, error: Exception) -> Response:  # noqa: ARG001 - Starlette's signature
    return error_answer(ApiError(500, "internal server error"))
