"""Waiting for something to become true, in a test's own thread."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 45.0


def wait_for(condition: Callable[[], object], what: str) -> None:
    """Wait until something holds, or fail with what was waited for."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"not within {PATIENCE_SECONDS:g} s: {what}"
        time.sleep(0.05)
