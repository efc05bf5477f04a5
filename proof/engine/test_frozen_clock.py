"""Waivers and attestations while the clock stands still: whose day it is, and the first and last second of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Self

import pytest

from acceptance import waivers
from acceptance.catalogue import load_catalogue
from acceptance.outcomes import Outcome
from acceptance.verdict import judge
from acceptance.waivers import LONGEST_WAIVER, MOST_ACTIVE, WaiverError, load_attestations, load_waivers

CATALOGUE = load_catalogue()
ZONES = ["UTC0", "KIRITIMATI-14", "HAWAII10"]  # as POSIX writes them: 14 hours ahead of UTC, and 10 behind
WAIVER = """
[[waiver]]
id = "MH-5"
target = "production"
reason = "mail is switched on next week"
owner = "Release engineering"
approver = "Product"
expires = {expires}
"""
ATTESTATION = """
[[attestation]]
id = "PRE-7"
target = "production"
by = "Operations"
date = {day}
evidence = "mail of the hosting team"
"""

Freeze = Callable[[str], None]


@pytest.fixture(params=ZONES)
def freeze(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Freeze]:
    """Return what stops the clock of the waivers at a moment of UTC, on a machine of each time zone."""

    def stop(moment: str) -> None:
        class Stopped(datetime):
            """A clock that always shows the same moment, in local time where no zone is asked for."""

            @classmethod
            def now(cls, tz: tzinfo | None = None) -> Self:
                """Return that moment."""
                return cls.fromisoformat(moment).replace(tzinfo=UTC).astimezone(tz)

        monkeypatch.setattr(waivers, "datetime", Stopped)

    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield stop
    monkeypatch.undo()
    time.tzset()


def active(path: Path, expires: str) -> bool:
    """Whether a waiver that ends on that day is in force by the clock of the machine."""
    path.write_text(WAIVER.format(expires=expires))
    loaded = load_waivers(CATALOGUE, "production", path=path)
    expired = f"The waiver of MH-5 expired on {expires} and counts as absent."
    assert loaded.notes == (() if "MH-5" in loaded.active else (expired,))
    return "MH-5" in loaded.active


@pytest.mark.parametrize(
    ("moment", "expires", "holds"),
    [
        ("2026-12-24T00:00:00", "2026-12-24", True),
        ("2026-12-24T23:59:59.999999", "2026-12-24", True),
        ("2026-12-25T00:00:00", "2026-12-24", False),
        ("2026-12-31T23:59:59.999999", "2026-12-31", True),
        ("2027-01-01T00:00:00", "2026-12-31", False),
        ("2028-02-29T23:59:59", "2028-02-29", True),
        ("2028-03-01T00:00:00", "2028-02-29", False),
        ("2028-02-28T23:59:59", "2028-02-29", True),
    ],
)
def test_a_waiver_ends_with_its_last_second_of_utc(
    freeze: Freeze, tmp_path: Path, moment: str, expires: str, holds: bool
) -> None:
    """Whatever the time zone of the machine; the turn of a year and the 29th of February are days like others."""
    freeze(moment)
    assert active(tmp_path / "waivers.toml", expires) is holds


@pytest.mark.parametrize(
    ("moment", "last"),
    [
        ("2028-01-30T00:00:00", "2028-02-29"),
        ("2028-01-30T23:59:59", "2028-02-29"),
        ("2027-01-29T12:00:00", "2027-02-28"),
        ("2028-02-29T12:00:00", "2028-03-30"),
    ],
)
def test_a_waiver_reaches_thirty_days_and_not_one_more(freeze: Freeze, tmp_path: Path, moment: str, last: str) -> None:
    """Counted from today in UTC, over a February with and without a 29th."""
    freeze(moment)
    path = tmp_path / "waivers.toml"
    assert active(path, last)
    further = date.fromisoformat(last) + timedelta(days=1)
    with pytest.raises(WaiverError) as caught:
        active(path, str(further))
    assert str(caught.value) == f"waivers.toml: MH-5: expires {further}, more than 30 days ahead"


def test_a_waiver_that_was_too_long_becomes_valid_a_day_later(freeze: Freeze, tmp_path: Path) -> None:
    """With the first second of that day of UTC."""
    path = tmp_path / "waivers.toml"
    freeze("2028-01-29T23:59:59.999999")
    with pytest.raises(WaiverError, match="more than 30 days ahead"):
        active(path, "2028-02-29")
    freeze("2028-01-30T00:00:00")
    assert active(path, "2028-02-29")


def test_an_attestation_counts_from_its_day_of_utc(freeze: Freeze, tmp_path: Path) -> None:
    """A second before, it lies in the future: nobody can have verified anything then."""
    path = tmp_path / "attestations.toml"
    path.write_text(ATTESTATION.format(day="2028-02-29"))
    freeze("2028-02-28T23:59:59.999999")
    with pytest.raises(WaiverError) as caught:
        load_attestations(CATALOGUE, "production", path=path)
    assert str(caught.value) == "attestations.toml: PRE-7 is attested on 2028-02-29, which is in the future"
    freeze("2028-02-29T00:00:00")
    attested = load_attestations(CATALOGUE, "production", path=path)["PRE-7"]
    ended = judge(CATALOGUE["PRE-7"], [], [], attestation=attested)
    assert ended.outcome is Outcome.ATTESTED
    assert ended.summary == "Attested by Operations on 2028-02-29: mail of the hosting team"


def test_the_limits_are_the_documented_ones() -> None:
    """Of docs/configuration.md: 30 days, three at a time."""
    assert timedelta(days=30) == LONGEST_WAIVER
    assert MOST_ACTIVE == 3
