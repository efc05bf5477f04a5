"""A server's clock and this machine's: what is judged by time needs them to agree."""

from __future__ import annotations

import json
from datetime import timedelta
from email.utils import format_datetime

import pytest

from acceptance.checks.health import FRESH_S, health_findings
from proof.checks.exchanges import WHEN, answered

HEALTH = json.dumps({"status": "healthy", "timestamp": WHEN.isoformat(), "version": "2.0.0"})
APART = "one time on the server and on this machine: set the clock that is wrong"


@pytest.mark.parametrize("apart_s", [FRESH_S, -FRESH_S, 86_400, -86_400])
def test_clocks_that_are_apart_are_named_with_both_times(apart_s: int) -> None:
    """In either direction, from the limit on, before anything that is judged by them."""
    dated = WHEN + timedelta(seconds=apart_s)
    (finding,) = health_findings([answered(HEALTH, date=format_datetime(dated, usegmt=True))])
    assert finding.expected == APART
    assert finding.found == (
        f"the answer is dated {dated:%Y-%m-%d %H:%M:%S}, this machine says {WHEN:%Y-%m-%d %H:%M:%S}"
    )
    assert finding.where == f"GET /somewhere at {WHEN:%H:%M:%S} UTC"
    assert finding.reproduce.startswith("curl ")


@pytest.mark.parametrize(
    "date",
    [
        format_datetime(WHEN + timedelta(seconds=FRESH_S - 1), usegmt=True),
        format_datetime(WHEN - timedelta(seconds=FRESH_S - 1), usegmt=True),
        "Mon, 02 Nov 2026 09:30:00 -0000",
        "Mon, 02 Nov 2026 11:30:00 +0200",
        "yesterday",
        "",
    ],
)
def test_clocks_that_agree_or_a_date_that_is_none_are_no_finding(date: str) -> None:
    """In any zone; a server need not send a date at all."""
    assert health_findings([answered(HEALTH, date=date)]) == []
    assert health_findings([answered(HEALTH)]) == []
