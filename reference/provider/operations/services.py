"""Operations on services: reading, restarting, suspending, resuming; their events and instances."""

from datetime import timedelta

from starlette.requests import Request
from starlette.responses import Response

from reference.provider import query, serialize
from reference.provider.answers import Answer, empty
from reference.provider.context import Context, Operation
from reference.provider.mint import now, stamp
from reference.provider.model import Service
from reference.provider.pages import page

_TYPES = {"static_site", "web_service", "private_service", "background_worker", "cron_job"}
_SUSPENDED = {"suspended", "not_suspended"}


async def list_services(context: Context, request: Request) -> Response:
    """The services that the filters leave."""
    wanted = {
        "name": query.joined(request, "name"),
        "type": query.choices(query.joined(request, "type"), "type", _TYPES),
        "region": query.joined(request, "region"),
        "ownerId": query.joined(request, "ownerId"),
        "suspended": query.choices(query.joined(request, "suspended"), "suspended", _SUSPENDED),
    }
    chosen = [each for each in context.workspace.services if _fits(request, each, wanted)]
    return page(request, "service", chosen, lambda each: each.id, serialize.service)


def _fits(request: Request, service: Service, wanted: dict[str, list[str]]) -> bool:
    facts = {
        "name": service.name,
        "type": service.type,
        "region": service.region,
        "ownerId": service.owner_id,
        "suspended": "suspended" if service.suspended else "not_suspended",
    }
    matches = all(not values or facts[name] in values for name, values in wanted.items())
    return matches and query.stamped_within(request, created=service.created_at, updated=service.updated_at)


async def get_service(context: Context, request: Request) -> Response:
    """One service."""
    return Answer(serialize.service(context.service(request)))


async def restart(context: Context, request: Request) -> Response:
    """Replace the service's processes."""
    service = context.service(request)
    service.record("server_restarted", triggeredByUser=context.workspace.owner.id)
    context.go_on(service, context.engine.restart(service))
    return empty(200)


async def suspend(context: Context, request: Request) -> Response:
    """Stop the service."""
    service = context.service(request)
    if not service.suspended:
        service.suspend()
        context.go_on(service, context.engine.suspend(service))
    return empty(202)


async def resume(context: Context, request: Request) -> Response:
    """Start the service again."""
    service = context.service(request)
    if service.suspended:
        service.resume()
        context.go_on(service, context.engine.resume(service))
    return empty(202)


async def list_events(context: Context, request: Request) -> Response:
    """What happened to the service in the window, newest first; the last hour unless asked."""
    service = context.service(request)
    start = query.time_ns(request, "startTime", now() - timedelta(hours=1))
    end = query.time_ns(request, "endTime", now())
    kinds = query.joined(request, "type")
    chosen = [
        event
        for event in sorted(service.events, key=lambda each: (each.timestamp, each.id), reverse=True)
        if start <= query.nanoseconds(event.timestamp) <= end and (not kinds or event.type in kinds)
    ]
    return page(request, "event", chosen, lambda each: each.id, lambda each: serialize.event(each, service.id))


async def list_instances(context: Context, request: Request) -> Response:
    """The running instances: a plain array."""
    service = context.service(request)
    return Answer([{"id": each.id, "createdAt": stamp(each.created_at)} for each in service.instances])


OPERATIONS: list[Operation] = [
    ("GET", "/services", list_services),
    ("GET", "/services/{service_id}", get_service),
    ("POST", "/services/{service_id}/restart", restart),
    ("POST", "/services/{service_id}/suspend", suspend),
    ("POST", "/services/{service_id}/resume", resume),
    ("GET", "/services/{service_id}/events", list_events),
    ("GET", "/services/{service_id}/instances", list_instances),
]
