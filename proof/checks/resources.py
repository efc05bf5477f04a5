"""The plan's resources as the provider shows them, all as planned, and a workspace without any."""

from __future__ import annotations

from datetime import UTC, datetime

from acceptance.contract import Contract
from acceptance.probes.provider import ProviderReading
from acceptance.probes.provider_models import (
    Database,
    Deploy,
    KeyValue,
    Service,
    ServiceDetails,
    StoreOptions,
)

PLANNED = Contract().services
API = Service(
    id="srv-1",
    name="shop-api",
    type="web_service",
    suspended="not_suspended",
    dashboard_url="https://dashboard.test/srv-1",
    details=ServiceDetails(region="oregon", plan="starter", url="https://api.test", health_check_path="/health"),
)
WORKER = Service(
    id="srv-2",
    name="ecomdash-worker",
    type="background_worker",
    suspended="not_suspended",
    details=ServiceDetails(region="oregon", plan="starter"),
)
DATABASE = Database(
    id="dpg-1-a",
    name="ecomdash-db",
    status="available",
    region="oregon",
    plan="basic_256mb",
    version="15",
    dashboard_url="https://dashboard.test/dpg-1-a",
)
STORE = KeyValue(
    id="red-1",
    name="ecomdash-redis",
    status="available",
    region="oregon",
    plan="free",
    version="8",
    options=StoreOptions(maxmemory_policy="allkeys_lru"),
)
SHARED = {"DATABASE_URL": "d", "REDIS_URL": "r", "SECRET_KEY": "s", "ENCRYPTION_KEY": "e"}
READING = ProviderReading(
    services={"shop-api": API, "ecomdash-worker": WORKER},
    databases={"ecomdash-db": DATABASE},
    stores={"ecomdash-redis": STORE},
    api_name="shop-api",
    deploys=(Deploy(id="dep-1", created_at=datetime(2026, 11, 2, 9, 30, tzinfo=UTC), status="live"),),
    environments={"shop-api": SHARED | {"DEBUG": "false"}, "ecomdash-worker": SHARED},
)
NOTHING = ProviderReading({}, {}, {}, "shop-api", (), {})
