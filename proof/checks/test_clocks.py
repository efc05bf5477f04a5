"""What the times in answers give away: clocks that don't agree, and answers that are given more than once."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from email.utils import format_datetime

import pytest

from acceptance.checks.health import FRESH_S, health_findings
from acceptance.outcomes import Unverified
from acceptance.probes.exchange import Exchange, Failure
from proof.checks.exchanges import WHEN, answered, unanswered

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


def samples(*after_s: float, timestamp: str = WHEN.isoformat()) -> list[Exchange]:
    """Return health answers so many seconds after the first, which all hold one timestamp."""
    body = HEALTH.replace(WHEN.isoformat(), timestamp)
    return [replace(answered(body), started=WHEN + timedelta(seconds=after)) for after in after_s]


def test_one_answer_given_again_and_again_is_a_cache_s() -> None:
    """However fresh it is, and although another sample was lost."""
    limited = unanswered(Failure("rate_limited", "the rate limit answered 429"))
    for seen in (samples(0, 0.6, 1.2), [*samples(0, 0.6, 1.2), limited]):
        (finding,) = health_findings(seen)
        assert finding.expected == "a timestamp of its own in each answer"
        assert finding.found == f'"timestamp": {WHEN.isoformat()} in each of them: a cache answers, not the service'
        assert finding.where == "3 x GET /somewhere within 1.2 s"


def test_samples_that_differ_or_are_close_are_no_cache_s() -> None:
    """Seconds alone may be named; a single sample tells nothing, and none at all neither."""
    later = (WHEN + timedelta(seconds=1)).isoformat()
    assert health_findings([*samples(0), *samples(2, timestamp=later)]) == []
    assert health_findings(samples(0, 1.1)) == []
    assert health_findings(samples(0)) == []
    with pytest.raises(Unverified):
        health_findings([unanswered(Failure("rate_limited", "the rate limit answered 429"))])
