"""The plan's services: each kind apart, the API by the name that the target gives it."""

from __future__ import annotations

from dataclasses import replace

from acceptance.checks.services import departures, missing, rows, suspensions, unavailable
from acceptance.contract import Contract
from acceptance.probes.provider import ProviderReading
from acceptance.probes.provider_models import Database, KeyValue, Service, ServiceDetails, StoreOptions

PLANNED = Contract().services
API = Service(
    id="srv-1",
    name="shop-api",
    type="web_service",
    suspended="not_suspended",
    details=ServiceDetails(region="oregon", health_check_path="/health"),
)
DATABASE = Database(id="dpg-1-a", name="ecomdash-db", status="available", region="oregon", version="16")
STORE = KeyValue(
    id="red-1",
    name="ecomdash-redis",
    status="available",
    region="oregon",
    options=StoreOptions(maxmemory_policy="allkeys_lru"),
)
READING = ProviderReading(
    services={"shop-api": API},
    databases={"ecomdash-db": DATABASE},
    stores={"ecomdash-redis": STORE},
    api_name="shop-api",
    deploys=(),
    environments={},
)


def test_the_plan_s_services_are_there() -> None:
    """The API under the target's name for it."""
    assert missing(PLANNED, READING) + suspensions(READING) + unavailable(READING) == []
    assert departures(PLANNED, READING) == []


def test_a_database_of_the_api_s_name_hides_no_suspension() -> None:
    """One of a store's name neither."""
    suspended = API.model_copy(update={"suspended": "suspended", "suspenders": ("user",)})
    namesakes = {"shop-api": DATABASE.model_copy(update={"id": "dpg-2-a", "name": "shop-api"})}
    reading = replace(READING, services={"shop-api": suspended}, databases={**READING.databases, **namesakes})
    (finding,) = suspensions(reading)
    assert (finding.where, finding.found) == ("shop-api (srv-1)", "suspended by user")
    off = STORE.model_copy(update={"name": "ecomdash-db", "status": "suspended"})
    both = replace(READING, stores={**READING.stores, "ecomdash-db": off})
    assert len(suspensions(both)) == len(unavailable(both)) == 1


def test_something_else_of_the_name_is_not_the_service() -> None:
    """A worker in the API's place; a store in the database's."""
    worker = API.model_copy(update={"type": "background_worker"})
    (finding,) = missing(PLANNED, replace(READING, services={"shop-api": worker}))
    assert finding.expected == "Web service shop-api"
    assert "Background worker shop-api" in finding.found
    store = STORE.model_copy(update={"name": "ecomdash-db"})
    reading = replace(READING, databases={}, stores={**READING.stores, "ecomdash-db": store})
    (finding,) = missing(PLANNED, reading)
    assert finding.expected == "PostgreSQL ecomdash-db"


def test_departures_are_the_target_s_api_s() -> None:
    """Under its name; a namesake of another kind is not compared."""
    moved = API.model_copy(update={"details": ServiceDetails(region="ohio", health_check_path="/")})
    reading = replace(READING, services={"shop-api": moved, "ecomdash-db": moved})
    assert departures(PLANNED, reading) == [
        "shop-api: region is ohio, planned is oregon",
        "shop-api: health check path is /, planned is /health",
    ]


def test_the_rows_name_each_kind() -> None:
    """For the sign-off."""
    assert [row["kind"] for row in rows(READING)] == ["Web service", "PostgreSQL 16", "Key value "]
