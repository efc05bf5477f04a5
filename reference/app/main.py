"""Putting the application together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI
from starlette.middleware.cors import CORSMiddleware
from starlette.types import ASGIApp

from reference.app import VERSION, errors
from reference.app.database import create_engine
from reference.app.middleware import RateLimit, RequestContext
from reference.app.routes import analytics, merchants, system
from reference.app.services import Services
from reference.app.settings import Settings
from reference.app.store import create_store


def create_app(settings: Settings) -> ASGIApp:
    """Makes the application, ready to be served; connects to nothing yet."""
    services = Services(settings, create_engine(settings), create_store(settings))
    app = FastAPI(
        title="APEX Analytics API",
        version=VERSION,
        openapi_url="/openapi.json" if settings.debug else None,
        redirect_slashes=False,
        lifespan=_lifespan,
    )
    app.state.services = services
    app.include_router(system.router)
    app.include_router(analytics.router)
    app.include_router(merchants.router)
    errors.install(app)
    app.add_middleware(RateLimit, store=services.store, settings=settings)
    app.add_middleware(
        CORSMiddleware,
        allow_origins=settings.origins,
        allow_methods=["GET", "POST", "PATCH", "DELETE"],
        allow_headers=["Authorization", "Content-Type", "X-Request-ID"],
    )
    return RequestContext(app)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    yield
    services: Services = app.state.services
    await services.close()
