"""The deployment plan's resources, as they stand when all is well."""

from collections.abc import Mapping
from datetime import timedelta
from urllib.parse import unquote, urlsplit

from reference.provider.mint import new_instance_id, now
from reference.provider.resources import Database, Store
from reference.provider.service import Commit, Deploy, Event, Instance, Service

AUTOSCALING: dict[str, object] = {
    "enabled": True,
    "min": 1,
    "max": 3,
    "criteria": {
        "cpu": {"enabled": True, "percentage": 75},
        "memory": {"enabled": True, "percentage": 75},
    },
}


def api_service(owner_id: str, url: str, env: Mapping[str, str], group_id: str) -> Service:
    """The web service ecomdash-api with one instance, linked to one env group."""
    service = Service(
        "ecomdash-api",
        owner_id,
        url=url,
        health_check_path="/health",
        autoscaling=AUTOSCALING,
        env=dict(env),
        group_ids=[group_id],
        created_at=now() - timedelta(days=2),
    )
    service.instances = [Instance(new_instance_id(service.id))]
    return service


def add_history(service: Service, commit: Commit, previous: Commit) -> None:
    """Give a service a deploy of a day ago and the live one that superseded it now."""
    yesterday = now() - timedelta(days=1)
    old = Deploy("deactivated", "new_commit", previous, created_at=yesterday, started_at=yesterday)
    old.finished_at = old.updated_at = yesterday + timedelta(seconds=90)
    service.deploys = [old]
    service.end_deploy(service.begin_deploy(Deploy(trigger="new_commit", commit=commit)), "live")
    service.events.append(Event("server_available"))


def database(url: str) -> Database:
    """The PostgreSQL ecomdash-db behind the DSN `url`, open to no outside address."""
    parts = urlsplit(url)
    return Database(
        "ecomdash-db",
        database=parts.path.lstrip("/"),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        internal_url=url,
        external_url=url,
    )


def store(url: str) -> Store:
    """The key value store ecomdash-redis at `url`, open to no outside address."""
    return Store("ecomdash-redis", internal_url=url, external_url=url)
