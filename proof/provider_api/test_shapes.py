"""Every answer has its published shape, its headers and its surprises."""

import re

import pytest

from proof.provider_api.client import Provider
from reference.provider.model import UNITS


def test_every_service_and_what_belongs_to_it(provider: Provider) -> None:
    """The services of all types, their deploys, events and instances keep to their shapes."""
    for service in provider.walk("/services", "service", limit=2):
        path = f"/services/{service['id']}"
        assert provider.get(path) == service
        for deploy in provider.walk(f"{path}/deploys", "deploy", limit=1):
            assert provider.get(f"{path}/deploys/{deploy['id']}") == deploy
        provider.get(f"{path}/events")
        provider.get(f"{path}/instances")
        provider.get(f"/notification-settings/overrides/services/{service['id']}")


def test_the_plans_service(provider: Provider) -> None:
    """The api stands as planned: web service on Docker, Oregon, starter, with its health check path."""
    service = provider.get(f"/services/{provider.api.id}")
    details = service["serviceDetails"]
    assert (service["name"], service["type"], service["autoDeploy"]) == ("ecomdash-api", "web_service", "yes")
    assert (details["runtime"], details["plan"], details["region"]) == ("docker", "starter", "oregon")
    assert (details["healthCheckPath"], details["url"]) == ("/health", "https://api.example")
    assert (details["autoscaling"]["min"], details["autoscaling"]["max"]) == (1, 3)


def test_databases_and_stores(provider: Provider) -> None:
    """Both are listed and read alone, and are available because the engine says so."""
    (database,) = provider.walk("/postgres", "postgres")
    (store,) = provider.walk("/key-value", "keyValue")
    assert provider.get(f"/postgres/{database['id']}") == database
    assert provider.get(f"/key-value/{store['id']}").items() < store.items()
    assert database["status"] == store["status"] == "available"
    assert (database["version"], database["plan"]) == ("18", "basic_256mb")
    assert (store["plan"], store["options"]["maxmemoryPolicy"]) == ("free", "allkeys_lru")


def test_an_engine_without_processes_is_told(provider: Provider) -> None:
    """A database and a store whose process is gone are unavailable."""
    provider.engine.running = False
    assert provider.get("/postgres")[0]["postgres"]["status"] == "unavailable"
    assert provider.get("/key-value")[0]["keyValue"]["status"] == "unavailable"


def test_connection_info_holds_the_real_addresses(provider: Provider) -> None:
    """The connection strings are those that the workspace was given."""
    database, store = provider.workspace.databases[0], provider.workspace.stores[0]
    told = provider.get(f"/postgres/{database.id}/connection-info")
    assert told["internalConnectionString"] == "postgresql://app:s3cret@127.0.0.1:5432/ecomdash"
    assert told["psqlCommand"] == "PGPASSWORD=s3cret psql -h 127.0.0.1 -p 5432 -U app ecomdash"
    told = provider.get(f"/key-value/{store.id}/connection-info")
    assert told["internalConnectionString"] == "redis://127.0.0.1:6379"
    assert told["cliCommand"].startswith(" REDISCLI_AUTH=")


def test_empty_allow_lists_are_null(provider: Provider) -> None:
    """An allow list without entries is null, one with entries an array."""
    assert provider.get("/postgres")[0]["postgres"]["ipAllowList"] is None
    assert provider.get("/key-value")[0]["keyValue"]["ipAllowList"] is None
    entries = [{"cidrBlock": "10.0.0.0/8", "description": "office"}]
    provider.workspace.databases[0].ip_allow_list = entries
    assert provider.get("/postgres")[0]["postgres"]["ipAllowList"] == entries


def test_a_deploy_of_an_image_has_null_commit_and_null_end(provider: Provider) -> None:
    """An image's unfinished deploy tells null twice; a repository's leaves its end out; ports may be null."""
    imaged = next(each for each in provider.workspace.services if each.name == "imaged")
    (deploy,) = provider.walk(f"/services/{imaged.id}/deploys", "deploy")
    assert deploy["commit"] is None
    assert deploy["finishedAt"] is None
    assert provider.get(f"/services/{imaged.id}")["serviceDetails"]["openPorts"] is None
    provider.api.deploys[0].status = "build_in_progress"
    deploy = provider.get(f"/services/{provider.api.id}/deploys/{provider.api.deploys[0].id}")
    assert "finishedAt" not in deploy


@pytest.mark.parametrize("metric", UNITS)
def test_every_metric(provider: Provider, metric: str) -> None:
    """Each metric has a series for the resource that it applies to, and none for another."""
    database = provider.workspace.databases[0].id
    mine, other = (provider.api.id, database) if metric != "active-connections" else (database, provider.api.id)
    (series,) = provider.get(f"/metrics/{metric}", resource=mine)
    assert {"field": "resource", "value": mine} in series["labels"]
    assert series["unit"] == UNITS[metric]
    if metric in {"http-requests", "http-latency", "active-connections"}:
        assert provider.get(f"/metrics/{metric}", resource=other) == []


def test_headers_of_an_answer(provider: Provider) -> None:
    """Every answer, good or bad, tells the rate limit, a request id and the standard headers."""
    good, bad = provider.http.get("/owners"), provider.http.get("/services/srv-00000000000000000000")
    for answer in (good, bad):
        assert answer.headers["content-type"] == "application/json; charset=utf-8"
        assert answer.headers["ratelimit-limit"] == "400"
        assert int(answer.headers["ratelimit-reset"]) <= 60
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert re.fullmatch(r"api-\w+-\w{5}/[\w-]{10}-\d{6}", answer.headers["render-request-id"])
    assert int(bad.headers["ratelimit-remaining"]) == int(good.headers["ratelimit-remaining"]) - 1
    assert good.headers["render-request-id"] != bad.headers["render-request-id"]
