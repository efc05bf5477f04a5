"""A deployment in this process whose loop runs in a thread, for tests that are plain functions."""

import asyncio
import ssl
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from typing import TypeVar

import httpx

from reference.deployment import Deployment

Result = TypeVar("Result")
_PATIENCE_SECONDS = 60


class Background:
    """A loop in a thread."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)
        self._thread.start()

    def do(self, work: Coroutine[object, object, Result]) -> Result:
        """Run a coroutine in the loop and wait for its result."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(_PATIENCE_SECONDS)

    def close(self) -> None:
        """End the loop."""
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


class Running:
    """A booted deployment, and clients to its edge and to its provider."""

    def __init__(self, background: Background, deployment: Deployment) -> None:
        self.do = background.do
        self.deployment = deployment
        self.settings = deployment.settings
        self.trust = ssl.create_default_context(cafile=self.settings["APEX_CA_FILE"])
        key = {"Authorization": f"Bearer {self.settings['RENDER_API_KEY']}"}
        self.edge = httpx.Client(base_url=self.settings["APEX_BASE_URL"], verify=self.trust, http2=True)
        self.provider = httpx.Client(base_url=self.settings["RENDER_API_URL"], headers=key)

    @property
    def commit(self) -> str:
        """The commit that answers at the edge."""
        return str(self.edge.get("/health").json()["commit"])


@contextmanager
def running() -> Iterator[Running]:
    """Boot a deployment for as long as the context lasts."""
    background, deployment = Background(), Deployment()
    try:
        background.do(deployment.__aenter__())
        try:
            up = Running(background, deployment)
            with up.edge, up.provider:
                yield up
        finally:
            background.do(deployment.__aexit__(None, None, None))
    finally:
        background.close()
