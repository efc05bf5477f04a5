"""A client that is closed while it is connecting leaves nothing behind that would break the end of the run."""

from __future__ import annotations

import gc
import sys
import threading
import time
from contextlib import suppress

import pytest

from acceptance.probes.exchange import get
from acceptance.probes.http import HttpClient


def _send(client: HttpClient) -> None:
    with suppress(BaseException):  # whatever closing makes of it
        client.send_all([get("/health")] * 12)


@pytest.mark.filterwarnings("error")
def test_closing_at_any_moment_of_connecting_leaves_nothing_unawaited(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sixty connects to a port that refuses, each cut short a little later."""
    unawaited: list[str] = []
    gc.collect()  # what earlier tests left
    monkeypatch.setattr(sys, "unraisablehook", lambda broken: unawaited.append(repr(broken.object)))
    for moment in range(60):
        client = HttpClient("https://127.0.0.1:1")
        sending = threading.Thread(target=_send, args=(client,), daemon=True)
        sending.start()
        time.sleep(moment * 0.0005)
        client.close()
        sending.join(5)
    gc.collect()
    assert unawaited == []
