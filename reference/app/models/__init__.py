"""Every table that the application's database holds, declared once.

Alembic compares these declarations with the database (`alembic check`); the migrations are written out by hand, so that
a change here never alters what an old revision does.
"""

from reference.app.models import merchants, visitors
from reference.app.models.metadata import METADATA
from reference.app.models.visitors import analytics_events, conversion_events

__all__ = ["METADATA", "analytics_events", "conversion_events", "merchants", "visitors"]
