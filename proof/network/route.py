"""A longer way to an embedded deployment: a path before each of its addresses."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from urllib.parse import urlsplit

from proof.network.proxy import Proxy, Quality

FAR_ADDRESS = "127.0.0.3"
"""Where the stores are: they keep their ports, since they must be the ones that the service runs with."""


@asynccontextmanager
async def farther(settings: Mapping[str, str], quality: Quality, seed: str) -> AsyncIterator[dict[str, str]]:
    """Lead every connection to the deployment of `settings` over paths of that quality; give the settings to use.

    One route at a time leads to a deployment. Its plain-http address redirects to where it is itself: set
    `edge.redirect_to` to the new APEX_BASE_URL.
    """
    async with AsyncExitStack() as stack:

        async def behind(name: str, host: str = "127.0.0.1", *, keeps_port: bool = False) -> int:
            port = urlsplit(settings[name]).port or 0
            proxy = Proxy(port, quality, f"{seed} {name}", host=host, port=port if keeps_port else 0)
            stack.push_async_callback(proxy.stop)
            return await proxy.start()

        far = dict(settings)
        for name in ("DATABASE_URL", "REDIS_URL"):
            await behind(name, FAR_ADDRESS, keeps_port=True)
            far[name] = settings[name].replace("@127.0.0.1:", f"@{FAR_ADDRESS}:")
        far["APEX_BASE_URL"] = f"https://localhost:{await behind('APEX_BASE_URL')}"
        far["APEX_HTTP_URL"] = f"http://localhost:{await behind('APEX_HTTP_URL')}"
        far["RENDER_API_URL"] = f"http://127.0.0.1:{await behind('RENDER_API_URL')}/v1"
        yield far
