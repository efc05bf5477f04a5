"""Waivers and attestations: who may let what pass, and until when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from acceptance.catalogue import load_catalogue
from acceptance.outcomes import Outcome
from acceptance.verdict import TestRecord, judge
from acceptance.waivers import WaiverError, load_attestations, load_waivers

CATALOGUE = load_catalogue()
TODAY = date(2028, 2, 28)  # the next day is the 29th
ONE_PERSON = "MH-5: owner and approver are the same person; a second one must approve"


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
        (entry(expires=date(2028, 3, 30)), "MH-5: expires 2028-03-30, more than 30 days ahead"),
        (entry(id="MH-99"), "no criterion has the id 'MH-99'; the ids are in criteria.toml"),
        (entry(id="mh-5"), "no criterion has the id 'mh-5'; the ids are in criteria.toml"),
        (entry(id="MH-99", target="staging"), "no criterion has the id 'MH-99'; the ids are in criteria.toml"),
        (entry(id="MH-99", expires=date(2027, 1, 1)), "no criterion has the id 'MH-99'; the ids are in criteria.toml"),
        *[(entry(id=f"MH-{n}"), f"MH-{n} can't be waived; it must be fixed") for n in (2, 3, 4, 7)],
        *[
            (entry(approver=name), ONE_PERSON)
            for name in ("release engineering ", "  RELEASE Engineering", "Release  engineering")
        ],
        (entry(owner="Groß", approver="GROSS"), ONE_PERSON),
        (entry(owner="Ren\u00e9", approver="Rene\u0301"), ONE_PERSON),
        (entry(id=None), "an entry without id: id: Field required"),
        *[(entry(**{key: None}), f"MH-5: {key}: Field required") for key in ("target", "reason", "owner", "approver")],
        (entry(expires=None), "MH-5: expires: Field required"),
        *[
            (entry(**{key: blank}), f"MH-5: {key}: String should have at least 1 character")
            for key in ("target", "reason", "owner", "approver")
            for blank in ("", "  ")
        ],
        (entry(id=5), "5: id: Input should be a valid string"),
        *[
            (entry(expires=day), "MH-5: expires: Input should be a valid date")
            for day in ("soon", "2028-03-01", 1835395200)
        ],
        (entry(expires=datetime(2028, 3, 1, tzinfo=UTC)), "MH-5: expires: Input should be a valid date"),
        (entry(colour="red"), "MH-5: colour: Extra inputs are not permitted"),
        (entry() + entry(), "a criterion is waived twice for target 'production'; keep one entry"),
        (
            entry() + entry(id="MH-1") + entry(id="MH-6") + entry(id="KPI-1"),
            "4 waivers are active for target 'production'; at most 3 may be",
        ),
        ("waiver = 1", "expected only [[waiver]] entries, found waiver"),
        ("[waiver]\n", "expected only [[waiver]] entries, found waiver"),
        ("waiver = ['MH-5']", "expected only [[waiver]] entries, found waiver"),
        ("[[waivers]]\n", "expected only [[waiver]] entries, found waivers"),
        (entry() + "[x]\n[a]\n", "expected only [[waiver]] entries, found a, waiver, x"),
    ],
)
def test_a_malformed_or_forbidden_waiver_is_a_usage_error(waivers: Path, text: str, sentence: str) -> None:
    """Said before anything is measured, with the file, the entry and the reason."""
    waivers.write_text(text)
    with pytest.raises(WaiverError) as caught:
        load_waivers(CATALOGUE, "production", path=waivers, today=TODAY)
    assert str(caught.value).startswith(f"waivers.toml: {sentence}")


@pytest.mark.parametrize(
    "raw",
    [b"[[waiver]\n", b'[[waiver]]\nid = "\xff"\n', b"[[waiver]]\nexpires = 2027-02-29\n", b"[[waiver]]\nid = MH-5\n"],
)
def test_a_file_that_is_no_toml_is_a_usage_error(waivers: Path, raw: bytes) -> None:
    """A bracket too few, no UTF-8, a 29th of February that there is not, no quotes."""
    waivers.write_bytes(raw)
    with pytest.raises(WaiverError, match=r"^waivers\.toml can't be read: ."):
        load_waivers(CATALOGUE, "production", path=waivers, today=TODAY)


def test_a_folder_in_the_file_s_place_is_a_usage_error(waivers: Path) -> None:
    """What can't be read is not taken for an absent file."""
    waivers.mkdir()
    with pytest.raises(WaiverError, match=r"^waivers\.toml can't be read: "):
        load_waivers(CATALOGUE, "production", path=waivers, today=TODAY)


def test_three_may_be_active_beside_expired_ones_and_another_target_s(waivers: Path) -> None:
    """Only what is in force for the target counts; each that expired is named."""
    yesterday = TODAY - timedelta(days=1)
    expired = entry(expires=yesterday) + entry(id="KPI-2", expires=date(2027, 1, 1))
    waivers.write_text(entry() + entry(id="MH-1") + entry(id="MH-6") + entry(id="KPI-1", target="staging") + expired)
    loaded = load_waivers(CATALOGUE, "production", path=waivers, today=TODAY)
    assert list(loaded.active) == ["MH-5", "MH-1", "MH-6"]
    assert loaded.active["MH-5"].expires == date(2028, 3, 1)
    assert loaded.notes == (
        "The waiver of MH-5 expired on 2028-02-27 and counts as absent.",
        "The waiver of KPI-2 expired on 2027-01-01 and counts as absent.",
    )


def test_an_empty_file_holds_no_waiver(waivers: Path) -> None:
    """It is what is left when the last one is removed."""
    waivers.write_text("# none\n")
    assert load_waivers(CATALOGUE, "production", path=waivers, today=TODAY).active == {}


def test_two_targets_may_waive_the_same_criterion(waivers: Path) -> None:
    """Each has its own entry."""
    waivers.write_text(entry() + entry(target="staging"))
    assert load_waivers(CATALOGUE, "production", path=waivers, today=TODAY).active["MH-5"].target == "production"
    assert load_waivers(CATALOGUE, "staging", path=waivers, today=TODAY).active["MH-5"].target == "staging"


def test_a_waived_failure_is_waived_and_a_waived_pass_is_stale(waivers: Path) -> None:
    """A waived criterion still runs; one that passes needs its waiver no more."""
    waivers.write_text(entry())
    waiver = load_waivers(CATALOGUE, "production", path=waivers, today=TODAY).active["MH-5"]
    failed = judge(CATALOGUE["MH-5"], ["t::a"], [TestRecord("t::a", Outcome.FAILED)], waiver=waiver)
    passed = judge(CATALOGUE["MH-5"], ["t::a"], [TestRecord("t::a", Outcome.PASSED, judgements=1)], waiver=waiver)
    assert (failed.outcome, failed.stale_waiver) == (Outcome.WAIVED, False)
    assert (passed.outcome, passed.stale_waiver) == (Outcome.PASSED, True)


TOO_OLD = "more than 30 days ago; verify it again, or remove the entry"
ATTESTED = '[[attestation]]\nid = "{id}"\ntarget = "production"\nby = "Operations"\ndate = {date}\nevidence = "mail"\n'


def test_a_manual_criterion_can_be_attested(tmp_path: Path) -> None:
    """By name, date and evidence."""
    path = tmp_path / "attestations.toml"
    path.write_text(ATTESTED.format(id="PRE-7", date="2028-02-28"))
    attestation = load_attestations(CATALOGUE, "production", path=path, today=TODAY)["PRE-7"]
    assert judge(CATALOGUE["PRE-7"], [], [], attestation=attestation).outcome is Outcome.ATTESTED


@pytest.mark.parametrize(
    ("criterion_id", "day", "sentence"),
    [
        ("MH-1", "2028-02-28", "MH-1 is no manual criterion; only those can be attested"),
        ("XX-1", "2028-02-28", "XX-1 is no manual criterion; only those can be attested"),
        ("PRE-7", "2028-02-29", "PRE-7 is attested on 2028-02-29, which is in the future"),
        ("PRE-7", "2028-01-28", f"PRE-7 was attested on 2028-01-28, {TOO_OLD}"),
        ("PRE-7", '"yesterday"', "PRE-7: date: Input should be a valid date"),
        ("PRE-7", '"2028-02-28"', "PRE-7: date: Input should be a valid date"),
        ("PRE-7", "10:00:00", "PRE-7: date: Input should be a valid date"),
    ],
)
def test_what_can_not_be_attested_is_a_usage_error(tmp_path: Path, criterion_id: str, day: str, sentence: str) -> None:
    """What is measured, what is unknown, what lies ahead of time; also for another target."""
    path = tmp_path / "attestations.toml"
    path.write_text(ATTESTED.format(id=criterion_id, date=day))
    for target in ("production", "staging"):
        with pytest.raises(WaiverError) as caught:
            load_attestations(CATALOGUE, target, path=path, today=TODAY)
        assert str(caught.value) == f"attestations.toml: {sentence}"


@pytest.mark.parametrize("key", ["id", "target", "by", "date", "evidence"])
def test_an_attestation_needs_each_field(tmp_path: Path, key: str) -> None:
    """Someone must have verified it, on a day, and it must be seen where."""
    path = tmp_path / "attestations.toml"
    text = ATTESTED.format(id="PRE-7", date="2028-02-28")
    path.write_text("".join(line for line in text.splitlines(keepends=True) if not line.startswith(f"{key} =")))
    with pytest.raises(WaiverError) as caught:
        load_attestations(CATALOGUE, "production", path=path, today=TODAY)
    assert (
        str(caught.value)
        == f"attestations.toml: {'an entry without id' if key == 'id' else 'PRE-7'}: {key}: Field required"
    )


def test_an_attestation_of_another_target_does_not_count(tmp_path: Path) -> None:
    """What was seen on staging was not seen on production; without a file there is none."""
    path = tmp_path / "attestations.toml"
    assert load_attestations(CATALOGUE, "production", path=path, today=TODAY) == {}
    path.write_text(ATTESTED.format(id="PRE-7", date="2028-02-28"))
    assert load_attestations(CATALOGUE, "staging", path=path, today=TODAY) == {}


def test_other_entries_are_no_attestations(tmp_path: Path) -> None:
    """A waiver in the attestations' file is refused."""
    path = tmp_path / "attestations.toml"
    path.write_text(entry())
    with pytest.raises(WaiverError) as caught:
        load_attestations(CATALOGUE, "production", path=path, today=TODAY)
    assert str(caught.value) == "attestations.toml: expected only [[attestation]] entries, found waiver"


def test_an_attestation_holds_for_thirty_days_and_once(tmp_path: Path) -> None:
    """The thirtieth still counts; two of a criterion for one target are refused."""
    path = tmp_path / "attestations.toml"
    oldest = ATTESTED.format(id="PRE-7", date="2028-01-29")
    path.write_text(oldest + oldest.replace("production", "staging"))
    assert list(load_attestations(CATALOGUE, "production", path=path, today=TODAY)) == ["PRE-7"]
    path.write_text(oldest + ATTESTED.format(id="PRE-7", date="2028-02-28"))
    with pytest.raises(WaiverError) as caught:
        load_attestations(CATALOGUE, "production", path=path, today=TODAY)
    sentence = "a criterion is attested twice for target 'production'; keep one entry"
    assert str(caught.value) == f"attestations.toml: {sentence}"
