"""Alembic's entry: runs the revisions against DATABASE_URL, or prints their SQL (`upgrade --sql`)."""

import os

from alembic import context
from alembic.util import CommandError
from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from reference.app.models import METADATA
from reference.app.settings import sqlalchemy_url


def _run_offline() -> None:
    """Prints the SQL; needs no connection."""
    context.configure(dialect_name="postgresql", target_metadata=METADATA, literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def _run_online() -> None:
    """Migrates the database, each run in one transaction: all of it or nothing."""
    dsn = os.environ.get("DATABASE_URL")
    if not dsn:
        raise CommandError("DATABASE_URL is not set: it must name the database to migrate")
    engine = create_engine(sqlalchemy_url(dsn), poolclass=NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, target_metadata=METADATA)
        with context.begin_transaction():
            context.run_migrations()
    engine.dispose()


if context.is_offline_mode():
    _run_offline()
else:
    _run_online()
