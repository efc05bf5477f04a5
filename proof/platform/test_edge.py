"""The edge: TLS, HTTP/2, the redirect, what it forwards and what it says itself."""

import socket
import ssl
from urllib.parse import urlsplit

import httpx
import pytest
from starlette.responses import JSONResponse
from starlette.types import ASGIApp

from proof.platform.background import Running
from reference import authority
from reference.upstream import Upstream
from reference.waiting import in_thread


def _handshake(up: Running, context: ssl.SSLContext) -> str | None:
    """The TLS version that client and edge agree on."""
    parts = urlsplit(up.settings["APEX_BASE_URL"])
    address = (str(parts.hostname), int(parts.port or 443))
    with socket.create_connection(address) as plain, context.wrap_socket(plain, server_hostname=address[0]) as tls:
        return tls.version()


def _client(up: Running) -> ssl.SSLContext:
    return ssl.create_default_context(cafile=up.settings["APEX_CA_FILE"])


def test_https_is_verified_and_speaks_both_versions(booted: Running) -> None:
    """With the throw-away authority trusted the application answers over HTTP/2 and HTTP/1.1."""
    two = booted.edge.get("/health")
    with httpx.Client(verify=booted.trust) as client:
        one = client.get(booted.settings["APEX_BASE_URL"] + "/health")
    assert (two.status_code, two.http_version) == (200, "HTTP/2")
    assert (one.status_code, one.http_version) == (200, "HTTP/1.1")
    assert one.json()["commit"] == booted.settings["APEX_EXPECTED_COMMIT"]


def test_the_edge_does_not_name_its_server(booted: Running) -> None:
    """No header tells what program the platform runs."""
    assert "server" not in booted.edge.get("/health").headers


def test_plain_http_is_redirected(booted: Running) -> None:
    """Plain http answers 301 to https on the same host, path and query untouched."""
    answer = httpx.get(booted.settings["APEX_HTTP_URL"] + "/a%2Fb/%C3%BC?x=1&y=%20")
    assert answer.status_code == 301
    assert answer.headers["location"] == booted.settings["APEX_BASE_URL"] + "/a%2Fb/%C3%BC?x=1&y=%20"


def test_the_redirect_can_be_broken_and_healed(up: Running) -> None:
    """Without the redirect plain http is served; pointed elsewhere it goes there; healing puts it back."""
    up.deployment.edge.redirect_to = None
    served = httpx.get(up.settings["APEX_HTTP_URL"] + "/health")
    up.deployment.edge.redirect_to = "https://elsewhere.invalid"
    sent = httpx.get(up.settings["APEX_HTTP_URL"] + "/health")
    up.do(up.deployment.heal())
    healed = httpx.get(up.settings["APEX_HTTP_URL"] + "/health")
    assert (served.status_code, served.json()["status"]) == (200, "healthy")
    assert sent.headers["location"] == "https://elsewhere.invalid/health"
    assert healed.headers["location"] == up.settings["APEX_BASE_URL"] + "/health"


@pytest.mark.parametrize(
    ("variant", "reason"),
    [
        (authority.EXPIRED, "certificate has expired"),
        (authority.WRONG_NAME, "Hostname mismatch"),
        (authority.UNTRUSTED, "unable to get local issuer certificate"),
    ],
)
def test_a_bad_certificate_is_presented_and_healed(up: Running, variant: str, reason: str) -> None:
    """A client refuses each bad certificate for its own reason, and takes the good one again."""
    up.deployment.edge.present(variant)
    with pytest.raises(ssl.SSLCertVerificationError, match=reason):
        _handshake(up, _client(up))
    up.do(up.deployment.heal())
    assert _handshake(up, _client(up)) == "TLSv1.3"


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1 is deprecated")
def test_old_protocols_are_refused_unless_broken(up: Running) -> None:
    """TLS 1.1 is spoken only while the fault lasts."""

    def old() -> ssl.SSLContext:
        context = _client(up)
        context.minimum_version = context.maximum_version = ssl.TLSVersion.TLSv1_1
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
        return context

    with pytest.raises(ssl.SSLError):
        _handshake(up, old())
    up.deployment.edge.accept_old_protocols()
    assert _handshake(up, old()) == "TLSv1.1"
    up.do(up.deployment.heal())
    with pytest.raises(ssl.SSLError):
        _handshake(up, old())


def test_layers_come_and_go(up: Running) -> None:
    """A wrapper answers in the application's place until the edge is healed."""

    def broken(_: ASGIApp) -> ASGIApp:
        return JSONResponse({"status": "unhealthy"}, 503)

    up.deployment.edge.layers.append(broken)
    during = up.edge.get("/health").status_code
    up.do(up.deployment.heal())
    assert (during, up.edge.get("/health").status_code) == (503, 200)


def test_the_client_is_not_believed_about_its_address(up: Running) -> None:
    """The rate limit counts the peer's address: invented ones in X-Forwarded-For change nothing."""
    statuses = [
        up.edge.get("/health/live", headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code
        for number in range(110)
    ]
    assert statuses.count(429) >= 10


def test_the_loads_address_is_not_limited(up: Running) -> None:
    """Load that comes from its own loopback address meets no rate limit."""
    transport = httpx.HTTPTransport(local_address="127.0.0.2", verify=up.trust)
    with httpx.Client(transport=transport, base_url=up.settings["APEX_BASE_URL"]) as client:
        statuses = {client.get("/health/live").status_code for _ in range(130)}
    assert statuses == {200}


def test_a_large_body_arrives_whole(booted: Running) -> None:
    """A body of some megabytes reaches the application, which refuses it in its own words."""
    answer = booted.edge.post("/api/v1/analytics/track/batch", json={"events": [{"url": "x" * 3_000_000}]})
    assert answer.status_code in {413, 422}
    assert "detail" in answer.json()


def test_a_body_beyond_the_platforms_limit_is_refused(booted: Running) -> None:
    """The edge itself takes 16 MiB at most."""
    with httpx.Client(verify=booted.trust, timeout=30) as client:
        answer = client.post(booted.settings["APEX_BASE_URL"] + "/", content=b"x" * (17 * 1024 * 1024))
    assert answer.status_code == 413


def test_a_dead_instance_is_a_502(up: Running) -> None:
    """When nothing listens where the edge forwards to, it says so itself."""
    edge = up.deployment.edge

    async def exchange(upstream: Upstream | None) -> Upstream | None:
        return edge.switch(upstream)

    nowhere = up.do(_nowhere())
    former = up.do(exchange(nowhere))
    dead = up.edge.get("/health")
    up.do(exchange(None))
    none = up.edge.get("/health")
    up.do(exchange(former))
    up.do(nowhere.close())
    assert (dead.status_code, none.status_code) == (502, 503)
    assert up.edge.get("/health").status_code == 200


async def _nowhere() -> Upstream:
    return await in_thread(Upstream, 9)
