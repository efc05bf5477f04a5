"""Faults of the environment: a variable is changed and the service redeployed with it."""

from reference.deployment import Deployment
from reference.faults.catalogue import fault


@fault("variable-missing", "a required variable is not set", {"MH-5": "failed"}, says="SHOPIFY_APP_URL")
async def variable_missing(deployment: Deployment) -> None:
    """The application starts without it, which is why nobody noticed."""
    await deployment.set_env({"SHOPIFY_APP_URL": None})


@fault("secret-placeholder", "a secret is a placeholder", {"MH-5": "failed"}, says="SECRET_KEY")
async def secret_placeholder(deployment: Deployment) -> None:
    """Copied from the example file."""
    await deployment.set_env({"SECRET_KEY": "your-secret-key-change-me-in-production-0123456789abcdef0123456789"})


@fault("secrets-equal", "two secrets that must differ are equal", {"MH-5": "failed"}, says="ENCRYPTION_KEY")
async def secrets_equal(deployment: Deployment) -> None:
    """One key was generated and pasted twice."""
    await deployment.set_env({"ENCRYPTION_KEY": deployment.api.env["SECRET_KEY"]})


@fault("origin-wildcard", "any origin is allowed", {"MH-5": "failed"}, says="ALLOWED_ORIGINS")
async def origin_wildcard(deployment: Deployment) -> None:
    """A line from development."""
    await deployment.set_env({"ALLOWED_ORIGINS": "*"})


@fault(
    "debug-on",
    "the application runs with DEBUG=true and serves its documentation",
    {"MH-5": "failed", "MH-7": "failed"},
    says="DEBUG",
)
async def debug_on(deployment: Deployment) -> None:
    """Documentation and schema are open to everyone."""
    await deployment.set_env({"DEBUG": "true"})
