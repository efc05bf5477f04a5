"""Waivers and attestations: who may let what pass, and until when."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from acceptance.catalogue import load_catalogue
from acceptance.outcomes import Outcome
from acceptance.verdict import TestRecord, judge
from acceptance.waivers import WaiverError, load_attestations, load_waivers

CATALOGUE = load_catalogue()
TODAY = date(2028, 2, 28)  # the next day is the 29th


def entry(**changes: object) -> str:
    """Return a valid waiver's text with changes; a value of None leaves the key out."""
    values: dict[str, object] = {
        "id": "MH-5",
        "target": "production",
        "reason": "mail is switched on next week",
        "owner": "Release engineering",
        "approver": "Product",
        "expires": date(2028, 3, 1),
    } | changes
    lines = [f"{k} = {v if isinstance(v, date | int) else repr(str(v))}" for k, v in values.items() if v is not None]
    return "\n".join(["[[waiver]]", *lines, ""])


@pytest.fixture
def waivers(tmp_path: Path) -> Path:
    """Return the path of a waiver file yet to be written."""
    return tmp_path / "waivers.toml"


def test_no_file_means_no_waiver(waivers: Path) -> None:
    """The usual case."""
    assert load_waivers(CATALOGUE, "production", path=waivers, today=TODAY).active == {}


@pytest.mark.parametrize(
    ("expires", "active"),
    [(date(2028, 2, 28), True), (date(2028, 2, 29), True), (date(2028, 3, 29), True), (date(2028, 2, 27), False)],
)
def test_a_waiver_holds_through_its_last_day_in_utc(waivers: Path, expires: date, active: bool) -> None:
    """The day of expiry still counts; the day after does not."""
    waivers.write_text(entry(expires=expires))
    loaded = load_waivers(CATALOGUE, "production", path=waivers, today=TODAY)
    assert ("MH-5" in loaded.active) is active
    assert bool(loaded.notes) is not active


def test_a_waiver_of_another_target_does_not_count(waivers: Path) -> None:
    """What is accepted on staging is not accepted on production."""
    waivers.write_text(entry(target="staging"))
    assert load_waivers(CATALOGUE, "production", path=waivers, today=TODAY).active == {}


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (entry(expires=date(2028, 3, 30)), "more than 30 days ahead"),
        (entry(id="MH-99"), "no criterion has the id"),
        *[(entry(id=f"MH-{n}"), "can't be waived") for n in (2, 3, 4, 7)],
        (entry(approver="release engineering "), "the same person"),
        (entry(reason=None), "reason"),
        (entry(reason=""), "reason"),
        (entry(owner="  "), "owner"),
        (entry(expires="soon"), "expires"),
        (entry(colour="red"), "colour"),
        (entry() + entry(), "waived twice"),
        (entry() + entry(id="MH-1") + entry(id="MH-6") + entry(id="KPI-1"), "at most 3"),
        ("waiver = 1", "expected only"),
        ("[[waivers]]\n", "expected only"),
        ("[[waiver]\n", "can't be read"),
    ],
)
def test_a_malformed_or_forbidden_waiver_is_a_usage_error(waivers: Path, text: str, sentence: str) -> None:
    """Said before anything is measured, with the reason."""
    waivers.write_text(text)
    with pytest.raises(WaiverError, match=sentence):
        load_waivers(CATALOGUE, "production", path=waivers, today=TODAY)


def test_a_waived_failure_is_waived_and_a_waived_pass_is_stale(waivers: Path) -> None:
    """A waived criterion still runs; one that passes needs its waiver no more."""
    waivers.write_text(entry())
    waiver = load_waivers(CATALOGUE, "production", path=waivers, today=TODAY).active["MH-5"]
    failed = judge(CATALOGUE["MH-5"], ["t::a"], [TestRecord("t::a", Outcome.FAILED)], waiver=waiver)
    passed = judge(CATALOGUE["MH-5"], ["t::a"], [TestRecord("t::a", Outcome.PASSED, judgements=1)], waiver=waiver)
    assert (failed.outcome, failed.stale_waiver) == (Outcome.WAIVED, False)
    assert (passed.outcome, passed.stale_waiver) == (Outcome.PASSED, True)


ATTESTED = '[[attestation]]\nid = "{id}"\ntarget = "production"\nby = "Operations"\ndate = {date}\nevidence = "mail"\n'


def test_a_manual_criterion_can_be_attested(tmp_path: Path) -> None:
    """By name, date and evidence."""
    path = tmp_path / "attestations.toml"
    path.write_text(ATTESTED.format(id="PRE-7", date="2028-02-28"))
    attestation = load_attestations(CATALOGUE, "production", path=path, today=TODAY)["PRE-7"]
    assert judge(CATALOGUE["PRE-7"], [], [], attestation=attestation).outcome is Outcome.ATTESTED


@pytest.mark.parametrize(
    ("criterion_id", "day"), [("MH-1", "2028-02-28"), ("PRE-7", "2028-02-29"), ("XX-1", "2028-02-28")]
)
def test_what_is_measured_can_not_be_attested(tmp_path: Path, criterion_id: str, day: str) -> None:
    """Nor can a criterion be attested ahead of time."""
    path = tmp_path / "attestations.toml"
    path.write_text(ATTESTED.format(id=criterion_id, date=day))
    with pytest.raises(WaiverError, match=criterion_id):
        load_attestations(CATALOGUE, "production", path=path, today=TODAY)
