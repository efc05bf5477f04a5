"""What the hosting provider's API answers: just the fields that are judged, as tolerant as its real answers demand.

Real answers hold null where the published schema promises a list or an object (an empty allow list, the commit of an
image), leave keys out that are not there yet, and gain new ones: null and absent are the same here, unknown keys are
ignored, and words such as a status are any string.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, AfterValidator(_in_utc)]
"""A time; one without an offset is UTC, as all of the provider's are."""


class Answer(BaseModel):
    """A part of an answer: frozen, camelCase names, unknown fields ignored."""

    model_config = ConfigDict(frozen=True, extra="ignore", alias_generator=to_camel, populate_by_name=True)

    @model_validator(mode="before")
    @classmethod
    def _null_is_absent(cls, data: object) -> object:
        return {key: value for key, value in data.items() if value is not None} if isinstance(data, dict) else data


class Autoscaling(Answer):
    """How far a service scales by itself."""

    enabled: bool = False
    min: int = 1
    max: int = 1


class ServiceDetails(Answer):
    """What differs by a service's type; a type without a field leaves it at its default."""

    region: str = ""
    plan: str = ""
    url: str = ""
    health_check_path: str = ""
    num_instances: int = 1
    autoscaling: Autoscaling | None = None


class Service(Answer):
    """A service; it has no run state of its own (that is its newest deploy's)."""

    id: str
    name: str
    type: str
    suspended: str
    owner_id: str = ""
    suspenders: tuple[str, ...] = ()
    dashboard_url: str = ""
    details: ServiceDetails = Field(default=ServiceDetails(), alias="serviceDetails")

    @property
    def most_instances(self) -> int:
        """How many instances may run at once."""
        scaling = self.details.autoscaling
        return scaling.max if scaling and scaling.enabled else self.details.num_instances


class Commit(Answer):
    """The commit that a deploy was made of."""

    id: str


class Image(Answer):
    """The image that a deploy was made of."""

    ref: str = ""


class Deploy(Answer):
    """A deploy; one of an image has no commit."""

    id: str
    created_at: Moment
    finished_at: Moment | None = None
    status: str = "unknown"
    commit: Commit | None = None
    image: Image | None = None


class EnvVar(Answer):
    """An environment variable in clear."""

    key: str
    value: str = Field(default="", repr=False)


class GroupLink(Answer):
    """A service that uses an environment group."""

    id: str


class EnvGroup(Answer):
    """An environment group; the list of groups leaves the variables out."""

    id: str
    service_links: tuple[GroupLink, ...] = ()
    env_vars: tuple[EnvVar, ...] = ()


class AllowedAddresses(Answer):
    """A block of addresses that may connect from outside."""

    cidr_block: str


class Database(Answer):
    """A PostgreSQL instance."""

    id: str
    name: str
    status: str
    suspended: str = "not_suspended"
    suspenders: tuple[str, ...] = ()
    plan: str = ""
    region: str = ""
    version: str = ""
    role: str = "primary"
    ip_allow_list: tuple[AllowedAddresses, ...] = ()
    dashboard_url: str = ""


class StoreOptions(Answer):
    """A key value store's settings."""

    maxmemory_policy: str | None = None


class KeyValue(Answer):
    """A key value store; its suspension shows as its status alone."""

    id: str
    name: str
    status: str
    plan: str = ""
    region: str = ""
    version: str = ""
    options: StoreOptions = StoreOptions()
    dashboard_url: str = ""


class LogLabel(Answer):
    """What is known of a log line beside its text."""

    name: str
    value: str = ""


class LogLine(Answer):
    """A line of a log."""

    id: str
    message: str
    timestamp: Moment
    labels: tuple[LogLabel, ...] = ()

    def label(self, name: str) -> str:
        """Return a label's value, empty when there is none."""
        return next((label.value for label in self.labels if label.name == name), "")


class LogPage(Answer):
    """A part of a log; when there is more, the next part lies between the two moments."""

    has_more: bool
    next_start_time: str = ""
    next_end_time: str = ""
    logs: tuple[LogLine, ...] = ()


class Event(Answer):
    """Something that happened to a service; what more is told of it depends on its type."""

    id: str
    timestamp: Moment
    type: str
    details: dict[str, Any] = {}


class SecretFile(Answer):
    """A secret file, without its content."""

    name: str


class CustomDomain(Answer):
    """A domain of a service's own."""

    id: str
    name: str


class ConnectionInfo(Answer):
    """How a database or store is reached, with its password."""

    password: str = Field(default="", repr=False)


class NotificationSettings(Answer):
    """What an owner is told, or a service's exception from it ("default" defers to the owner's)."""

    notifications_to_send: str


class Environment(Answer):
    """A group of resources of a project."""

    id: str
    name: str


class Project(Answer):
    """A project and its environments."""

    id: str
    name: str


def newest_first(deploys: Sequence[Deploy]) -> tuple[Deploy, ...]:
    """Return the deploys by creation time, newest first: the API promises no order."""
    return tuple(sorted(deploys, key=lambda deploy: deploy.created_at, reverse=True))
