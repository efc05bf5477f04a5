"""Exchanges as a client would have recorded them."""

from __future__ import annotations

from datetime import UTC, datetime

from acceptance.probes.exchange import Exchange, Failure, Request, get

WHEN = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)


def answered(
    body: str, status: int = 200, kind: str = "application/json", request: Request | None = None, **headers: str
) -> Exchange:
    """Return the exchange of a request that was answered; a header's underscores stand for hyphens."""
    asked = request or get("/somewhere")
    pairs = [("content-type", kind), *((name.replace("_", "-"), value) for name, value in headers.items())]
    return Exchange(asked, f"https://api.test{asked.target}", WHEN, 0.01, "id-1", status, tuple(pairs), body.encode())


def unanswered(failure: Failure) -> Exchange:
    """Return the exchange of a request that got no answer."""
    return Exchange(get("/somewhere"), "https://api.test/somewhere", WHEN, 10.0, "id-1", failure=failure)
