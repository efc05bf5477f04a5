"""The end of a run that would not end by itself: interrupted first, so that it reports, and then given up."""

from __future__ import annotations

import os
import signal
from functools import partial

from acceptance.verdict import Verdict

GRACE_S = 120.0  # for what was measured to be reported, and for the rows of a large database to be removed


def begin(seconds: float, grace_s: float = GRACE_S) -> None:
    """Interrupt this process's main thread after some seconds; if it goes on, end it after the grace."""
    signal.signal(signal.SIGALRM, partial(_interrupt, seconds))
    signal.setitimer(signal.ITIMER_REAL, seconds, grace_s)


def begin_the_end(grace_s: float = GRACE_S) -> None:
    """Give what is left of the run no more than the grace; it is no longer interrupted."""
    signal.signal(signal.SIGALRM, _give_up)
    signal.setitimer(signal.ITIMER_REAL, grace_s)


def _interrupt(seconds: float, _signal: int, _frame: object) -> None:
    signal.signal(signal.SIGALRM, _give_up)
    raise KeyboardInterrupt(f"its deadline of {seconds:g} s has passed (--deadline)")


def _give_up(_signal: int, _frame: object) -> None:
    # Something holds on to the process although it was told to end. What the run started ends with it.
    os.write(2, b"\nUNVERIFIED: the run did not end in time, so it was given up and left no sign-off.\n")
    os._exit(Verdict.UNVERIFIED.exit_status)
