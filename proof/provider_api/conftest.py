"""One server for all tests here, with a fresh workspace behind it for each."""

from collections.abc import Iterator

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from proof.provider_api.client import Provider
from proof.provider_api.memory import make_engine, make_workspace, serving
from reference.provider.api import create_api


class _Switch:
    """An application that hands on to another, which may be exchanged."""

    def __init__(self) -> None:
        self.app: ASGIApp = create_api(workspace := make_workspace(), make_engine(workspace))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(scope, receive, send)


@pytest.fixture(scope="session")
def switch() -> _Switch:
    """What the server serves."""
    return _Switch()


@pytest.fixture(scope="session")
def http(switch: _Switch) -> Iterator[httpx.Client]:
    """A client of the server."""
    with serving(switch) as address, httpx.Client(base_url=f"{address}/v1", timeout=30) as client:
        yield client


@pytest.fixture
def provider(switch: _Switch, http: httpx.Client) -> Provider:
    """A provider with the plan's workspace, its key and an engine without processes."""
    workspace = make_workspace()
    engine = make_engine(workspace)
    switch.app = create_api(workspace, engine)
    http.headers["Authorization"] = f"Bearer {workspace.api_key}"
    return Provider(http, workspace, engine)
