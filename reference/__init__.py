"""The embedded deployment: the real thing in small, for the suite to be tried on."""

import os

STARTED_BY = os.getppid()
"""The process that started this one, noted first of all: it may end while the rest is still imported."""
