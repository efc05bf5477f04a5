"""What the endpoints work with, handed to them by the framework."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from redis.asyncio import Redis
from sqlalchemy.ext.asyncio import AsyncEngine

from reference.app.ingest import Origin, hash_address
from reference.app.settings import Settings


@dataclass(frozen=True)
class Services:
    """The settings and the two connections, made once for each application."""

    settings: Settings
    engine: AsyncEngine
    store: Redis

    async def close(self) -> None:
        """Gives the connections back."""
        await self.engine.dispose()
        await self.store.aclose()


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


Provided = Annotated[Services, Depends(_services)]


def _origin(request: Request, services: Provided) -> Origin:
    """Tells where a request came from, as the edge in front says it."""
    address = request.client.host if request.client else "unknown"
    country = request.headers.get("cf-ipcountry", "").upper()
    return Origin(
        address_hash=hash_address(address, salt=services.settings.secret_key.get_secret_value()),
        country_code=country if len(country) == 2 and country.isascii() and country.isalpha() else None,
    )


RequestOrigin = Annotated[Origin, Depends(_origin)]
