"""What stands before every operation: the key, the rate limit, and the headers of every answer."""

import itertools
import secrets

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from reference.provider.answers import ApiError, error_answer
from reference.provider.limits import Meter, Standing
from reference.provider.model import Workspace

_STANDARD = {
    "Referrer-Policy": "same-origin",
    "Vary": "Origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Xss-Protection": "1; mode=block",
}
_ACCEPTED = ("application/json", "application/*", "*/*")


class Gate:
    """ASGI middleware in front of the operations."""

    def __init__(self, app: ASGIApp, workspace: Workspace) -> None:
        self._app = app
        self._workspace = workspace
        self._meter = Meter()
        self._pod = f"api-{secrets.token_hex(5)}-{secrets.token_hex(3)[:5]}/{secrets.token_urlsafe(8)[:10]}"
        self._numbers = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer for the refused, pass on the rest."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        standing = self._meter.take(self._workspace.rate_limits, scope["method"], scope["path"])
        refusal = self._refusal(Headers(scope=scope), standing)
        app = self._app if refusal is None else error_answer(refusal)
        await app(scope, receive, self._headed(send, standing))

    def _refusal(self, headers: Headers, standing: Standing) -> ApiError | None:
        expected = f"Bearer {self._workspace.api_key}"
        if not secrets.compare_digest(headers.get("authorization", "").encode(), expected.encode()):
            return ApiError(401, "unauthorized")
        if standing.exceeded:
            return ApiError(429, "rate limit exceeded")
        if not any(each in headers.get("accept", "*/*") for each in _ACCEPTED):
            return ApiError(406, "unable to generate preferred media types; send Accept: application/json")
        return None

    def _headed(self, send: Send, standing: Standing) -> Send:
        async def headed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_STANDARD | standing.headers)
                headers["Render-Request-Id"] = f"{self._pod}-{next(self._numbers):06d}"
            await send(message)

        return headed
