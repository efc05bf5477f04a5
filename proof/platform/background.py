"""A booted deployment in this process, and clients of it, for tests that are plain functions."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from proof.background import Background
from reference.deployment import Deployment


class Running:
    """A booted deployment, and clients to its edge and to its provider."""

    def __init__(self, background: Background[Deployment]) -> None:
        self.do = background.do
        self.deployment = background.value
        self.settings = self.deployment.settings
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
    with Background(Deployment) as background:
        up = Running(background)
        with up.edge, up.provider:
            yield up
