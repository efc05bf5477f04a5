"""What `verify` answers, in whole sentences: what a sign-off is of, and why it is refused."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from acceptance import signoff
from acceptance.levels import Stage
from acceptance.outcomes import Outcome
from acceptance.verdict import Decision, Verdict
from acceptance.verify import RefusedError, describe, verify
from acceptance.waivers import Attestation, Waiver, WaiverError
from proof.engine.signoffs import COMMIT, NOW, Change, checked, resealed, written

WAIVED = """[[waiver]]
id = "MH-5"
target = "{target}"
reason = "the mail key arrives on Thursday"
owner = "Ada"
approver = "Bo"
expires = {expires}
"""
ATTESTED = """[[attestation]]
id = "PRE-7"
target = "{target}"
by = "Operations"
date = 2026-11-24
evidence = "a mail"
"""
WAIVER = Waiver(id="MH-5", target="production", reason="r", owner="Ada", approver="Bo", expires=NOW.date())
ATTESTATION = Attestation(id="PRE-7", target="production", by="O", date=date(2026, 11, 24), evidence="a mail")
OTHER_REASONS = "the file's reasons and exit status are not those that its own evidence gives"


def refused(path: Path, now: datetime = NOW, commit: str = "", target: str = "") -> str:
    """Return the sentence with which a sign-off is refused."""
    with pytest.raises(RefusedError) as caught:
        checked(path, now, commit, target)
    return str(caught.value)


def test_it_says_what_it_is_a_sign_off_of(tmp_path: Path) -> None:
    """Target, stage, commit, end; a rehearsal says that it is one."""
    said = checked(written(tmp_path)).what
    assert said == f"Target production; stage post-deploy, commit {COMMIT}; ended 2026-11-24T12:00:00.000Z."
    said = checked(written(tmp_path, commit="", reference=True)).what
    assert said == (
        "Target production, the embedded deployment: a rehearsal, no production sign-off; stage post-deploy;"
        " ended 2026-11-24T12:00:00.000Z."
    )


def test_a_verdict_is_described_in_one_line() -> None:
    """With every reason behind it."""
    assert describe(Decision(Verdict.GO)) == (
        "GO: every criterion that counts passed, or is noted, attested or waived."
    )
    assert describe(Decision(Verdict.NO_GO, ("Failed: MH-3.", "More."))) == "NO-GO: Failed: MH-3. More."
    assert describe(Decision(Verdict.UNVERIFIED, ("Why.",))) == "UNVERIFIED: Why."


def test_what_can_not_be_read_is_refused(tmp_path: Path) -> None:
    """Absent, a folder, no JSON, no object."""
    path = tmp_path / "signoff.json"
    assert refused(path) == f"{path} is not there: the run died before it could write it, or never began"
    assert refused(tmp_path).startswith(f"{tmp_path} can't be read: [Errno ")
    path.write_bytes(b"{")
    assert refused(path).startswith(f"{path} can't be read: Expecting property name")
    path.write_bytes(b"\xff\xff\xff")
    assert refused(path).startswith(f"{path} can't be read: ")
    for raw in (b"[]", b"7", b"{}"):
        path.write_bytes(raw)
        assert refused(path) == f"{path} is no sign-off of schema 1"


def test_an_edit_is_refused_although_the_content_is_the_same(tmp_path: Path) -> None:
    """Another order of keys with a fitting seal, or no seal at all, is no file of the suite."""
    path = written(tmp_path)
    document = json.loads(path.read_bytes())
    path.write_bytes(json.dumps(document).encode())
    assert refused(path) == f"{path} was altered after the run wrote it"
    path.write_bytes(signoff.render_json({k: v for k, v in document.items() if k != "sha256"}))
    assert refused(path) == f"{path} was altered after the run wrote it"
    path.write_bytes(signoff.render_json(document | {"verdict": "NO-GO"}))
    assert refused(path) == f"{path} was altered after the run wrote it"


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d.update(verdict="GO"), "the file says GO, its own evidence gives NO-GO"),
        (
            lambda d: d["criteria"][2].update(outcome="passed"),
            "MH-3 is recorded as passed, but its tests, waivers and attestations give failed",
        ),
        (
            lambda d: (d["criteria"].pop(2), d["criteria"].pop(5)),
            "the sign-off leaves must-have criteria out: MH-3, MH-7",
        ),
        (lambda d: d["criteria"].append(d["criteria"][0]), "the sign-off names a criterion twice"),
        (
            lambda d: d.update(catalogue_sha256="0" * 64),
            "the sign-off was made with another catalogue of criteria than this checkout's",
        ),
        (lambda d: d.update(stage="nightly"), "the sign-off is of stage nightly, not of post-deploy"),
        (lambda d: d.update(reasons=["Failed: MH-4."]), OTHER_REASONS),
        (lambda d: d["reasons"].append("All is well."), OTHER_REASONS),
        (lambda d: d.update(exit_status=0), OTHER_REASONS),
        (
            lambda d: d.update(started="2026-11-24T12:00:00.001Z"),
            "the sign-off ended before it began: the clock of its machine was set back in between",
        ),
        (
            lambda d: d.update(partial=True, reasons=["One.", "Two."]),
            "the sign-off is of a partial run: One. Two.",
        ),
    ],
)
def test_each_contradiction_has_its_sentence(tmp_path: Path, change: Change, sentence: str) -> None:
    """Whole, as the night engineer reads it."""
    path = written(tmp_path, MH_3=Outcome.FAILED)
    resealed(path, change)
    assert refused(path) == sentence


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda d: d.pop("target"), "KeyError: 'target'"),
        (lambda d: d.update(criteria=5), "TypeError: 'int' object is not iterable"),
        (lambda d: d.update(finished="soon"), "ValueError: Invalid isoformat string: 'soon'"),
        (lambda d: d.update(finished="2026-11-24T12:00:00"), "TypeError: can't compare offset-naive"),
        (lambda d: d["criteria"][0]["tests"][0].update(colour="red"), "TypeError: "),
        (lambda d: d["criteria"][0]["evidence"].append({}), "TypeError: "),
    ],
)
def test_what_is_no_sign_off_is_refused_with_the_reason(tmp_path: Path, change: Change, words: str) -> None:
    """A document whose seal fits and that says something else."""
    path = written(tmp_path)
    resealed(path, change)
    assert refused(path).startswith(f"{path} is no sign-off of this suite: {words}")


@pytest.mark.parametrize("asked", ["0000000", f"{COMMIT}0", COMMIT[1:], COMMIT[:-1] + "0"])
def test_another_commit_is_refused(tmp_path: Path, asked: str) -> None:
    """Also one that goes on, one of which the live one is but a part, and a run that knew no commit."""
    told = {commit: refused(written(tmp_path, commit=commit), commit=asked) for commit in (COMMIT[:9] + "f", "")}
    assert told[COMMIT[:9] + "f"] == f"the sign-off is of commit {COMMIT[:9]}f, not of {asked}"
    assert told[""] == f"the sign-off is of commit unknown, not of {asked}"


def test_an_abbreviated_commit_is_compared_as_far_as_it_goes(tmp_path: Path) -> None:
    """On either side: the run may have recorded fewer digits than are asked for."""
    assert checked(written(tmp_path, commit=COMMIT[:9]), commit=COMMIT).decision.verdict is Verdict.GO
    assert checked(written(tmp_path, commit=COMMIT), commit=COMMIT[:9]).decision.verdict is Verdict.GO
    assert refused(written(tmp_path), commit=COMMIT[1:]) == f"the sign-off is of commit {COMMIT}, not of {COMMIT[1:]}"


def test_a_run_that_took_no_time_is_no_contradiction(tmp_path: Path) -> None:
    """Its begin and its end may be written as the same millisecond."""
    path = written(tmp_path)
    resealed(path, lambda d: d.update(started=d["finished"]))
    assert checked(path).decision.verdict is Verdict.GO


@pytest.mark.parametrize(
    ("address", "reference"),
    [
        ("https://ecomdash-api.example.com", True),
        ("https://localhost:8443", False),
        ("https://127.0.0.1", False),
        ("https://[::1]:8443", False),
    ],
)
def test_a_rehearsal_is_no_sign_off_of_the_target_that_is_asked_for(
    tmp_path: Path, address: str, *, reference: bool
) -> None:
    """Whatever its settings file was called; where no target is asked for, it says what it is of."""
    path = written(tmp_path, reference=reference)
    resealed(path, lambda d: d["target"].update(base_url=address))
    assert refused(path, target="production") == (
        f"the sign-off of production is of {address}, the embedded deployment or another on that machine:"
        " a rehearsal, no sign-off of production"
    )
    assert checked(path).decision.verdict is Verdict.GO
    resealed(path, lambda d: d["target"].update(name="reference"))
    assert checked(path, target="reference").decision.verdict is Verdict.GO


def test_the_stage_and_the_age_can_be_asked_for(tmp_path: Path) -> None:
    """Another stage than the default, less than a day."""
    stage: Stage = "post-migration"
    path = written(tmp_path, stage=stage)
    nothing = tmp_path / "none.toml"
    verified = verify(path, now=NOW, stage=stage, waivers=nothing, attestations=nothing)
    assert verified.decision.verdict is Verdict.GO
    with pytest.raises(RefusedError, match="more than 1:00:00 ago"):
        verify(path, now=NOW + timedelta(hours=2), max_age=timedelta(hours=1), stage=stage)


def test_without_a_moment_it_is_now(tmp_path: Path) -> None:
    """By the machine's own clock, in UTC."""
    path = written(tmp_path)
    just_now = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    resealed(path, lambda d: d.update(started=just_now, finished=just_now))
    nothing = tmp_path / "none.toml"
    assert verify(path, waivers=nothing, attestations=nothing).decision.verdict is Verdict.GO
    resealed(path, lambda d: d.update(finished="2026-01-01T00:00:00.000Z"))
    with pytest.raises(RefusedError, match="is stale"):
        verify(path, waivers=nothing, attestations=nothing)


def test_a_waiver_counts_as_it_did_on_the_day_of_the_run(tmp_path: Path) -> None:
    """In force for the target then: waived. Absent, expired or another target's: the record is refused."""
    path = written(tmp_path, waivers={"MH-5": WAIVER}, MH_5=Outcome.FAILED)
    (tmp_path / "waivers.toml").write_text(WAIVED.format(target="production", expires="2026-11-24"))
    assert checked(path, NOW + timedelta(hours=13)).decision.verdict is Verdict.GO
    contradiction = "MH-5 is recorded as waived, but its tests, waivers and attestations give failed"
    for target, expires in [("production", "2026-11-23"), ("staging", "2026-11-24")]:
        (tmp_path / "waivers.toml").write_text(WAIVED.format(target=target, expires=expires))
        assert refused(path) == contradiction
    (tmp_path / "waivers.toml").unlink()
    assert refused(path) == contradiction


def test_an_attestation_counts_as_it_did_on_the_day_of_the_run(tmp_path: Path) -> None:
    """Present for the target: attested. Absent or another target's: the record is refused."""
    path = written(tmp_path, stage="post-deploy", attestations={"PRE-7": ATTESTATION}, PRE_7=Outcome.UNVERIFIED)
    (tmp_path / "attestations.toml").write_text(ATTESTED.format(target="production"))
    assert checked(path).decision.verdict is Verdict.GO
    (tmp_path / "attestations.toml").write_text(ATTESTED.format(target="staging"))
    contradiction = "PRE-7 is recorded as attested, but its tests, waivers and attestations give unverified"
    assert refused(path) == contradiction


def test_the_day_of_the_run_is_not_the_day_of_the_verification(tmp_path: Path) -> None:
    """A run of long ago: its waiver is in force and a later attestation in the future, by its own day."""
    then = datetime(2020, 2, 29, 23, 59, tzinfo=UTC)
    waiver = WAIVER.model_copy(update={"expires": then.date()})
    path = written(tmp_path, waivers={"MH-5": waiver}, MH_5=Outcome.FAILED)
    resealed(path, lambda d: d.update(started="2020-02-29T23:59:00.000Z", finished="2020-03-01T00:00:00.000Z"))
    (tmp_path / "waivers.toml").write_text(WAIVED.format(target="production", expires="2020-02-29"))
    assert checked(path, then + timedelta(hours=1)).decision.verdict is Verdict.GO
    later = ATTESTED.format(target="production").replace("2026-11-24", "2020-03-01")
    (tmp_path / "attestations.toml").write_text(later)
    with pytest.raises(WaiverError, match=r"attested on 2020-03-01, which is in the future$"):
        checked(path, then + timedelta(hours=1))
