"""The root, the health checks and the client SDK."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from starlette.responses import FileResponse, JSONResponse

from reference.app import VERSION
from reference.app.health import examine
from reference.app.services import Provided

router = APIRouter()
_SDK = Path(__file__).parents[1] / "static" / "apex-analytics.js"


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@router.get("/")
async def root() -> dict[str, str]:
    """Says what answers here."""
    return {"name": "APEX Analytics API", "version": VERSION, "status": "running"}


@router.get("/health")
async def health(services: Provided) -> JSONResponse:
    """Says whether the application and all that it needs work: 200, or 503 with what is missing."""
    found = await examine(services.engine, services.store)
    body: dict[str, Any] = {
        "status": "healthy" if found.good else "unhealthy",
        "timestamp": _now(),
        "version": VERSION,
        "database": found.database,
        "redis": found.redis,
    }
    if services.settings.render_git_commit:
        body["commit"] = services.settings.render_git_commit
    return JSONResponse(body, status_code=200 if found.good else 503)


@router.get("/health/ready")
async def ready(services: Provided) -> JSONResponse:
    """Says whether requests can be served: 200 or 503."""
    found = await examine(services.engine, services.store)
    body = {
        "status": "ready" if found.good else "not_ready",
        "checks": {"database": found.database, "redis": found.redis},
        "timestamp": _now(),
    }
    return JSONResponse(body, status_code=200 if found.good else 503)


@router.get("/health/live")
async def live() -> dict[str, str]:
    """Says that the process runs, whatever its dependencies do."""
    return {"status": "alive", "timestamp": _now()}


@router.get("/static/apex-analytics.js")
async def sdk() -> FileResponse:
    """Gives the client SDK; browsers may keep it for an hour."""
    return FileResponse(_SDK, media_type="application/javascript", headers={"Cache-Control": "public, max-age=3600"})
