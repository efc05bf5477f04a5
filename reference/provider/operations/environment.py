"""Operations on variables: a service's own, and those of env groups. Changing one deploys nothing."""

import base64
import hashlib
import secrets
from collections.abc import Iterable

from starlette.requests import Request
from starlette.responses import Response

from reference.provider import query, serialize
from reference.provider.answers import Answer, bad_request, empty, find, not_found
from reference.provider.context import Context, Operation
from reference.provider.mint import now
from reference.provider.model import EnvGroup, Service
from reference.provider.pages import page


async def list_variables(context: Context, request: Request) -> Response:
    """The service's own variables, values in clear; those of linked groups are not among them."""
    return _page(request, context.service(request))


def _page(request: Request, service: Service) -> Answer:
    return page(
        request,
        "envVar",
        list(service.env),
        lambda key: hashlib.sha256(key.encode()).hexdigest()[:16],
        lambda key: _variable(service, key),
    )


def _variable(service: Service, key: str) -> dict[str, object]:
    return {"key": key, "value": service.env[key]}


async def replace_variables(context: Context, request: Request) -> Response:
    """Replace all variables of the service."""
    service = context.service(request)
    wanted = await query.body(request)
    if not isinstance(wanted, list):
        raise bad_request("the request's body must be an array of variables")
    _set(service, dict(_entries(wanted)))
    return _page(request, service)


def _entries(wanted: list[object]) -> Iterable[tuple[str, str]]:
    for entry in wanted:
        if not isinstance(entry, dict):
            raise bad_request("each variable must be an object with a key and a value")
        key = entry.get("key")
        if not isinstance(key, str) or not key or "=" in key:
            raise bad_request("invalid key: must be a string that is not empty and holds no =")
        yield key, _value(entry)


def _value(entry: dict[str, object]) -> str:
    value = entry.get("value")
    if isinstance(value, str):
        return value
    if value is None and entry.get("generateValue") is True:
        return base64.b64encode(secrets.token_bytes(32)).decode()
    raise bad_request("a variable needs a value that is a string, or generateValue: true")


def _set(service: Service, env: dict[str, str]) -> None:
    service.env, service.updated_at = env, now()


async def get_variable(context: Context, request: Request) -> Response:
    """One variable of the service."""
    service, key = _named(context, request)
    return Answer(_variable(service, key))


def _named(context: Context, request: Request) -> tuple[Service, str]:
    service, key = context.service(request), request.path_params["key"]
    if key not in service.env:
        raise not_found(key)
    return service, key


async def set_variable(context: Context, request: Request) -> Response:
    """Set one variable of the service."""
    service, key = context.service(request), request.path_params["key"]
    value = _value(await query.body_object(request))
    _set(service, service.env | {key: value})
    return Answer(_variable(service, key))


async def delete_variable(context: Context, request: Request) -> Response:
    """Take one variable away from the service."""
    service, key = _named(context, request)
    _set(service, {name: value for name, value in service.env.items() if name != key})
    return empty(204)


async def list_groups(context: Context, request: Request) -> Response:
    """The env groups, without their variables: a plain array, without cursors."""
    names, owners = query.joined(request, "name"), query.joined(request, "ownerId")
    chosen = [
        group
        for group in context.workspace.env_groups
        if (not names or group.name in names) and (not owners or group.owner_id in owners)
    ]
    links = context.workspace.links_of
    return Answer([serialize.group(each, links(each)) for each in chosen[: query.limit(request)]])


async def get_group(context: Context, request: Request) -> Response:
    """One env group with its variables and the services that link it."""
    group: EnvGroup = find(context.workspace.env_groups, request.path_params["group_id"])
    return Answer(serialize.whole_group(group, context.workspace.links_of(group)))


OPERATIONS: list[Operation] = [
    ("GET", "/services/{service_id}/env-vars", list_variables),
    ("PUT", "/services/{service_id}/env-vars", replace_variables),
    ("GET", "/services/{service_id}/env-vars/{key}", get_variable),
    ("PUT", "/services/{service_id}/env-vars/{key}", set_variable),
    ("DELETE", "/services/{service_id}/env-vars/{key}", delete_variable),
    ("GET", "/env-groups", list_groups),
    ("GET", "/env-groups/{group_id}", get_group),
]
