"""The application's settings, read from environment variables alone."""

from functools import cached_property
from typing import Literal

from pydantic import Field, SecretStr, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError


def sqlalchemy_url(dsn: str) -> URL:
    """Gives the database's address for SQLAlchemy with psycopg 3.

    Args:
        dsn: `postgresql://` or `postgres://` address, as the hosting provider writes it.

    Raises:
        sqlalchemy.exc.ArgumentError: it is no URL.
    """
    return make_url(dsn).set(drivername="postgresql+psycopg")


class Settings(BaseSettings):
    """Everything that may differ between two deployments; only the database's address is indispensable."""

    model_config = SettingsConfigDict(extra="ignore", env_ignore_empty=True, frozen=True, hide_input_in_errors=True)

    database_url: SecretStr
    redis_url: SecretStr = SecretStr("redis://127.0.0.1:6379/0")
    secret_key: SecretStr = SecretStr("")
    port: int = Field(default=8000, ge=0, le=65535)
    debug: bool = False
    environment: str = "development"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"] = "INFO"
    allowed_origins: str = ""
    database_pool_size: int = Field(default=4, ge=1, le=50)
    database_max_overflow: int = Field(default=1, ge=0, le=50)
    rate_limit_requests: int = Field(default=100, ge=1)
    rate_limit_period: int = Field(default=60, ge=1)
    rate_limit_exempt_addresses: str = ""
    render_git_commit: str | None = None
    render_instance_id: str | None = None

    @field_validator("database_url")
    @classmethod
    def _must_be_postgresql(cls, value: SecretStr) -> SecretStr:
        """Refuses what the driver could not use; the message never holds the address, which has a password."""
        try:
            scheme = make_url(value.get_secret_value()).get_backend_name()
        except ArgumentError:
            scheme = ""
        if scheme not in {"postgresql", "postgres"}:
            raise ValueError("must be a postgresql:// address")
        return value

    @cached_property
    def origins(self) -> list[str]:
        """Origins that browsers may call from."""
        return _listed(self.allowed_origins)

    @cached_property
    def exempt_addresses(self) -> frozenset[str]:
        """Client addresses that the rate limit leaves out."""
        return frozenset(_listed(self.rate_limit_exempt_addresses))


def _listed(text: str) -> list[str]:
    return [item.strip() for item in text.split(",") if item.strip()]
