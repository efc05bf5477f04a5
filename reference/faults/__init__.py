"""Faults: each changes the real thing and says which criteria must notice.

The application's code holds none: a fault is SQL on the database, a variable and a redeploy, a wrapper around the
unchanged application at the edge, the edge's own settings, or the provider's state.
"""

import importlib
import pkgutil

from reference.faults.catalogue import CATALOGUE, Fault

__all__ = ["CATALOGUE", "Fault"]

# Each module enters its faults as it is imported; by name, so that the catalogue's order is always the same.
for _module in sorted(module.name for module in pkgutil.iter_modules(__path__)):
    importlib.import_module(f"{__name__}.{_module}")
