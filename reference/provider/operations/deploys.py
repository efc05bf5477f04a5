"""Operations on deploys: listing, starting one, rolling back to one."""

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import Response

from reference.provider import query, serialize
from reference.provider.answers import Answer, bad_request, empty, find
from reference.provider.context import Context, Operation
from reference.provider.model import Commit, Deploy, Image, Service
from reference.provider.pages import page

_STATUSES = {
    "created",
    "queued",
    "build_in_progress",
    "update_in_progress",
    "live",
    "deactivated",
    "build_failed",
    "update_failed",
    "canceled",
    "pre_deploy_in_progress",
    "pre_deploy_failed",
}
_OPTIONS = {
    "clearCache": {"clear", "do_not_clear"},
    "deployMode": {"deploy_only", "build_and_deploy"},
}


async def list_deploys(context: Context, request: Request) -> Response:
    """The service's deploys, in the provider's order."""
    statuses = query.choices(query.joined(request, "status"), "status", _STATUSES)
    deploys = ordered(context.service(request).deploys, newest_first=context.workspace.quirks.newest_first)
    chosen = [each for each in deploys if _fits(request, each, statuses)]
    return page(request, "deploy", chosen, lambda each: each.id, serialize.deploy)


def _fits(request: Request, deploy: Deploy, statuses: Sequence[str]) -> bool:
    return (not statuses or deploy.status in statuses) and query.stamped_within(
        request, created=deploy.created_at, updated=deploy.updated_at, finished=deploy.finished_at
    )


def ordered(deploys: Sequence[Deploy], *, newest_first: bool) -> list[Deploy]:
    """Newest first, or with neighbours swapped: pairs are counted from the oldest, so that a new deploy moves none."""
    oldest_first = sorted(deploys, key=lambda each: (each.created_at, each.id))
    if not newest_first:
        pairs = [oldest_first[at : at + 2] for at in range(0, len(oldest_first), 2)]
        oldest_first = [deploy for pair in pairs for deploy in reversed(pair)]
    return oldest_first[::-1]


async def get_deploy(context: Context, request: Request) -> Response:
    """One deploy."""
    deploys = context.service(request).deploys
    return Answer(serialize.deploy(find(deploys, request.path_params["deploy_id"])))


async def create_deploy(context: Context, request: Request) -> Response:
    """Deploy a commit, an image, or what was deployed last; now and then the answer has no body."""
    service = context.service(request)
    deploy = _requested(service, await query.body_object(request))
    context.deploy_requests += 1
    every = context.workspace.quirks.accept_without_body
    queued = bool(every) and context.deploy_requests % every == 0
    deploy.status = "queued" if queued else "created"
    answer = empty(202) if queued else Answer(serialize.deploy(deploy), 201)
    _begin(context, service, deploy)
    return answer


def _requested(service: Service, wanted: dict[str, object]) -> Deploy:
    for name, allowed in _OPTIONS.items():
        if name in wanted:
            query.choices([str(wanted[name])], name, allowed)
    commit_id, image_url = _text(wanted, "commitId"), _text(wanted, "imageUrl")
    if "deployMode" in wanted and wanted.keys() & {"commitId", "imageUrl", "clearCache"}:
        raise bad_request("deployMode can't be combined with commitId, imageUrl or clearCache")
    last = service.live_deploy or service.newest_deploy or Deploy(commit=Commit())
    if image_url:
        return Deploy(image=Image(image_url, ""))
    if commit_id:
        return Deploy(commit=_commit(service, commit_id))
    return Deploy(commit=last.commit, image=last.image)


def _text(wanted: dict[str, object], name: str) -> str:
    value = wanted.get(name, "")
    if not isinstance(value, str):
        raise bad_request(f"invalid {name}: must be a string")
    return value


def _commit(service: Service, commit_id: str) -> Commit:
    known = (each.commit for each in service.deploys if each.commit and each.commit.id == commit_id)
    return next(known, None) or Commit(commit_id, "")


def _begin(context: Context, service: Service, deploy: Deploy, target: Deploy | None = None) -> None:
    service.begin_deploy(deploy, target)
    context.go_on(service, context.engine.deploy(service, deploy))


async def roll_back(context: Context, request: Request) -> Response:
    """Deploy again what a former deploy served: a new deploy without a build."""
    service = context.service(request)
    wanted = _text(await query.body_object(request), "deployId")
    if not wanted:
        raise bad_request("deployId is required")
    target = find(service.deploys, wanted)
    if target.status not in {"live", "deactivated"}:
        raise bad_request(f"can't roll back to {target.id}: it is {target.status}")
    deploy = Deploy(trigger="rollback", commit=target.commit, image=target.image)
    answer = Answer(serialize.deploy(deploy), 201)
    _begin(context, service, deploy, target)
    return answer


OPERATIONS: list[Operation] = [
    ("GET", "/services/{service_id}/deploys", list_deploys),
    ("POST", "/services/{service_id}/deploys", create_deploy),
    ("GET", "/services/{service_id}/deploys/{deploy_id}", get_deploy),
    ("POST", "/services/{service_id}/rollback", roll_back),
]
