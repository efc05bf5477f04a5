"""The API's newest deploy: it must be live, and of the commit that was meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from acceptance.checks.services import deploy_findings, live_commit, newest_deploy
from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.provider import ProviderReading
from acceptance.probes.provider_models import Commit, Deploy, Image

COMMIT = "4f1c2a97b0d35e8f6a7c9b1d2e3f405162738495"
WHEN = datetime(2026, 11, 2, 9, 30, tzinfo=UTC)
OLD = Deploy(id="dep-1", created_at=WHEN - timedelta(days=1), status="live", commit=Commit(id="0" * 40))
LIVE = Deploy(id="dep-2", created_at=WHEN, status="live", commit=Commit(id=COMMIT))
OF_AN_IMAGE = LIVE.model_copy(update={"commit": None, "image": Image(ref="registry.test/api:2.0.0")})
NOTHING = ProviderReading({}, {}, {}, "shop-api", (), {})


def reading(*deploys: Deploy) -> ProviderReading:
    """Return what the provider says when these are the API's deploys, newest first."""
    return replace(NOTHING, deploys=deploys)


def other(status: str) -> Deploy:
    """Return a deploy that is newer than the live one."""
    return Deploy(id="dep-3", created_at=WHEN + timedelta(hours=1), status=status)


@pytest.mark.parametrize("commit", ["", COMMIT, COMMIT[:7], COMMIT.upper(), COMMIT[:12].upper()])
def test_a_live_deploy_of_the_meant_commit_passes(commit: str) -> None:
    """Whole or abbreviated, in any case; without a meant one any does, older ones of other commits too."""
    assert deploy_findings(reading(LIVE, OLD), commit) == []


def test_no_deploy_at_all_is_found() -> None:
    """A service that was created and never deployed."""
    assert deploy_findings(NOTHING, COMMIT) == [
        Finding("a deploy that is live", "no deploy at all", "service shop-api")
    ]


@pytest.mark.parametrize(
    ("status", "state"),
    [
        ("created", "still in progress"),
        ("queued", "still in progress"),
        ("build_in_progress", "still in progress"),
        ("pre_deploy_in_progress", "still in progress"),
        ("update_in_progress", "still in progress"),
        ("build_failed", "not serving"),
        ("canceled", "not serving"),
        ("LIVE", "not serving"),
        ("unknown", "not serving"),
    ],
)
def test_a_newest_deploy_that_is_not_live_is_found_although_an_older_one_serves(status: str, state: str) -> None:
    """With its state, and what serves meanwhile; its commit is not judged then."""
    (finding,) = deploy_findings(reading(other(status), LIVE, OLD), "0000000")
    told = f"status {status} ({state}), created 2026-11-02 10:30 UTC; dep-2 of 2026-11-02 09:30 UTC still serves"
    assert finding == Finding("the newest deploy is live", told, "service shop-api, deploy dep-3")
    (finding,) = deploy_findings(reading(other(status)), "")
    assert finding.found == f"status {status} ({state}), created 2026-11-02 10:30 UTC; none is live"


@pytest.mark.parametrize("commit", ["0000000", f"{COMMIT}0", COMMIT[1:]])
def test_a_live_deploy_of_another_commit_is_found(commit: str) -> None:
    """Also one that only goes on, or that stands inside of the live one."""
    wrong = Finding(f"commit {commit}", f"commit {COMMIT}", "service shop-api, dep-2")
    assert deploy_findings(reading(LIVE, OLD), commit) == [wrong]


def test_what_can_not_be_compared_is_unverified() -> None:
    """Too few digits of a commit, though they are the live one's; an image that names none."""
    with pytest.raises(Unverified) as caught:
        deploy_findings(reading(LIVE), COMMIT[:6])
    assert str(caught.value) == "APEX_EXPECTED_COMMIT is '4f1c2a'; at least 7 digits tell commits apart"
    with pytest.raises(Unverified) as caught:
        deploy_findings(reading(OF_AN_IMAGE), COMMIT)
    assert str(caught.value) == (
        "The live deploy is of an image and names no commit, so it can't be compared with APEX_EXPECTED_COMMIT;"
        " leave that out, or compare by APEX_EXPECTED_VERSION."
    )
    assert deploy_findings(reading(OF_AN_IMAGE), "") == []


def test_the_newest_deploy_is_told_in_words() -> None:
    """Of a commit, an image, neither; or that there is none."""
    end = "is live, created 2026-11-02 09:30 UTC"
    assert newest_deploy(reading(LIVE, OLD)) == f"newest deploy dep-2 of commit 4f1c2a97b0d3 {end}"
    assert newest_deploy(reading(OF_AN_IMAGE)) == f"newest deploy dep-2 of image registry.test/api:2.0.0 {end}"
    assert newest_deploy(reading(LIVE.model_copy(update={"commit": None}))) == f"newest deploy dep-2 {end}"
    assert newest_deploy(NOTHING) == "shop-api has no deploy"


def test_the_live_commit_is_the_serving_deploy_s() -> None:
    """Not that of a newer one which failed; empty when none serves or it is of an image."""
    failed = other("build_failed").model_copy(update={"commit": Commit(id="f" * 40)})
    assert live_commit(reading(failed, LIVE, OLD)) == COMMIT
    assert [live_commit(reading(*deploys)) for deploys in ((), (failed,), (OF_AN_IMAGE, OLD))] == ["", "", ""]
