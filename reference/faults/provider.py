"""Faults of the provider's side: what it does with the services."""

from reference.deployment import Deployment
from reference.faults.catalogue import fault
from reference.faults.wrappers import at, changing, with_json
from reference.provider.model import Commit, Deploy, Image, Service

GONE = {"MH-1": "failed", "MH-5": "unverified", "MH-7": "unverified", "DP-3": "unverified"}
"""What ends otherwise when the api can't be found: its variables can't be read, so its secrets are not known."""


def newest(deployment: Deployment, status: str) -> Deploy:
    """Let the newest deploy have come, or be on its way, to another end; the former one serves on."""
    live = deployment.api.live_deploy
    deploy = deployment.api.begin_deploy(Deploy(trigger="new_commit", commit=live.commit if live else None))
    deploy.move(status)
    return deploy


@fault(
    "service-suspended",
    "the provider has suspended the api",
    {"MH-1": "failed", "MH-2": "failed", "MH-6": "failed", "MH-7": "failed", "DP-3": "failed"},
    says="suspended",
)
async def service_suspended(deployment: Deployment) -> None:
    """Its process is stopped, the edge answers for it."""
    await deployment.suspend(deployment.api)


@fault("database-suspended", "the provider has suspended the database", {"MH-1": "failed"}, says="ecomdash-db")
async def database_suspended(deployment: Deployment) -> None:
    """For billing: it still answers, and will not for long."""
    database = deployment.workspace.databases[0]
    database.suspended, database.suspenders = True, ["billing"]


@fault("store-suspended", "the provider has suspended the store", {"MH-1": "failed"}, says="ecomdash-redis")
async def store_suspended(deployment: Deployment) -> None:
    """A store's suspension shows as its status alone."""
    _listed(deployment, "/v1/key-value", "keyValue", {"status": "suspended"})


@fault("database-unavailable", "the provider says that the database is away", {"MH-1": "failed"}, says="unavailable")
async def database_unavailable(deployment: Deployment) -> None:
    """It is about to be: it still answers."""
    _listed(deployment, "/v1/postgres", "postgres", {"status": "unavailable"})


@fault("database-recovering", "the database is being restored", {"MH-1": "failed"}, says="recovery_in_progress")
async def database_recovering(deployment: Deployment) -> None:
    """One of the provider's many words that are not `available`."""
    _listed(deployment, "/v1/postgres", "postgres", {"status": "recovery_in_progress"})


@fault("newest-deploy-failed", "the newest deploy failed; an older one serves", {"MH-1": "failed"}, says="build_failed")
async def newest_deploy_failed(deployment: Deployment) -> None:
    """Everything looks well, but what was to be deployed is not what runs."""
    newest(deployment, "build_failed")


@fault("newest-deploy-canceled", "the newest deploy was canceled", {"MH-1": "failed"}, says="canceled")
async def newest_deploy_canceled(deployment: Deployment) -> None:
    """By somebody who did not say so."""
    newest(deployment, "canceled")


@fault("deploy-in-progress", "a deploy is under way", {"MH-1": "failed"}, says="still in progress")
async def deploy_in_progress(deployment: Deployment) -> None:
    """What is judged now is not what will serve in a minute."""
    newest(deployment, "update_in_progress")


@fault("newest-deploy-listed-last", "the failed newest deploy is listed last", {"MH-1": "failed"}, says="update_failed")
async def newest_deploy_listed_last(deployment: Deployment) -> None:
    """The provider promises no order; whoever takes the first takes the former one."""
    newest(deployment, "update_failed")
    path = f"/v1/services/{deployment.api.id}/deploys"
    deployment.provider_layers.append(
        changing(at(path), lambda answer: with_json(answer, lambda items: sorted(items, key=_created)))
    )


@fault("deploy-of-another-commit", "the live deploy is of another commit", {"MH-1": "failed"}, says="commit ")
async def deploy_of_another_commit(deployment: Deployment) -> None:
    """Somebody pushed in between."""
    deploy = deployment.api.begin_deploy(Deploy(trigger="new_commit", commit=Commit()))
    deployment.api.end_deploy(deploy, "live")


@fault("deploy-of-an-image", "the live deploy names no commit", {"MH-1": "unverified"}, says="is of an image")
async def deploy_of_an_image(deployment: Deployment) -> None:
    """What it was built from can't be compared."""
    image = Image("docker.io/retailos/ecomdash:latest", "sha256:" + "0f" * 32)
    deployment.api.end_deploy(deployment.api.begin_deploy(Deploy(image=image)), "live")


@fault("never-deployed", "the api was never deployed", {"MH-1": "failed"}, says="no deploy at all")
async def never_deployed(deployment: Deployment) -> None:
    """The service was created, nothing more."""
    deployment.api.deploys.clear()


@fault("no-deploy-live", "the newest deploy no longer serves", {"MH-1": "failed"}, says="none is live")
async def no_deploy_live(deployment: Deployment) -> None:
    """It was superseded by one that is gone."""
    for deploy in deployment.api.deploys:
        deploy.status = "deactivated"


@fault("service-missing", "the api is not in the workspace", GONE, says="Web service ecomdash-api")
async def service_missing(deployment: Deployment) -> None:
    """It was created under another name."""
    deployment.api.name = "ecomdash-api-production"


@fault("database-missing", "the database is not in the workspace", {"MH-1": "failed"}, says="PostgreSQL ecomdash-db")
async def database_missing(deployment: Deployment) -> None:
    """The application uses one of another workspace."""
    deployment.workspace.databases.clear()


@fault("store-missing", "the store is not in the workspace", {"MH-1": "failed"}, says="Key value store ecomdash-redis")
async def store_missing(deployment: Deployment) -> None:
    """The application uses one of another workspace."""
    deployment.workspace.stores.clear()


@fault("service-of-another-type", "the api is a background worker", {"MH-1": "failed"}, says="Background worker")
async def service_of_another_type(deployment: Deployment) -> None:
    """Nobody can send it a request."""
    deployment.api.type = "background_worker"


@fault(
    "service-twice",
    "two services bear the api's name",
    {"MH-1": "unverified", "MH-5": "unverified", "MH-7": "unverified", "DP-3": "unverified"},
    says="two resources of one kind named 'ecomdash-api'",
)
async def service_twice(deployment: Deployment) -> None:
    """Which one is the plan's can't be told."""
    deployment.workspace.services.append(Service("ecomdash-api", deployment.workspace.owner.id))


@fault("optional-service-suspended", "the worker is suspended", {"MH-1": "failed"}, says="ecomdash-worker")
async def optional_service_suspended(deployment: Deployment) -> None:
    """The plan can do without it; once it exists it must run."""
    api = deployment.api
    worker = Service("ecomdash-worker", api.owner_id, type="background_worker", env=dict(api.env))
    worker.suspend("billing")
    deployment.workspace.services.append(worker)


@fault("another-region", "the api is in another region", {"MH-1": "noted"}, says="region is frankfurt")
async def another_region(deployment: Deployment) -> None:
    """Far from its database: not as planned, and it stops nothing."""
    deployment.api.region = "frankfurt"


@fault("health-path-not-set", "the provider checks no health path", {"MH-1": "noted"}, says="health check path")
async def health_path_not_set(deployment: Deployment) -> None:
    """An open port is enough for it."""
    deployment.api.health_check_path = ""


def _listed(deployment: Deployment, path: str, kind: str, changes: dict[str, str]) -> None:
    """Let a listing tell other values of all its items."""

    def edited(items: list[dict[str, dict[str, str]]]) -> list[dict[str, object]]:
        return [{**item, kind: item[kind] | changes} for item in items]

    deployment.provider_layers.append(changing(at(path), lambda answer: with_json(answer, edited)))


def _created(item: dict[str, dict[str, str]]) -> str:
    return item["deploy"]["createdAt"]
