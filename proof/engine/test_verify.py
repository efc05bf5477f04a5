"""Verification: the verdict is recomputed from what was recorded, or the file is refused with a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from acceptance.__main__ import main
from acceptance.outcomes import Outcome
from acceptance.verdict import Verdict
from acceptance.verify import RefusedError
from proof.engine.signoffs import COMMIT, NOW, checked, resealed, written


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (Outcome.PASSED, Verdict.GO),
        (Outcome.NOTED, Verdict.GO),
        (Outcome.FAILED, Verdict.NO_GO),
        (Outcome.UNVERIFIED, Verdict.UNVERIFIED),
    ],
)
def test_the_verdict_is_recomputed(tmp_path: Path, outcome: Outcome, verdict: Verdict) -> None:
    """The same as the gate said."""
    assert checked(written(tmp_path, MH_3=outcome)).decision.verdict is verdict


def test_a_missing_sign_off_is_refused(tmp_path: Path) -> None:
    """The run died before it could write one."""
    with pytest.raises(RefusedError, match="is not there"):
        checked(tmp_path / "signoff.json")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (lambda d: d.update(verdict="GO"), "the file says GO, its own evidence gives NO-GO"),
        (lambda d: d["criteria"][2].update(outcome="passed"), "MH-3 is recorded as passed"),
        (lambda d: d["criteria"].pop(2), "leaves must-have criteria out: MH-3"),
        (lambda d: d["criteria"].append(d["criteria"][0]), "twice"),
        (lambda d: d["criteria"][0]["tests"].pop(0), "MH-1 is recorded as passed, .* give unverified"),
        (lambda d: d["criteria"][0]["tests"][0].update(judgements=0), "MH-1 is recorded as passed, .* give unverified"),
        (lambda d: d.update(catalogue_sha256="0" * 64), "another catalogue"),
        (lambda d: d.update(stage="post-migration"), "of stage post-migration, not of post-deploy"),
        (lambda d: d.update(schema=2), "no sign-off of schema 1"),
        (lambda d: d.pop("target"), "no sign-off of this suite"),
        (lambda d: d["criteria"][0]["tests"][0].update(outcome="fine"), "no sign-off of this suite"),
    ],
)
def test_a_sign_off_that_contradicts_itself_is_refused(
    tmp_path: Path, change: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    """Even when its seal was renewed."""
    path = written(tmp_path, MH_3=Outcome.FAILED)
    resealed(path, change)
    with pytest.raises(RefusedError, match=sentence):
        checked(path)


@pytest.mark.parametrize("now", [NOW + timedelta(hours=24), NOW, NOW - timedelta(minutes=5)])
def test_a_day_and_a_clock_that_is_a_little_off_are_tolerated(tmp_path: Path, now: datetime) -> None:
    """To the second."""
    assert checked(written(tmp_path), now).decision.verdict is Verdict.GO


@pytest.mark.parametrize(
    ("now", "sentence"),
    [
        (
            NOW + timedelta(hours=24, seconds=1),
            "is stale: it ended 2026-11-24T12:00:00.000Z, more than 1 day, 0:00:00 ago",
        ),
        (NOW - timedelta(minutes=5, seconds=1), "is dated 2026-11-24T12:00:00.000Z, which is in the future"),
    ],
)
def test_a_stale_or_future_sign_off_is_refused(tmp_path: Path, now: datetime, sentence: str) -> None:
    """Yesterday's GO says nothing about today."""
    path = written(tmp_path)
    with pytest.raises(RefusedError) as caught:
        checked(path, now)
    assert str(caught.value) == f"the sign-off {sentence}"


def test_a_partial_run_is_refused(tmp_path: Path) -> None:
    """With the reason that the run gave."""
    path = written(tmp_path, partial=("-k can leave tests out.",))
    with pytest.raises(RefusedError, match="partial run: PARTIAL: -k"):
        checked(path)


@pytest.mark.parametrize("commit", [COMMIT, COMMIT[:9]])
def test_the_deployed_commit_can_be_asked_for(tmp_path: Path, commit: str) -> None:
    """Whole or abbreviated."""
    assert checked(written(tmp_path), commit=commit).decision.verdict is Verdict.GO


def test_a_sign_off_of_another_commit_is_refused(tmp_path: Path) -> None:
    """It is of another deployment."""
    with pytest.raises(RefusedError, match="not of 0000000"):
        checked(written(tmp_path), commit="0000000")


def test_a_sign_off_of_another_target_is_refused(tmp_path: Path) -> None:
    """The embedded deployment's GO is not production's."""
    path = written(tmp_path)
    assert checked(path, target="production").decision.verdict is Verdict.GO
    with pytest.raises(RefusedError, match="of target production, not of staging"):
        checked(path, target="staging")


def test_the_command_explains_its_refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """In one sentence, with the status of UNVERIFIED."""
    assert main(["verify", str(tmp_path / "signoff.json")]) == 20
    assert "REFUSED: " in capsys.readouterr().out
