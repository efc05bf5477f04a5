"""The variables of the deployed application, and the file that tells the target's settings.

All secrets are made anew for every deployment.
"""

import os
import secrets
from collections.abc import Mapping
from pathlib import Path

APPLICATION_VERSION = "2.0.0"
LOAD_ADDRESS = "127.0.0.2"
"""The loopback address that load comes from: the rate limit leaves it out, as a target may grant a load test."""


def application(database_url: str, redis_url: str) -> dict[str, str]:
    """The api's own variables, as the deployment plan wants them."""
    return {
        "ENVIRONMENT": "production",
        "DEBUG": "false",
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "SECRET_KEY": secrets.token_hex(32),
        "ENCRYPTION_KEY": secrets.token_hex(32),
        "SHOPIFY_API_KEY": secrets.token_hex(16),
        "SHOPIFY_API_SECRET": f"shpss_{secrets.token_hex(16)}",
        "SHOPIFY_APP_URL": "https://ecomdash-app.onrender.com",
        "ALLOWED_ORIGINS": "https://ecomdash-app.onrender.com",
        "OPENROUTER_API_KEY": f"sk-or-v1-{secrets.token_hex(32)}",
        "RESEND_API_KEY": f"re_{secrets.token_urlsafe(24)}",
        "SENTRY_DSN": f"https://{secrets.token_hex(16)}@errors.ecomdash-app.com/1",
        "RATE_LIMIT_EXEMPT_ADDRESSES": LOAD_ADDRESS,
    }


def shared() -> dict[str, str]:
    """The variables of the env group that the api links."""
    return {
        "LOG_LEVEL": "INFO",
        "DATABASE_POOL_SIZE": "2",
        "DATABASE_MAX_OVERFLOW": "1",
        "RATE_LIMIT_REQUESTS": "100",
        "RATE_LIMIT_PERIOD": "60",
    }


def write(path: Path, settings: Mapping[str, str]) -> None:
    """Write `NAME=value` lines for us alone to read; a reader sees the whole file or none."""
    draft = path.with_name(f".{path.name}-{secrets.token_hex(4)}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.writelines(f"{name}={value}\n" for name, value in settings.items())
    draft.replace(path)
