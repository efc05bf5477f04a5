"""The two data stores together: how they start, stop and heal."""

import asyncio
from dataclasses import dataclass

from reference.postgres import Postgres
from reference.valkey import Valkey


@dataclass(frozen=True)
class Servers:
    """PostgreSQL and Valkey."""

    postgres: Postgres
    valkey: Valkey

    async def heal(self) -> None:
        """Both run, the database as its template, the key value store empty and with the plan's settings."""
        await asyncio.gather(self._heal_postgres(), self._heal_valkey())

    async def stop(self) -> None:
        """End both, without saving anything."""
        await asyncio.gather(self.postgres.stop(clean=False), self.valkey.stop())
        self.postgres.close()
        self.valkey.close()

    async def _heal_postgres(self) -> None:
        if not self.postgres.running:
            await self.postgres.start()
        await self.postgres.reset()

    async def _heal_valkey(self) -> None:
        if not self.valkey.running:
            await self.valkey.start()
        await self.valkey.reset()
