"""The JSON of each resource, with the provider's keys, and its nulls where its documents promise better."""

from collections.abc import Iterable

from reference.provider.mint import stamp
from reference.provider.model import (
    Database,
    Deploy,
    EnvGroup,
    Event,
    Notifications,
    Override,
    Owner,
    Service,
    Store,
)
from reference.provider.service import FINISHED

Json = dict[str, object]

_LINK_TYPES = {
    "web_service": "web",
    "private_service": "pserv",
    "background_worker": "worker",
    "cron_job": "cron",
    "static_site": "static",
}
_DASHBOARD = "https://dashboard.render.com"


def suspension(resource: Service | Database) -> Json:
    """Whether and by whom it is suspended."""
    state = "suspended" if resource.suspended else "not_suspended"
    return {"suspended": state, "suspenders": list(resource.suspenders)}


def service(it: Service) -> Json:
    """A service."""
    source: Json = {"imagePath": it.image_path} if it.image_path else {"branch": it.branch, "repo": it.repo}
    return {
        "autoDeploy": "yes" if it.auto_deploy else "no",
        "autoDeployTrigger": "commit" if it.auto_deploy else "off",
        **source,
        "createdAt": stamp(it.created_at),
        "dashboardUrl": f"{_DASHBOARD}/{_LINK_TYPES[it.type]}/{it.id}",
        "id": it.id,
        "name": it.name,
        "notifyOnFail": it.notify_on_fail,
        "ownerId": it.owner_id,
        "rootDir": "",
        "serviceDetails": service_details(it),
        "slug": it.name,
        **suspension(it),
        "type": it.type,
        "updatedAt": stamp(it.updated_at or it.created_at),
    }


def service_details(it: Service) -> Json:
    """What depends on the service's type."""
    if it.type == "static_site":
        return {"buildCommand": "", "buildPlan": "starter", "publishPath": "dist", "url": it.url}
    details: Json = {
        "buildPlan": "starter",
        "env": it.runtime,
        "envSpecificDetails": _environment(it),
        "plan": it.plan,
        "region": it.region,
        "runtime": it.runtime,
    }
    if it.type == "cron_job":
        return details | {"schedule": "0 0 * * *"}
    details |= {
        "numInstances": it.num_instances,
        "previews": {"generation": "off"},
        "pullRequestPreviewsEnabled": "no",
    }
    if it.autoscaling is not None:
        details["autoscaling"] = it.autoscaling
    return details | _network(it)


def _environment(it: Service) -> Json:
    named: Json = {"preDeployCommand": it.pre_deploy_command} if it.pre_deploy_command else {}
    if it.runtime in {"docker", "image"}:
        built = it.runtime == "docker"
        folder, file = (".", "./Dockerfile") if built else ("", "")
        return {"dockerCommand": "", "dockerContext": folder, "dockerfilePath": file, **named}
    return {"buildCommand": "", "startCommand": "", **named}


def _network(it: Service) -> Json:
    if it.type == "background_worker":
        return {}
    ports = None if it.open_port is None else [{"port": it.open_port, "protocol": "TCP"}]
    if it.type == "private_service":
        return {"openPorts": ports, "url": f"{it.name}:{it.open_port}"}
    return {
        "healthCheckPath": it.health_check_path,
        "maintenanceMode": {"enabled": False, "uri": ""},
        "openPorts": ports,
        "renderSubdomainPolicy": "enabled",
        "url": it.url,
    }


def deploy(it: Deploy) -> Json:
    """A deploy; one of an image has a null commit, and a null `finishedAt` where another has none."""
    content: Json = {"id": it.id, "commit": None}
    if it.commit is not None:
        made = stamp(it.commit.created_at)
        content["commit"] = {"id": it.commit.id, "message": it.commit.message, "createdAt": made}
    if it.image is not None:
        content["image"] = {"ref": it.image.ref, "sha": it.image.sha}
    content |= {"status": it.status, "trigger": it.trigger, "createdAt": stamp(it.created_at)}
    content["updatedAt"] = stamp(it.updated_at or it.created_at)
    if it.started_at is not None:
        content["startedAt"] = stamp(it.started_at)
    if it.status in FINISHED and it.finished_at is not None:
        content["finishedAt"] = stamp(it.finished_at)
    elif it.image is not None:
        content["finishedAt"] = None
    return content


def event(it: Event, service_id: str) -> Json:
    """An event of a service."""
    return {
        "id": it.id,
        "timestamp": stamp(it.timestamp),
        "serviceId": service_id,
        "type": it.type,
        "details": it.details,
    }


def owner(it: Owner) -> Json:
    """A workspace's owner."""
    return {"email": it.email, "id": it.id, "name": it.name, "type": it.type}


def database(it: Database, status: str, holder: Owner) -> Json:
    """A PostgreSQL, in the list as alone."""
    return {
        "createdAt": stamp(it.created_at),
        "dashboardUrl": f"{_DASHBOARD}/d/{it.id}",
        "databaseName": it.database,
        "databaseUser": it.user,
        "diskAutoscalingEnabled": False,
        "diskSizeGB": it.disk_gb,
        "highAvailabilityEnabled": False,
        "id": it.id,
        "ipAllowList": it.ip_allow_list or None,
        "name": it.name,
        "owner": owner(holder),
        "plan": it.plan,
        "readReplicas": [],
        "region": it.region,
        "role": "primary",
        "status": "suspended" if it.suspended else status,
        **suspension(it),
        "updatedAt": stamp(it.created_at),
        "version": it.version,
    }


def store(it: Store, status: str, policy: str, holder: Owner) -> Json:
    """A key value store, alone."""
    return {
        "createdAt": stamp(it.created_at),
        "id": it.id,
        "ipAllowList": it.ip_allow_list or None,
        "name": it.name,
        "options": {"maxmemoryPolicy": policy, "persistenceMode": it.persistence_mode},
        "owner": owner(holder),
        "plan": it.plan,
        "region": it.region,
        "status": status,
        "updatedAt": stamp(it.created_at),
        "version": it.version,
    }


def listed_store(it: Store, alone: Json) -> Json:
    """A key value store in the list, which knows its dashboard."""
    return alone | {"dashboardUrl": f"{_DASHBOARD}/r/{it.id}"}


def group(it: EnvGroup, links: Iterable[Service]) -> Json:
    """An env group in the list: without its variables."""
    return {
        "createdAt": stamp(it.created_at),
        "id": it.id,
        "name": it.name,
        "ownerId": it.owner_id,
        "serviceLinks": [{"id": s.id, "name": s.name, "type": _LINK_TYPES[s.type]} for s in links],
        "updatedAt": stamp(it.created_at),
    }


def whole_group(it: EnvGroup, links: Iterable[Service]) -> Json:
    """An env group with its variables."""
    variables = [{"key": key, "value": value} for key, value in it.env.items()]
    return group(it, links) | {"envVars": variables, "secretFiles": []}


def notifications(it: Notifications, owner_id: str) -> Json:
    """The workspace's notification settings."""
    return {
        "emailEnabled": it.email,
        "notificationsToSend": it.to_send,
        "ownerId": owner_id,
        "previewNotificationsEnabled": it.previews,
        "slackEnabled": it.slack,
    }


def override(it: Override, service_id: str) -> Json:
    """What a service changes about them; `previewNotificationsEnabled` is a string here."""
    return {
        "notificationsToSend": it.to_send,
        "previewNotificationsEnabled": it.previews,
        "serviceId": service_id,
    }
