"""Services and what belongs to one: deploys, events, instances.

Everything is mutable on purpose: a fault changes a field, healing puts it back. Times are aware and in UTC.
"""

from dataclasses import dataclass, field
from datetime import datetime

from reference.provider.mint import new_commit_id, new_id, now

FINISHED = frozenset(
    {"build_failed", "canceled", "deactivated", "live", "pre_deploy_failed", "update_failed"},
)
"""The statuses in which a deploy has come to its end."""


@dataclass
class Commit:
    """The commit that a deploy was built from."""

    id: str = field(default_factory=new_commit_id)
    message: str = "Release 1.0.0"
    created_at: datetime = field(default_factory=now)


@dataclass
class Image:
    """The image that a deploy without a repository runs."""

    ref: str
    sha: str


@dataclass
class Deploy:
    """One deploy: on its way, live, superseded (`deactivated`) or failed."""

    status: str = "created"
    trigger: str = "api"
    commit: Commit | None = None
    image: Image | None = None
    created_at: datetime = field(default_factory=now)
    updated_at: datetime | None = None
    started_at: datetime | None = None
    finished_at: datetime | None = None
    id: str = ""

    def __post_init__(self) -> None:
        """Mint what was not given."""
        self.id = self.id or new_id("dep", self.created_at)
        self.updated_at = self.updated_at or self.created_at

    def move(self, status: str) -> None:
        """Take the next step of the provider's path, with its times."""
        self.status, self.updated_at = status, now()
        self.started_at = self.started_at or self.updated_at
        if status in FINISHED:
            self.finished_at = self.finished_at or self.updated_at


@dataclass
class Event:
    """Something that happened to a service."""

    type: str
    details: dict[str, object] = field(default_factory=dict)
    timestamp: datetime = field(default_factory=now)
    id: str = ""

    def __post_init__(self) -> None:
        """Mint what was not given."""
        self.id = self.id or new_id("evt", self.timestamp)


@dataclass
class Instance:
    """One running process of a service."""

    id: str
    created_at: datetime = field(default_factory=now)


@dataclass
class Service:
    """A web service, worker, cron job, private service or static site."""

    name: str
    owner_id: str
    type: str = "web_service"
    plan: str = "starter"
    region: str = "oregon"
    runtime: str = "docker"
    url: str = ""
    repo: str = "https://github.com/retailos/ecomdash-v2"
    branch: str = "main"
    image_path: str | None = None
    health_check_path: str = ""
    pre_deploy_command: str = ""
    open_port: int | None = 10000
    num_instances: int = 1
    autoscaling: dict[str, object] | None = None
    auto_deploy: bool = True
    notify_on_fail: str = "default"
    suspended: bool = False
    suspenders: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)
    group_ids: list[str] = field(default_factory=list)
    deploys: list[Deploy] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    instances: list[Instance] = field(default_factory=list)
    created_at: datetime = field(default_factory=now)
    updated_at: datetime | None = None
    id: str = ""

    def __post_init__(self) -> None:
        """Mint what was not given."""
        prefix = "crn" if self.type == "cron_job" else "srv"
        self.id = self.id or new_id(prefix, self.created_at)
        self.updated_at = self.updated_at or self.created_at

    @property
    def newest_deploy(self) -> Deploy | None:
        """The deploy that was created last."""
        return max(self.deploys, key=lambda deploy: deploy.created_at, default=None)

    @property
    def live_deploy(self) -> Deploy | None:
        """The deploy that serves."""
        return next((deploy for deploy in self.deploys if deploy.status == "live"), None)

    def record(self, kind: str, **details: object) -> None:
        """Add an event of the provider's type `kind`."""
        self.events.append(Event(kind, details))

    def begin_deploy(self, deploy: Deploy, target: Deploy | None = None) -> Deploy:
        """Take a deploy in, as `created`; `target` is the one that a rollback returns to."""
        self.deploys.append(deploy)
        reasons = ("firstBuild", "envUpdated", "manual", "deployedByRender", "clearCache", "rollback")
        trigger: dict[str, object] = dict.fromkeys(reasons, False)
        trigger |= {"manual": deploy.trigger in {"api", "manual"}, "rollback": target is not None}
        if target is not None:
            trigger["rollbackTargetDeployId"] = target.id
        self.record("deploy_started", deployId=deploy.id, trigger=trigger)
        return deploy

    def end_deploy(self, deploy: Deploy, status: str) -> None:
        """Bring a deploy to its end; one that goes live supersedes the one that was."""
        former = self.live_deploy
        if status == "live" and former is not None and former is not deploy:
            former.move("deactivated")
        deploy.move(status)
        outcome = {"live": "succeeded", "canceled": "canceled"}.get(status, "failed")
        code = {"succeeded": 2, "failed": 3, "canceled": 4}[outcome]
        self.record("deploy_ended", deployId=deploy.id, deployStatus=outcome, status=code, reason={})

    def set_instances(self, *ids: str) -> list[Instance]:
        """Replace the running instances; those that stay keep their times (new ids: `new_instance_id`)."""
        known = {instance.id: instance for instance in self.instances}
        self.instances = [known.get(each) or Instance(each) for each in ids]
        return self.instances

    def suspend(self, suspender: str = "user") -> None:
        """Mark as suspended by `suspender` (the processes are the engine's)."""
        self.suspended, self.suspenders, self.updated_at = True, [suspender], now()
        self.record("service_suspended")

    def resume(self) -> None:
        """Mark as no longer suspended."""
        self.suspended, self.suspenders, self.updated_at = False, [], now()
        self.record("service_resumed")
