"""Operations on owners and on whom the provider notifies."""

from starlette.requests import Request
from starlette.responses import Response

from reference.provider import query, serialize
from reference.provider.answers import Answer, bad_request, not_found
from reference.provider.context import Context, Operation
from reference.provider.model import Override, Owner
from reference.provider.pages import page

_TO_SEND = {"none", "failure", "all"}


async def list_owners(context: Context, request: Request) -> Response:
    """The workspaces of the key: one."""
    owner = context.workspace.owner
    names, emails = query.joined(request, "name"), query.joined(request, "email")
    fits = (not names or owner.name in names) and (not emails or owner.email in emails)
    return page(request, "owner", [owner] if fits else [], lambda each: each.id, serialize.owner)


def _owner(context: Context, request: Request) -> Owner:
    owner = context.workspace.owner
    if request.path_params["owner_id"] != owner.id:
        raise not_found(request.path_params["owner_id"])
    return owner


async def get_owner(context: Context, request: Request) -> Response:
    """One workspace."""
    return Answer(serialize.owner(_owner(context, request)))


async def get_notifications(context: Context, request: Request) -> Response:
    """Whom the provider notifies of what."""
    owner = _owner(context, request)
    return Answer(serialize.notifications(context.workspace.notifications, owner.id))


async def change_notifications(context: Context, request: Request) -> Response:
    """Change some of the workspace's notification settings; Slack's can't be changed here."""
    owner, settings = _owner(context, request), context.workspace.notifications
    wanted = await query.body_object(request)
    to_send = _one_of(wanted, "notificationsToSend", _TO_SEND, settings.to_send)
    email = _flag(wanted, "emailEnabled", default=settings.email)
    settings.previews = _flag(wanted, "previewNotificationsEnabled", default=settings.previews)
    settings.to_send, settings.email = to_send, email
    return Answer(serialize.notifications(settings, owner.id))


def _flag(wanted: dict[str, object], name: str, *, default: bool) -> bool:
    value = wanted.get(name, default)
    if not isinstance(value, bool):
        raise bad_request(f"invalid {name}: must be true or false")
    return value


def _one_of(wanted: dict[str, object], name: str, allowed: set[str], default: str) -> str:
    return query.choices([str(wanted.get(name, default))], name, allowed)[0]


async def list_overrides(context: Context, request: Request) -> Response:
    """The services that change the workspace's settings."""
    owners, services = query.joined(request, "ownerId"), query.joined(request, "serviceId")
    mine = not owners or context.workspace.owner.id in owners
    overrides = context.workspace.overrides
    chosen = [each for each in overrides if mine and (not services or each in services)]
    return page(request, "override", chosen, lambda each: each, lambda each: serialize.override(overrides[each], each))


async def get_override(context: Context, request: Request) -> Response:
    """What one service changes; all `default` if nothing."""
    service = context.service(request)
    return Answer(serialize.override(context.workspace.overrides.get(service.id, Override()), service.id))


async def change_override(context: Context, request: Request) -> Response:
    """Change what one service changes."""
    service = context.service(request)
    former = context.workspace.overrides.get(service.id, Override())
    wanted = await query.body_object(request)
    to_send = _one_of(wanted, "notificationsToSend", _TO_SEND | {"default"}, former.to_send)
    flags = {"default", "true", "false"}
    previews = _one_of(wanted, "previewNotificationsEnabled", flags, former.previews)
    changed = context.workspace.overrides[service.id] = Override(to_send, previews)
    return Answer(serialize.override(changed, service.id))


OPERATIONS: list[Operation] = [
    ("GET", "/owners", list_owners),
    ("GET", "/owners/{owner_id}", get_owner),
    ("GET", "/notification-settings/owners/{owner_id}", get_notifications),
    ("PATCH", "/notification-settings/owners/{owner_id}", change_notifications),
    ("GET", "/notification-settings/overrides", list_overrides),
    ("GET", "/notification-settings/overrides/services/{service_id}", get_override),
    ("PATCH", "/notification-settings/overrides/services/{service_id}", change_override),
]
