"""The client of the provider's API: answers that are none, keys that are none, and every shape that was seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp

from acceptance.outcomes import Unverified
from acceptance.probes import provider_models as models
from acceptance.probes.provider import ProviderClient
from acceptance.probes.provider_client import MOST_PAGES, PAGE_SIZE, ProviderApi
from proof.probes import served
from proof.provider_api.memory import serving

SHAPES: list[dict[str, Any]] = json.loads((Path(__file__).parent / "recorded_shapes.json").read_text())
KEY = "rnd_ThisIsAMadeUpKey01"


def app(answer: Response) -> ASGIApp:
    """Return an application that always answers the same."""
    return Starlette(routes=[Route("/{rest:path}", lambda _: answer, methods=["GET", "POST"])])


def listing(page: Response) -> ASGIApp:
    """Return an application that answers a page, and an empty one behind it."""

    def answer(asked: Request) -> Response:
        return JSONResponse([]) if "cursor" in asked.query_params else page

    return Starlette(routes=[Route("/{rest:path}", answer)])


@pytest.mark.parametrize(
    "key", ["", "rnd_ThisIsA MadeUpKey", "rnd_ThisIsAMadeUpKey\n", "rnd_ThisIsAMädeUpKey", "rnd_\u200b"]
)
def test_a_key_that_can_t_be_one_is_unverified(key: str) -> None:
    """Said in a sentence without the key, and before anything is sent."""
    with pytest.raises(Unverified, match="RENDER_API_KEY holds characters that no key has") as caught:
        ProviderClient("https://api.render.test/v1", key)
    assert "MadeUp" not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("http://api.render.test/v1", "the key would travel in clear"),
        ("http://10.0.0.5/v1", "the key would travel in clear"),
        ("ftp://api.render.test/v1", "is no https:// address"),
        ("api.render.test/v1", "is no https:// address"),
        ("https://api:port/v1", "is no https:// address"),
    ],
)
def test_the_key_is_not_sent_just_anywhere(address: str, words: str) -> None:
    """Only over https, or to this machine."""
    with pytest.raises(Unverified, match=words):
        ProviderApi(address, KEY)
    for loopback in ("http://localhost:1/v1", "http://127.0.0.1:1/v1", "http://[::1]:1/v1"):
        ProviderApi(loopback, KEY).close()


def test_no_proxy_of_the_environment_sees_the_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """As the client of the application."""
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{served.free_port()}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with api_of(app(JSONResponse({"id": "prj-1", "name": "lantern"}))) as api:
        assert api.get("/projects/prj-1", models.Project).name == "lantern"


@contextmanager
def api_of(answering: ASGIApp) -> Iterator[ProviderApi]:
    """Give a client of an application."""
    with serving(answering) as url, ProviderApi(f"{url}/v1", KEY) as client:
        yield client


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (JSONResponse({"message": "unauthorized"}, 401), "401: it refused the key; check RENDER_API_KEY"),
        (JSONResponse({}, 403), "403: the key may not read this"),
        (JSONResponse({"message": "not found: srv-1"}, 404), "404: it does not know this"),
        (JSONResponse({}, 429), "429: its rate limit is used up"),
        (JSONResponse({}, 429, {"Retry-After": "3600"}), "429: its rate limit is used up"),
        (JSONResponse({}, 429, {"Retry-After": "0"}), "429: its rate limit is used up"),
        (JSONResponse({"message": "internal"}, 500), "500: it has a failure of its own"),
        (HTMLResponse("<h1>Bad gateway</h1>", 502), "502: it has a failure of its own"),
        (JSONResponse({}, 302, {"Location": "/login"}), "302: an answer that is not expected here"),
        (HTMLResponse("<h1>Welcome</h1>"), "expected JSON, found text/html"),
        (Response(), "expected a list of objects, found nothing"),
        (JSONResponse({"service": {}}), "expected a list of objects, found dict"),
        (JSONResponse([1, 2]), "expected a list of objects, found list"),
        (JSONResponse([{"service": {"id": "srv-1"}, "cursor": "c"}]), "the answer is no Service: name: Field required"),
    ],
)
def test_an_answer_that_says_nothing_is_unverified(answer: Response, words: str) -> None:
    """With the reason and what to do, and never the key."""
    with api_of(app(answer)) as api, pytest.raises(Unverified) as caught:
        api.pages("/services", "service", models.Service)
    assert words in str(caught.value)
    assert "asked for /services" in str(caught.value)
    assert KEY not in str(caught.value)


@pytest.mark.parametrize("handle", [served.hang_up, served.talk_nonsense, served.stop_half_way])
def test_a_broken_connection_is_unverified(handle: served.Handler) -> None:
    """Whatever breaks it."""
    with (
        served.listening(handle) as place,
        ProviderApi(f"http://{place}/v1", KEY) as api,
        pytest.raises(Unverified, match="the connection broke"),
    ):
        api.get("/services/srv-1", models.Service)


def test_nobody_there_is_unverified() -> None:
    """A closed port."""
    with (
        ProviderApi(f"http://127.0.0.1:{served.free_port()}/v1", KEY) as api,
        pytest.raises(Unverified, match="no connection could be made"),
    ):
        api.get("/services/srv-1", models.Service)


def test_silence_is_unverified(monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that never answers."""
    monkeypatch.setattr("acceptance.probes.provider_client.TIMEOUT_S", 0.3)
    with (
        served.listening(served.never_answer) as place,
        ProviderApi(f"http://{place}/v1", KEY) as api,
        pytest.raises(Unverified, match=r"did not answer within 0\.3 s"),
    ):
        api.get("/services/srv-1", models.Service)


def test_a_rate_limit_is_waited_out_once() -> None:
    """As Retry-After says; then the answer counts."""
    left = [JSONResponse({}, 429, {"Retry-After": "1"}), JSONResponse({"id": "prj-1", "name": "lantern"})]
    with api_of(Starlette(routes=[Route("/{rest:path}", lambda _: left.pop(0))])) as api:
        assert api.get("/projects/prj-1", models.Project).name == "lantern"


def endless(asked: Request) -> Response:
    """Answer full pages for ever, with a cursor that goes on."""
    start = int(asked.query_params.get("cursor", "0"))
    return JSONResponse([{"envVar": {"key": f"K{n}"}, "cursor": str(n)} for n in range(start, start + PAGE_SIZE)])


@pytest.mark.parametrize(
    ("answering", "words"),
    [
        (Starlette(routes=[Route("/{rest:path}", endless)]), f"more than {MOST_PAGES} of {PAGE_SIZE}"),
        (app(JSONResponse([{"envVar": {"key": "K"}, "cursor": "same"}] * PAGE_SIZE)), "without a new cursor"),
        (app(JSONResponse([{"key": "K"}] * PAGE_SIZE)), "without a new cursor"),
    ],
)
def test_pages_without_an_end_are_unverified(answering: ASGIApp, words: str) -> None:
    """Too many, a repeated cursor, none at all on a full page."""
    with api_of(answering) as api, pytest.raises(Unverified, match=words):
        api.pages("/services/srv-1/env-vars", "envVar", models.EnvVar)


def test_a_short_page_is_not_the_end() -> None:
    """What stands behind it is read too; the end is an empty page, or one without a cursor."""
    pages = {"": "a", "a": "b", "b": "c"}

    def answer(asked: Request) -> Response:
        name = pages.get(asked.query_params.get("cursor", ""))
        return JSONResponse([{"envVar": {"key": name}, "cursor": name}] if name else [])

    with api_of(Starlette(routes=[Route("/{rest:path}", answer)])) as api:
        assert [variable.key for variable in api.pages("/x", "envVar", models.EnvVar)] == ["a", "b", "c"]
    with api_of(app(JSONResponse([{"envVar": {"key": "only"}}]))) as api:
        assert len(api.pages("/x", "envVar", models.EnvVar)) == 1


# Every shape that was seen on the real API; names and values are made up.

KINDS: dict[str, tuple[str, type[BaseModel]]] = {
    "GET /services (list)": ("service", models.Service),
    "GET /services/{id}/env-vars": ("envVar", models.EnvVar),
    "GET /services/{id}/env-vars?cursor= (past end)": ("envVar", models.EnvVar),
    "PUT /services/{id}/env-vars": ("envVar", models.EnvVar),
    "GET /services/{id}/secret-files": ("secretFile", models.SecretFile),
    "POST /services": ("service", models.Service),
    "GET /services/{id}/custom-domains": ("customDomain", models.CustomDomain),
    "POST /services/{id}/custom-domains": ("customDomain", models.CustomDomain),
    "GET /postgres/{id}/connection-info": ("", models.ConnectionInfo),
    "GET /key-value/{id}/connection-info": ("", models.ConnectionInfo),
    "GET /services/": ("", models.Service),
    "PATCH /services/": ("", models.Service),
    "POST /services/{id}/deploys": ("", models.Deploy),
    "POST /services/{id}/scale": ("", models.Service),
    "GET /postgres/": ("", models.Database),
    "GET /key-value/": ("", models.KeyValue),
    "GET /notification-settings/": ("", models.NotificationSettings),
    "PATCH /notification-settings/": ("", models.NotificationSettings),
    "GET /environments/": ("", models.Environment),
    "GET /projects/": ("", models.Project),
}


def kind_of(case: str) -> tuple[str, type[BaseModel]]:
    """Return the wrapper's key and the model of a shape: the longest beginning that is known."""
    return next(KINDS[known] for known in sorted(KINDS, key=len, reverse=True) if case.startswith(known))


@pytest.mark.parametrize("shape", [s for s in SHAPES if s["status"] < 400], ids=lambda shape: shape["case"])
def test_every_recorded_shape_parses(shape: dict[str, Any]) -> None:
    """Nulls where the schema promises lists and objects, nanoseconds, empty bodies, unknown keys."""
    key, model = kind_of(shape["case"])
    body = shape["body"]
    answer = Response(status_code=shape["status"]) if body == "" else JSONResponse(body, shape["status"])
    with api_of(listing(answer)) as api:
        if isinstance(body, list):
            assert len(api.pages("/x", key, model)) == len(body)
        elif key:
            assert model.model_validate(body[key]).model_dump()
        else:
            assert body == "" or api.get("/x", model).model_dump()


def test_a_recorded_404_is_unverified() -> None:
    """The provider's error body."""
    (shape,) = [s for s in SHAPES if s["status"] == 404]
    with api_of(app(JSONResponse(shape["body"], 404))) as api, pytest.raises(Unverified, match="404"):
        api.get("/x", models.Project)


def test_documented_nulls_become_empty() -> None:
    """The values that are judged afterwards."""
    bodies = {shape["case"]: shape["body"] for shape in SHAPES}
    deploy = models.Deploy.model_validate(bodies["POST /services/{id}/deploys 201 update_in_progress"])
    assert deploy.commit is None
    assert models.Database.model_validate(bodies["GET /postgres/{id} available"]).ip_allow_list == ()
    scaled = models.Service.model_validate(bodies["GET /services/{id} web (autoscaling)"])
    assert (scaled.details.num_instances, scaled.most_instances) == (1, 3)
    web = bodies["GET /services/{id} web (git/native)"]
    nulled = web | {"suspenders": None, "serviceDetails": web["serviceDetails"] | {"openPorts": None}}
    assert models.Service.model_validate(nulled).suspenders == ()
    assert models.Service.model_validate(web | {"serviceDetails": None, "dashboardUrl": None}).details.plan == ""
    naive = models.Deploy.model_validate({"id": "dep-1", "createdAt": "2026-11-24T12:00:00", "status": None})
    assert (naive.created_at.utcoffset(), naive.status) == (timedelta(0), "unknown")


def test_values_are_in_no_representation() -> None:
    """A reading that is printed shows no value of a variable."""
    assert "hush" not in repr(models.EnvVar(key="K", value="hush"))
