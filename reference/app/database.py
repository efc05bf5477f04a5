"""The connection to PostgreSQL."""

from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from reference.app.settings import Settings, sqlalchemy_url

# What is raised when the database is away, refuses connections, or takes longer than the time-outs below.
UNAVAILABLE = (OperationalError, InterfaceError, PoolTimeoutError)

_SERVER_OPTIONS = "-c timezone=UTC -c statement_timeout=10s -c lock_timeout=5s"


def create_engine(settings: Settings) -> AsyncEngine:
    """Makes the pool of connections; nothing is opened before the first use.

    A connection is tried before it is handed out, so that a restarted or recreated database heals by itself.
    Parameters stay out of error messages: they are visitors' data.
    """
    return create_async_engine(
        sqlalchemy_url(settings.database_url.get_secret_value()),
        pool_size=settings.database_pool_size,
        max_overflow=settings.database_max_overflow,
        pool_timeout=10,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": 3, "application_name": "ecomdash-api", "options": _SERVER_OPTIONS},
    )
