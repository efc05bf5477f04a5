"""Faults that are SQL and nothing else."""

from collections.abc import Mapping

from reference.deployment import Deployment
from reference.faults.catalogue import fault


def sql_fault(
    name: str, summary: str, *, breaks: Mapping[str, str], sql: str, says: str, superuser: bool = False
) -> None:
    """Enter a fault whose statements, all or none, run as the database's owner or as the superuser."""

    @fault(name, summary, breaks, says=says)
    async def apply(deployment: Deployment) -> None:
        postgres = deployment.postgres
        await (postgres.administer(sql) if superuser else postgres.execute(sql))
