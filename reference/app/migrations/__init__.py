"""Alembic's environment and the revisions 001 and 002."""
