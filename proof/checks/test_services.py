"""The plan's services: each kind apart, the API by the name that the target gives it."""

from __future__ import annotations

from dataclasses import replace

from acceptance.checks.services import departures, missing, rows, suspensions, unavailable
from acceptance.probes.provider_models import ServiceDetails
from proof.checks.resources import API, DATABASE, PLANNED, READING, STORE


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
    assert [row["kind"] for row in rows(READING)] == [
        "Web service",
        "Background worker",
        "PostgreSQL 15",
        "Key value 8",
    ]
