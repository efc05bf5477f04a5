"""Faults of the edge: its redirect, its certificate, its protocols."""

from reference.authority import EXPIRED, EXPIRING, UNTRUSTED, WRONG_NAME
from reference.deployment import Deployment
from reference.faults.catalogue import fault


@fault("http-not-redirected", "plain http is served instead of redirected", {"MH-7": "failed"}, says="a redirect")
async def http_not_redirected(deployment: Deployment) -> None:
    """Whoever types the address without https stays without it."""
    deployment.edge.redirect_to = None


@fault("http-redirected-elsewhere", "plain http leads to another host", {"MH-7": "failed"}, says="elsewhere.invalid")
async def http_redirected_elsewhere(deployment: Deployment) -> None:
    """The redirect of a former name."""
    deployment.edge.redirect_to = "https://elsewhere.invalid"


@fault(
    "certificate-expired",
    "the certificate has expired",
    {"MH-7": "failed", "MH-2": "failed", "MH-6": "failed"},
    says="the certificate is valid from",
)
async def certificate_expired(deployment: Deployment) -> None:
    """No careful client connects any more."""
    deployment.edge.present(EXPIRED)


@fault("certificate-expiring", "the certificate has three days left", {"MH-7": "failed"}, says="3.0 days")
async def certificate_expiring(deployment: Deployment) -> None:
    """Its renewal has failed, and nobody was told."""
    deployment.edge.present(EXPIRING)


@fault(
    "certificate-untrusted",
    "nobody trusts the certificate's authority",
    {"MH-7": "failed", "MH-2": "failed", "MH-6": "failed"},
    says="a trusted authority",
)
async def certificate_untrusted(deployment: Deployment) -> None:
    """One that the team has made for itself."""
    deployment.edge.present(UNTRUSTED)


@fault(
    "certificate-of-another-host",
    "the certificate is for another host",
    {"MH-7": "failed", "MH-2": "failed", "MH-6": "failed"},
    says="elsewhere.invalid",
)
async def certificate_of_another_host(deployment: Deployment) -> None:
    """The domain was moved without its certificate."""
    deployment.edge.present(WRONG_NAME)


@fault("old-protocols", "TLS 1.0 and 1.1 are accepted", {"MH-7": "failed"}, says="TLS 1.0")
async def old_protocols(deployment: Deployment) -> None:
    """Kept for a client of long ago."""
    deployment.edge.accept_old_protocols()
