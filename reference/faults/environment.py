"""Faults of the environment: variables are changed, and the service redeployed with those that its process reads.

The application starts with most of these values, which is why nobody noticed.
"""

from collections.abc import Mapping
from functools import partial

from reference.deployment import Deployment
from reference.faults.catalogue import fault
from reference.provider.model import Service

_REFUSED = {"MH-5": "failed"}
_NOT_STARTED = {"MH-5": "failed", "MH-1": "failed", "DP-3": "failed"}
"""The application refuses to start with the value, so the newest deploy fails and an older one serves on."""


def _set(
    name: str, summary: str, variable: str, value: str | None, *, says: str = "", breaks: Mapping[str, str] = _REFUSED
) -> None:
    """Enter a fault of one variable that the application reads; without other words the account must name it."""

    @fault(name, summary, breaks, says=says or variable)
    async def apply(deployment: Deployment) -> None:
        await deployment.set_env({variable: value})


def _save(name: str, summary: str, variable: str, value: str, *, says: str = "") -> None:
    """Enter a fault of one variable that is saved without a deploy, as the provider offers it."""

    @fault(name, summary, _REFUSED, says=says or variable)
    async def apply(deployment: Deployment) -> None:
        deployment.api.env[variable] = value


_crash = partial(_set, breaks=_NOT_STARTED)

_set("variable-missing", "a required variable is not set", "SHOPIFY_APP_URL", None)
_save("variable-empty", "a required variable is empty", "OPENROUTER_API_KEY", "", says="it is empty")
_save("variable-blank", "a required variable is blank", "SHOPIFY_API_KEY", "   ", says="it is empty")

_set("environment-of-development", "the application believes to be in development", "ENVIRONMENT", "development")
_set("environment-misspelt", "the environment's name is misspelt", "ENVIRONMENT", "prod")
_set("environment-with-a-space", "a value ends in a space", "ENVIRONMENT", "production ", says="white space")
_set("boolean-misspelt", "a switch is set to another spelling of false", "DEBUG", "no")
_set("log-level-debug", "everything is logged, visitors' data too", "LOG_LEVEL", "DEBUG")
_crash("log-level-misspelt", "the application refuses its log level and does not start", "LOG_LEVEL", "info")

_set(
    "secret-placeholder",
    "a secret is a placeholder, copied from the example file",
    "SECRET_KEY",
    "your-secret-key-change-me-in-production-0123456789abcdef0123456789",
)
_set(
    "secret-of-development",
    "a secret is the development default",
    "SECRET_KEY",
    "dev-secret-key-7f3a9c1e5b8d2046f1e7c3a9b5d80264-dev",
    says="it is a development default",
)
_set("secret-short", "a secret is too short", "SECRET_KEY", "9f86d081884c7d65", says="64 bits")
_save(
    "secret-repeated",
    "a secret is as long as it should be, and repeats itself",
    "ENCRYPTION_KEY",
    "9f86d081" * 8,
    says="it repeats itself",
)
_save(
    "secret-of-words",
    "a secret is a phrase that somebody thought up",
    "ENCRYPTION_KEY",
    "correct-horse-battery-staple-and-seventeen-more-of-the-kind",
    says="a phrase of words",
)
_set(
    "secret-uneven",
    "a secret is long, and most of its characters are the same few",
    "SECRET_KEY",
    "fa7fafa3fa9faf5fafcaf1fa8faf6fa2fafbfa4fafdfa0faf7faf9fafefa3faf",
    says="spread as unevenly",
)
_set(
    "secret-in-quotes",
    "a secret was pasted with its quotes",
    "SECRET_KEY",
    '"9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"',
    says="quotes",
)
_save("partner-key-placeholder", "another service's key is a template", "SHOPIFY_API_KEY", "<your api key>")
_save("partner-key-short", "another service's key was cut off", "OPENROUTER_API_KEY", "sk-or", says="shorter than 8")
_save("optional-key-placeholder", "a key that need not be set is a placeholder", "RESEND_API_KEY", "re_xxxxxxxxxxxx")
_save(
    "optional-address-http",
    "errors are reported without encryption",
    "SENTRY_DSN",
    "http://0f3c@errors.ecomdash-app.com/1",
)

_save("app-url-http", "the app's address is not https", "SHOPIFY_APP_URL", "http://ecomdash-app.onrender.com")
_save("app-url-local", "the app's address is the developer's machine", "SHOPIFY_APP_URL", "https://localhost:3000")
_save("app-url-loopback", "the app's address is this very machine", "SHOPIFY_APP_URL", "https://127.0.0.2:3000")
_save("app-url-private", "the app's address is in an office's network", "SHOPIFY_APP_URL", "https://192.168.1.20:3000")
_save(
    "app-url-tunnel",
    "the app's address is a tunnel to a laptop",
    "SHOPIFY_APP_URL",
    "https://odd-fox.trycloudflare.com",
)
_save("app-url-example", "the app's address is of the documentation", "SHOPIFY_APP_URL", "https://your-app.example.com")
_save("app-url-unfilled", "the app's address is a template", "SHOPIFY_APP_URL", "https://${APP_NAME}.onrender.com")
_save("app-url-bare", "the app's address has no scheme", "SHOPIFY_APP_URL", "ecomdash-app.onrender.com")

_set("origin-wildcard", "any origin is allowed", "ALLOWED_ORIGINS", "*")
_set(
    "origin-subdomains",
    "every subdomain is allowed",
    "ALLOWED_ORIGINS",
    "https://*.onrender.com",
    says="an origin with *",
)
_set("origin-http", "an origin is not https", "ALLOWED_ORIGINS", "http://ecomdash-app.onrender.com")
_set(
    "origin-local",
    "a line from development is still there",
    "ALLOWED_ORIGINS",
    "https://ecomdash-app.onrender.com,https://localhost:3000",
    says="the developer's own machine",
)
_set(
    "origin-with-a-path",
    "an origin has a path, so it never matches",
    "ALLOWED_ORIGINS",
    "https://ecomdash-app.onrender.com/",
)
_set(
    "origin-with-a-password",
    "an origin holds a password",
    "ALLOWED_ORIGINS",
    "https://me:word@ecomdash-app.onrender.com",
)
_set("origin-null", "pages from anywhere in a sandbox are allowed", "ALLOWED_ORIGINS", "null")
_set("origins-as-a-list", "the origins are in JSON", "ALLOWED_ORIGINS", '["https://ecomdash-app.onrender.com"]')

_crash("number-misspelt", "a limit is no number, and the application does not start", "RATE_LIMIT_REQUESTS", "many")
_crash("number-too-small", "a limit is zero, and the application does not start", "RATE_LIMIT_PERIOD", "0")
_crash("number-negative", "a limit is negative, and the application does not start", "DATABASE_MAX_OVERFLOW", "-1")
_set("pool-too-large", "the pools take all connections of the plan", "DATABASE_POOL_SIZE", "9", says="30 connections")


@fault("variables-too-few", "fewer variables are set than the plan asks for", _REFUSED, says="variables are set")
async def variables_too_few(deployment: Deployment) -> None:
    """The application has defaults for most of them."""
    needed = {"DATABASE_URL", "REDIS_URL", "SECRET_KEY", "ENCRYPTION_KEY", "ENVIRONMENT"}
    groups = [group.env for group in deployment.workspace.env_groups]
    names = {name for variables in (deployment.api.env, *groups) for name in variables}
    await deployment.set_env(dict.fromkeys(names - needed))


@fault("group-unlinked", "a group of variables is no longer linked", _REFUSED, says="LOG_LEVEL")
async def group_unlinked(deployment: Deployment) -> None:
    """The application goes on with its own defaults."""
    deployment.api.group_ids.clear()
    await deployment.redeploy()


@fault("instances-too-many", "the pools of all instances are too many connections", _REFUSED, says="5 instances")
async def instances_too_many(deployment: Deployment) -> None:
    """Each one's pool is small enough, and at their most there are five."""
    deployment.api.autoscaling = {**(deployment.api.autoscaling or {}), "max": 5}


@fault("secrets-equal", "two secrets that must differ are equal", _REFUSED, says="ENCRYPTION_KEY")
async def secrets_equal(deployment: Deployment) -> None:
    """One key was generated and pasted twice."""
    deployment.api.env["ENCRYPTION_KEY"] = deployment.api.env["SECRET_KEY"]


@fault("partner-key-pasted-twice", "another service's secret is its key", _REFUSED, says="SHOPIFY_API_SECRET")
async def partner_key_pasted_twice(deployment: Deployment) -> None:
    """They stand side by side on the partner's page."""
    deployment.api.env["SHOPIFY_API_SECRET"] = deployment.api.env["SHOPIFY_API_KEY"]


@fault(
    "debug-on",
    "the application runs with DEBUG=true and serves its documentation",
    {"MH-5": "failed", "MH-7": "failed"},
    says="DEBUG",
)
async def debug_on(deployment: Deployment) -> None:
    """Documentation and schema are open to everyone."""
    await deployment.set_env({"DEBUG": "true"})


@fault("worker-differs", "the worker has another encryption key", _REFUSED, says="differs in ecomdash-worker")
async def worker_differs(deployment: Deployment) -> None:
    """It can't decrypt what the API has encrypted."""
    _add_worker(deployment, ENCRYPTION_KEY="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")


@fault("worker-lacks", "the worker has no address of the store", _REFUSED, says="is not set in ecomdash-worker")
async def worker_lacks(deployment: Deployment) -> None:
    """It waits for work that goes elsewhere."""
    _add_worker(deployment)
    del deployment.workspace.services[-1].env["REDIS_URL"]


def _add_worker(deployment: Deployment, **changes: str) -> None:
    """Give the workspace a worker with the API's variables but for some."""
    worker = Service("ecomdash-worker", deployment.workspace.owner.id, "background_worker", open_port=None)
    worker.env = {**deployment.api.env, **changes}
    deployment.workspace.services.append(worker)
