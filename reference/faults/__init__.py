"""Faults: each changes the real thing and says which criteria must notice.

The application's code holds none: a fault is SQL on the database, a variable and a redeploy, a wrapper around the
unchanged application at the edge, the edge's own settings, or the provider's state.
"""

from reference.faults import (
    answers,
    columns,
    edge,
    environment,
    health,
    indexes,
    leaks,
    provider,
    revisions,
    store,
    tables,
)
from reference.faults.catalogue import CATALOGUE, Fault

__all__ = [
    "CATALOGUE",
    "Fault",
    "answers",
    "columns",
    "edge",
    "environment",
    "health",
    "indexes",
    "leaks",
    "provider",
    "revisions",
    "store",
    "tables",
]
