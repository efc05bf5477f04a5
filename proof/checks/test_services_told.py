"""What is said of the plan's services: whole findings, departures from the plan, the sign-off's rows."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from acceptance.checks.environment import Problem
from acceptance.checks.services import (
    departures,
    differing_services,
    missing,
    most_instances,
    rows,
    suspensions,
    unavailable,
)
from acceptance.findings import Finding
from acceptance.probes.provider_models import (
    Autoscaling,
    Deploy,
    ServiceDetails,
    StoreOptions,
)
from proof.checks.resources import API, DATABASE, NOTHING, PLANNED, READING, SHARED, STORE, WORKER


def test_what_is_as_planned_is_told_of_nowhere() -> None:
    """With the optional worker beside the required three; another optional service may be missing."""
    assert missing(PLANNED, READING) + suspensions(READING) + unavailable(READING) == []
    assert departures(PLANNED, READING) == []
    assert differing_services(PLANNED, READING) == []


def test_each_required_service_that_is_missing_is_told_with_what_is_there() -> None:
    """Kinds in words; one that the plan does not know by the provider's own word."""
    where = "the provider's workspace"
    assert missing(PLANNED, NOTHING) == [
        Finding("Web service shop-api", "only nothing", where),
        Finding("PostgreSQL ecomdash-db", "only nothing", where),
        Finding("Key value store ecomdash-redis", "only nothing", where),
    ]
    cron = WORKER.model_copy(update={"name": "tidy", "type": "cron_job"})
    there = replace(READING, services={"tidy": cron, "ecomdash-worker": WORKER})
    known = "Background worker ecomdash-worker, cron_job tidy, Key value store ecomdash-redis, PostgreSQL ecomdash-db"
    assert missing(PLANNED, there) == [Finding("Web service shop-api", f"only {known}", where)]


def test_each_suspended_resource_is_told_with_who_did_it_and_where_to_look() -> None:
    """A service, a database, a store, of which only the status tells; the optional worker too."""
    off = {"suspended": "suspended"}
    reading = replace(
        READING,
        services={
            "shop-api": API.model_copy(update=off | {"suspenders": ("user", "billing")}),
            "ecomdash-worker": WORKER.model_copy(update=off),
        },
        databases={"ecomdash-db": DATABASE.model_copy(update=off | {"suspenders": ("admin",)})},
        stores={"ecomdash-redis": STORE.model_copy(update={"status": "suspended"})},
    )
    assert suspensions(reading) == [
        Finding("not_suspended", "suspended by user, billing", "shop-api (srv-1)", f"open {API.dashboard_url}"),
        Finding("not_suspended", "suspended", "ecomdash-worker (srv-2)", ""),
        Finding("not_suspended", "suspended by admin", "ecomdash-db (dpg-1-a)", f"open {DATABASE.dashboard_url}"),
        Finding("not_suspended", "suspended", "ecomdash-redis (red-1)", ""),
    ]


def test_each_store_that_is_not_available_is_told() -> None:
    """Databases first."""
    reading = replace(
        READING,
        databases={"ecomdash-db": DATABASE.model_copy(update={"status": "creating"})},
        stores={"ecomdash-redis": STORE.model_copy(update={"status": "unknown"})},
    )
    wanted = "status available"
    assert unavailable(reading) == [
        Finding(wanted, "status creating", "ecomdash-db (dpg-1-a)", f"open {DATABASE.dashboard_url}"),
        Finding(wanted, "status unknown", "ecomdash-redis (red-1)", ""),
    ]


def test_each_departure_from_the_plan_is_told() -> None:
    """Region, health check path, an older PostgreSQL, another eviction policy; what is not set says so."""
    reading = replace(
        READING,
        services={"shop-api": API.model_copy(update={"details": ServiceDetails()}), "ecomdash-worker": WORKER},
        databases={"ecomdash-db": DATABASE.model_copy(update={"region": "ohio", "version": "14"})},
        stores={"ecomdash-redis": STORE.model_copy(update={"region": "", "options": StoreOptions()})},
    )
    assert departures(PLANNED, reading) == [
        "shop-api: region is not set, planned is oregon",
        "shop-api: health check path is not set, planned is /health",
        "ecomdash-db: region is ohio, planned is oregon",
        "ecomdash-db: PostgreSQL's version is 14, planned is 15 or newer",
        "ecomdash-redis: region is not set, planned is oregon",
        "ecomdash-redis: eviction policy is not set, planned is allkeys_lru",
    ]
    swapped = replace(reading, databases={}, stores={}, services={"shop-api": API})
    assert departures(PLANNED, swapped) == []


@pytest.mark.parametrize("version", ["15", "16", "100", "", "beta"])
def test_the_planned_postgresql_or_a_newer_one_is_no_departure(version: str) -> None:
    """Compared as a number; a version that is none is not judged."""
    newer = DATABASE.model_copy(update={"version": version})
    assert departures(PLANNED, replace(READING, databases={"ecomdash-db": newer})) == []


def test_a_namesake_of_another_kind_is_not_compared() -> None:
    """A database of the store's name, a store of the database's, a service of either's."""
    far = {"region": "ohio"}
    reading = replace(
        READING,
        services={**READING.services, "ecomdash-db": API, "ecomdash-redis": API},
        databases={**READING.databases, "ecomdash-redis": DATABASE.model_copy(update=far | {"version": "9"})},
        stores={**READING.stores, "ecomdash-db": STORE.model_copy(update=far)},
    )
    assert departures(PLANNED, reading) == []


def test_shared_variables_that_differ_are_told_by_service() -> None:
    """Only of a service that is there; another value, or none."""
    other = {**SHARED, "SECRET_KEY": "t"}
    del other["REDIS_URL"]
    reading = replace(READING, environments={**READING.environments, "ecomdash-worker": other})
    wanted = "the same value as the API's"
    assert differing_services(PLANNED, reading) == [
        Problem("REDIS_URL", "is not set in ecomdash-worker", wanted),
        Problem("SECRET_KEY", "differs in ecomdash-worker", wanted),
    ]
    assert differing_services(PLANNED, replace(READING, environments={"shop-api": SHARED})) == []


def test_the_most_instances_are_the_api_s() -> None:
    """Fixed, or as far as it scales; one of a service that is not there."""
    fixed = API.model_copy(update={"details": ServiceDetails(num_instances=3)})
    scaling = ServiceDetails(num_instances=2, autoscaling=Autoscaling(enabled=True, min=1, max=5))
    scaled = API.model_copy(update={"details": scaling})
    readings = [replace(READING, services={"shop-api": api}) for api in (API, fixed, scaled)]
    assert [most_instances(reading) for reading in (*readings, NOTHING)] == [1, 3, 5, 1]


def test_the_sign_off_s_rows_hold_everything() -> None:
    """Name, kind, plan, region, state, address; the API's state is its newest deploy's."""
    api, worker, database, store = rows(READING)
    assert api == {
        "name": "shop-api",
        "kind": "Web service",
        "plan": "starter",
        "region": "oregon",
        "status": "live",
        "url": "https://api.test",
    }
    assert worker == api | {
        "name": "ecomdash-worker",
        "kind": "Background worker",
        "status": "not suspended",
        "url": "",
    }
    assert database == api | {
        "name": "ecomdash-db",
        "kind": "PostgreSQL 15",
        "plan": "basic_256mb",
        "status": "available",
        "url": "",
    }
    assert store == database | {"name": "ecomdash-redis", "kind": "Key value 8", "plan": "free"}


def test_the_rows_say_what_is_suspended_and_what_was_never_deployed() -> None:
    """Suspended wins over the newest deploy."""
    off = API.model_copy(update={"suspended": "suspended"})
    newer = Deploy(id="dep-2", created_at=datetime(2026, 11, 3, tzinfo=UTC), status="build_failed")
    states = [
        replace(READING, services={"shop-api": off}),
        replace(READING, services={"shop-api": API}, deploys=(newer, *READING.deploys)),
        replace(READING, services={"shop-api": API}, deploys=()),
    ]
    assert [rows(state)[0]["status"] for state in states] == ["suspended", "build_failed", "not suspended"]
