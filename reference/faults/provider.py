"""Faults of the provider's side: what it does with the services, and what its API answers."""

from reference.deployment import Deployment
from reference.faults.catalogue import fault
from reference.faults.wrappers import JSON, answering, anywhere
from reference.provider.mint import new_api_key
from reference.provider.model import Deploy
from reference.upstream import Answer


@fault(
    "service-suspended",
    "the provider has suspended the api",
    {"MH-1": "failed", "MH-2": "failed", "MH-6": "failed", "MH-7": "failed"},
    says="suspended",
)
async def service_suspended(deployment: Deployment) -> None:
    """Its process is stopped, the edge answers for it."""
    await deployment.suspend(deployment.api)


@fault("newest-deploy-failed", "the newest deploy failed; an older one serves", {"MH-1": "failed"}, says="build_failed")
async def newest_deploy_failed(deployment: Deployment) -> None:
    """Everything looks well, but what was to be deployed is not what runs."""
    live = deployment.api.live_deploy
    deploy = deployment.api.begin_deploy(Deploy(trigger="new_commit", commit=live.commit if live else None))
    deployment.api.end_deploy(deploy, "build_failed")


@fault("database-suspended", "the provider has suspended the database", {"MH-1": "failed"}, says="ecomdash-db")
async def database_suspended(deployment: Deployment) -> None:
    """For billing: it still answers, and will not for long."""
    database = deployment.workspace.databases[0]
    database.suspended, database.suspenders = True, ["billing"]


@fault(
    "key-refused",
    "the provider refuses the API key",
    {"MH-1": "unverified", "MH-5": "unverified", "MH-7": "unverified"},
    says="401",
)
async def key_refused(deployment: Deployment) -> None:
    """It was revoked; nothing that needs it was measured, so nothing of that passes."""
    deployment.workspace.api_key = new_api_key()


@fault(
    "provider-500",
    "the provider's API answers 500",
    {"MH-1": "unverified", "MH-5": "unverified", "MH-7": "unverified"},
    says="it answered 500",
)
async def provider_500(deployment: Deployment) -> None:
    """An outage of its own: what runs here may be well, but that can't be told."""
    deployment.provider_layers.append(answering(anywhere, Answer(500, [JSON], b'{"message": "internal server error"}')))
