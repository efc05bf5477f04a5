"""Faults of the edge: its redirect, its certificate, its protocols."""

from starlette.types import Scope

from reference.authority import EXPIRED, EXPIRING, NOT_YET_VALID, UNTRUSTED, WRONG_NAME
from reference.deployment import Deployment
from reference.faults.catalogue import fault
from reference.faults.wrappers import changing, redirecting, with_header
from reference.layers import Wrapper

UNREACHABLE = {"MH-7": "failed", "MH-2": "failed", "MH-6": "failed", "DP-3": "failed"}
"""What ends otherwise when no careful client connects any more."""


def plain(scope: Scope) -> bool:
    """Match what comes over plain http."""
    return bool(scope["scheme"] == "http")


def answer_plain_http(deployment: Deployment, wrapper: Wrapper) -> None:
    """Let a wrapper answer what comes over plain http, instead of the edge's own redirect."""
    deployment.edge.redirect_to = None
    deployment.edge.layers.append(wrapper)


@fault("http-not-redirected", "plain http is served instead of redirected", {"MH-7": "failed"}, says="a redirect")
async def http_not_redirected(deployment: Deployment) -> None:
    """Whoever types the address without https stays without it."""
    deployment.edge.redirect_to = None


@fault("http-redirected-elsewhere", "plain http leads to another host", {"MH-7": "failed"}, says="elsewhere.invalid")
async def http_redirected_elsewhere(deployment: Deployment) -> None:
    """The redirect of a former name."""
    deployment.edge.redirect_to = "https://elsewhere.invalid"


@fault("http-redirected-to-http", "plain http leads to plain http", {"MH-7": "failed"}, says="status 301 to http://")
async def http_redirected_to_http(deployment: Deployment) -> None:
    """To itself, for ever."""
    deployment.edge.redirect_to = deployment.edge.http_url


@fault("http-redirect-loses-path", "plain http leads to the home page", {"MH-7": "failed"}, says="/health")
async def http_redirect_loses_path(deployment: Deployment) -> None:
    """Whatever was asked for."""
    home = f"{deployment.edge.base_url}/"
    answer_plain_http(deployment, redirecting(plain, 301, lambda _: home))


@fault("http-redirect-by-303", "plain http is redirected by 303", {"MH-7": "failed"}, says="status 303")
async def http_redirect_by_303(deployment: Deployment) -> None:
    """Which turns the events that are posted into questions without a body."""
    base = deployment.edge.base_url
    answer_plain_http(deployment, redirecting(plain, 303, lambda scope: base + str(scope["path"])))


@fault("http-refresh", "plain http answers 200 and leads on by a header", {"MH-7": "failed"}, says="status 200")
async def http_refresh(deployment: Deployment) -> None:
    """Browsers follow a Refresh, programs do not."""
    refresh = f"0; url={deployment.edge.base_url}/".encode()
    answer_plain_http(deployment, changing(plain, lambda answer: with_header(answer, b"refresh", refresh)))


@fault("certificate-expired", "the certificate has expired", UNREACHABLE, says="the certificate is valid from")
async def certificate_expired(deployment: Deployment) -> None:
    """No careful client connects any more."""
    deployment.edge.present(EXPIRED)


@fault("certificate-not-yet-valid", "the certificate is of tomorrow", UNREACHABLE, says="the certificate is valid from")
async def certificate_not_yet_valid(deployment: Deployment) -> None:
    """Issued by a machine whose clock is ahead."""
    deployment.edge.present(NOT_YET_VALID)


@fault("certificate-expiring", "the certificate has three days left", {"MH-7": "failed"}, says="3.0 days")
async def certificate_expiring(deployment: Deployment) -> None:
    """Its renewal has failed, and nobody was told."""
    deployment.edge.present(EXPIRING)


@fault("certificate-untrusted", "nobody trusts the certificate's authority", UNREACHABLE, says="a trusted authority")
async def certificate_untrusted(deployment: Deployment) -> None:
    """One that the team has made for itself."""
    deployment.edge.present(UNTRUSTED)


@fault("certificate-of-another-host", "the certificate is for another host", UNREACHABLE, says="elsewhere.invalid")
async def certificate_of_another_host(deployment: Deployment) -> None:
    """The domain was moved without its certificate."""
    deployment.edge.present(WRONG_NAME)


@fault("old-protocols", "TLS 1.0 and 1.1 are accepted", {"MH-7": "failed"}, says="TLS 1.0")
async def old_protocols(deployment: Deployment) -> None:
    """Kept for a client of long ago."""
    deployment.edge.accept_old_protocols()
