"""Whether the plan's services are there, running, and of the deploy that was meant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from acceptance.checks.environment import Problem, differing_variables
from acceptance.contract import PlannedService
from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.provider import SERVICE_KINDS, ProviderReading
from acceptance.probes.provider_models import Database, KeyValue, Service

SHORTEST_COMMIT = 7

_IN_PROGRESS = ("created", "queued", "build_in_progress", "pre_deploy_in_progress", "update_in_progress")

_KINDS = {
    "web_service": "Web service",
    "background_worker": "Background worker",
    "private_service": "Private service",
    "postgres": "PostgreSQL",
    "key_value": "Key value store",
}

Resource = Service | Database | KeyValue


def missing(planned: Sequence[PlannedService], reading: ProviderReading) -> list[Finding]:
    """Return the required services of the plan that don't exist, or only as something else."""
    there = {(_kind(resource), resource.name) for resource in _resources(reading)}
    known = ", ".join(f"{_KINDS.get(kind, kind)} {name}" for kind, name in sorted(there))
    return [
        Finding(f"{_KINDS[service.kind]} {name}", f"only {known or 'nothing'}", "the provider's workspace")
        for service in planned
        if service.required and (service.kind, name := _name(service, reading)) not in there
    ]


def suspensions(reading: ProviderReading) -> list[Finding]:
    """Return the services of the plan that are suspended, optional ones too if they exist."""
    return [
        Finding("not_suspended", _suspension(resource), f"{resource.name} ({resource.id})", _link(resource))
        for resource in _resources(reading)
        if _suspension(resource)
    ]


def unavailable(reading: ProviderReading) -> list[Finding]:
    """Return the databases and stores of the plan that are not available."""
    stores: tuple[Database | KeyValue, ...] = (*reading.databases.values(), *reading.stores.values())
    return [
        Finding("status available", f"status {resource.status}", f"{resource.name} ({resource.id})", _link(resource))
        for resource in stores
        if resource.status != "available"
    ]


def departures(planned: Sequence[PlannedService], reading: ProviderReading) -> list[str]:
    """Return what is not as planned yet stops nothing: region, eviction policy, health check path, old PostgreSQL."""
    return [
        f"{_name(service, reading)}: {what} is {found or 'not set'}, planned is {wanted}"
        for service in planned
        for what, wanted, found in _planned_and_found(service, reading)
        if wanted and wanted != found
    ]


def _planned_and_found(service: PlannedService, reading: ProviderReading) -> Iterator[tuple[str, str | None, str]]:
    """What was planned of a resource that exists, and what it has."""
    name = _name(service, reading)
    if (running := reading.services.get(name)) and service.kind in SERVICE_KINDS:
        yield "region", service.region, running.details.region
        yield "health check path", service.health_check_path, running.details.health_check_path
    if (database := reading.databases.get(name)) and service.kind == "postgres":
        yield "region", service.region, database.region
        if service.version and database.version.isdecimal() and int(database.version) < service.version:
            yield "PostgreSQL's version", f"{service.version} or newer", database.version
    if (store := reading.stores.get(name)) and service.kind == "key_value":
        yield "region", service.region, store.region
        yield "eviction policy", service.eviction_policy, store.options.maxmemory_policy or ""


def most_instances(reading: ProviderReading) -> int:
    """Return how many instances of the API may run at once."""
    return reading.api.most_instances if reading.api else 1


def differing_services(planned: Sequence[PlannedService], reading: ProviderReading) -> list[Problem]:
    """Return the variables that must be the API's in another service that exists, and are not."""
    return [
        problem
        for service in planned
        if service.same_variables and service.name in reading.environments
        for problem in differing_variables(
            service.same_variables, reading.env, reading.environments[service.name], service.name
        )
    ]


def deploy_findings(reading: ProviderReading, expected_commit: str) -> list[Finding]:
    """Return what is wrong with the newest deploy of the API: its status, or its commit when one is expected."""
    return list(_deploy_findings(reading, expected_commit))


def _deploy_findings(reading: ProviderReading, expected_commit: str) -> Iterator[Finding]:
    where = f"service {reading.api_name}"
    if not reading.deploys:
        yield Finding("a deploy that is live", "no deploy at all", where)
        return
    newest = reading.deploys[0]
    if newest.status != "live":
        yield Finding("the newest deploy is live", _not_live(reading), f"{where}, deploy {newest.id}")
        return
    if expected_commit:
        yield from _commit_findings(newest.commit.id if newest.commit else "", expected_commit, f"{where}, {newest.id}")


def _commit_findings(live: str, expected: str, where: str) -> Iterator[Finding]:
    if len(expected) < SHORTEST_COMMIT:
        raise Unverified(f"APEX_EXPECTED_COMMIT is {expected!r}; at least {SHORTEST_COMMIT} digits tell commits apart")
    if not live:
        raise Unverified(
            "The live deploy is of an image and names no commit, so it can't be compared with APEX_EXPECTED_COMMIT;"
            " leave that out, or compare by APEX_EXPECTED_VERSION."
        )
    if not live.startswith(expected.lower()):
        yield Finding(f"commit {expected}", f"commit {live}", where)


def _not_live(reading: ProviderReading) -> str:
    newest = reading.deploys[0]
    serving = next((deploy for deploy in reading.deploys if deploy.status == "live"), None)
    state = "still in progress" if newest.status in _IN_PROGRESS else "not serving"
    older = f"; {serving.id} of {serving.created_at:%Y-%m-%d %H:%M} UTC still serves" if serving else "; none is live"
    return f"status {newest.status} ({state}), created {newest.created_at:%Y-%m-%d %H:%M} UTC{older}"


def _resources(reading: ProviderReading) -> tuple[Resource, ...]:
    """All of them: a service, a database and a store may have the same name."""
    return (*reading.services.values(), *reading.databases.values(), *reading.stores.values())


def _kind(resource: Resource) -> str:
    """Its kind in the contract's words."""
    if isinstance(resource, Service):
        return resource.type
    return "postgres" if isinstance(resource, Database) else "key_value"


def _name(service: PlannedService, reading: ProviderReading) -> str:
    """What a planned service is called at the provider: the API's name is the target's choice."""
    return reading.api_name if service.api else service.name


def _suspension(resource: Resource) -> str:
    if resource.status == "suspended" if isinstance(resource, KeyValue) else resource.suspended != "not_suspended":
        by = "" if isinstance(resource, KeyValue) else ", ".join(resource.suspenders)
        return f"suspended{f' by {by}' if by else ''}"
    return ""


def rows(reading: ProviderReading) -> list[dict[str, str]]:
    """Return the services for the sign-off: name, kind, plan, region, status, url."""
    services = [
        _row(s, s.type, s.details.plan, s.details.region, _state(reading, s), url=s.details.url)
        for s in reading.services.values()
    ]
    databases = [_row(d, f"PostgreSQL {d.version}", d.plan, d.region, d.status) for d in reading.databases.values()]
    stores = [_row(k, f"Key value {k.version}", k.plan, k.region, k.status) for k in reading.stores.values()]
    return services + databases + stores


def newest_deploy(reading: ProviderReading) -> str:
    """Return the API's newest deploy in words."""
    if not reading.deploys:
        return f"{reading.api_name} has no deploy"
    newest = reading.deploys[0]
    of = (
        f" of commit {newest.commit.id[:12]}"
        if newest.commit
        else f" of image {newest.image.ref}"
        if newest.image
        else ""
    )
    return f"newest deploy {newest.id}{of} is {newest.status}, created {newest.created_at:%Y-%m-%d %H:%M} UTC"


def live_commit(reading: ProviderReading) -> str:
    """Return the commit of the deploy that serves; empty when none does, or it is of an image."""
    serving = next((deploy for deploy in reading.deploys if deploy.status == "live"), None)
    return serving.commit.id if serving and serving.commit else ""


def _state(reading: ProviderReading, service: Service) -> str:
    if _suspension(service):
        return "suspended"
    return reading.deploys[0].status if service.name == reading.api_name and reading.deploys else "not suspended"


def _row(resource: Resource, kind: str, plan: str, region: str, status: str, *, url: str = "") -> dict[str, str]:
    return {
        "name": resource.name,
        "kind": _KINDS.get(kind, kind),
        "plan": plan,
        "region": region,
        "status": status,
        "url": url,
    }


def _link(resource: Resource) -> str:
    """Return where a person sees the resource at the provider."""
    return f"open {resource.dashboard_url}" if resource.dashboard_url else ""
