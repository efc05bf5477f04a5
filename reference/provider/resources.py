"""What a workspace holds besides services: its owner, databases, key value stores and env groups."""

from dataclasses import dataclass, field
from datetime import datetime

from reference.provider.mint import new_id, now


@dataclass
class Database:
    """A PostgreSQL of the workspace; its status comes from the engine."""

    name: str
    database: str
    user: str
    password: str
    internal_url: str
    external_url: str
    version: str = "18"
    plan: str = "basic_256mb"
    region: str = "oregon"
    ip_allow_list: list[dict[str, str]] = field(default_factory=list)
    disk_gb: int = 1
    suspended: bool = False
    suspenders: list[str] = field(default_factory=list)
    created_at: datetime = field(default_factory=now)
    id: str = ""

    def __post_init__(self) -> None:
        """Mint what was not given."""
        self.id = self.id or new_id("dpg", self.created_at, "-a")


@dataclass
class Store:
    """A key value store of the workspace; its status and its eviction policy come from the engine."""

    name: str
    internal_url: str
    external_url: str
    version: str = "8.1.4"
    plan: str = "free"
    region: str = "oregon"
    persistence_mode: str = "off"
    ip_allow_list: list[dict[str, str]] = field(default_factory=list)
    created_at: datetime = field(default_factory=now)
    id: str = ""

    def __post_init__(self) -> None:
        """Mint what was not given."""
        self.id = self.id or new_id("red", self.created_at)


@dataclass
class EnvGroup:
    """Variables shared by the services that link it (`Service.group_ids`)."""

    name: str
    owner_id: str
    env: dict[str, str] = field(default_factory=dict)
    created_at: datetime = field(default_factory=now)
    id: str = field(default_factory=lambda: new_id("evg"))


@dataclass
class Owner:
    """The workspace's owner."""

    name: str = "RetailOSBackend"
    email: str = "deploys@retailos.example"
    type: str = "team"
    id: str = field(default_factory=lambda: new_id("tea"))
