"""The provider's state: all that stands in one workspace and what is known about it.

Everything is mutable on purpose: a fault changes a field, healing puts it back. Times are aware and in UTC.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from reference.provider import plan
from reference.provider.engine import UNITS, Engine, LogLine, MetricSeries
from reference.provider.mint import new_api_key
from reference.provider.resources import Database, EnvGroup, Owner, Store
from reference.provider.service import FINISHED, Commit, Deploy, Event, Image, Instance, Service

__all__ = [
    "FINISHED",
    "UNITS",
    "Commit",
    "Database",
    "Deploy",
    "Engine",
    "EnvGroup",
    "Event",
    "Image",
    "Instance",
    "LogLine",
    "MetricSeries",
    "Notifications",
    "Override",
    "Owner",
    "Quirks",
    "RateLimits",
    "Service",
    "Store",
    "Workspace",
]


@dataclass
class Notifications:
    """Whom the provider tells, for the whole workspace (`none`, `failure` or `all`)."""

    to_send: str = "failure"
    email: bool = True
    slack: bool = False
    previews: bool = False


@dataclass
class Override:
    """What one service changes about the workspace's notifications."""

    to_send: str = "default"
    previews: str = "default"


@dataclass
class RateLimits:
    """Requests in one window, by bucket: all reads, all other writes, and the actions on one service."""

    reads: int = 400
    writes: int = 100
    actions: int = 10
    window_seconds: float = 60.0


@dataclass
class Quirks:
    """Where the provider's real answers surprise."""

    accept_without_body: int = 3
    """Every so many-th request for a deploy is queued: 202 and no body. 0: never."""
    newest_first: bool = False
    """Whether deploys are always listed newest first; else neighbours are swapped: sometimes they are."""
    latency_metrics: bool = True
    """Whether the workspace's tier has http-latency; else 400."""
    metric_step_seconds: float | None = 1.0
    """Width of a metric's step, finer than as asked: this deployment lives for minutes. None: as asked."""


@dataclass
class Workspace:
    """All that one key sees."""

    owner: Owner = field(default_factory=Owner)
    api_key: str = field(default_factory=new_api_key)
    services: list[Service] = field(default_factory=list)
    databases: list[Database] = field(default_factory=list)
    stores: list[Store] = field(default_factory=list)
    env_groups: list[EnvGroup] = field(default_factory=list)
    notifications: Notifications = field(default_factory=Notifications)
    overrides: dict[str, Override] = field(default_factory=dict)
    rate_limits: RateLimits = field(default_factory=RateLimits)
    quirks: Quirks = field(default_factory=Quirks)

    def links_of(self, group: EnvGroup) -> list[Service]:
        """The services that link an env group."""
        return [service for service in self.services if group.id in service.group_ids]

    @classmethod
    def planned(
        cls,
        *,
        url: str,
        env: Mapping[str, str],
        group_env: Mapping[str, str],
        database_url: str,
        store_url: str,
        commit: Commit | None = None,
        previous_commit: Commit | None = None,
    ) -> "Workspace":
        """The plan's healthy workspace: the api with a live deploy and a former one, its database and store.

        Args:
            url: where the api answers, `https://...`.
            env: the api's own variables.
            group_env: non-secret variables of the env group that the api links.
            database_url: the database's DSN with user, password and database.
            store_url: the key value store's URL.
            commit: what the live deploy was built from; minted if None.
            previous_commit: what the deploy before it was built from; minted if None.
        """
        owner = Owner()
        group = EnvGroup("ecomdash-shared", owner.id, dict(group_env))
        api = plan.api_service(owner.id, url, env, group.id)
        plan.add_history(api, commit or Commit(), previous_commit or Commit(message="Release 0.9.0"))
        return cls(
            owner=owner,
            services=[api],
            databases=[plan.database(database_url)],
            stores=[plan.store(store_url)],
            env_groups=[group],
        )
