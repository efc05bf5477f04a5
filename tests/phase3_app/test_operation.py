"""Phase 3, application: decision point 3, is the service healthy and responding?

YES: its health (see `test_health.py`) and readiness are as promised, and it has run without trouble since the deploy.
WARNINGS: a warning in its log, one restart. ERRORS: not ready, an error in its log, a crash loop.
"""

from __future__ import annotations

from acceptance.checks import operation
from acceptance.checks.health import readiness_findings
from acceptance.plugin import Evidence, criterion
from acceptance.probes.activity import Activity
from acceptance.probes.exchange import Exchange
from acceptance.probes.store import StoreReading


@criterion("DP-3")
def test_the_service_is_ready_with_its_dependencies(ready: tuple[Exchange, ...], evidence: Evidence) -> None:
    """Several GETs: exactly 200, ready, database and store connected."""
    evidence.add(f"{len(ready)} samples of /health/ready")
    assert readiness_findings(ready) == []


@criterion("DP-3")
def test_the_key_value_store_answers(store: StoreReading | None, evidence: Evidence) -> None:
    """It answers PING itself, whatever the application says of it."""
    (evidence.add if store else evidence.note)(operation.described(store))
    assert operation.store_findings(store) == []


@criterion("DP-3")
def test_no_error_was_logged(activity: Activity, evidence: Evidence) -> None:
    """In the last ten minutes since the newest deploy, what this run has caused included."""
    evidence.add(operation.log_read(activity))
    for sentence in operation.warnings(activity):
        evidence.note(sentence)
    assert operation.error_findings(activity) == []


@criterion("DP-3")
def test_no_instance_had_to_be_restarted(activity: Activity, evidence: Evidence) -> None:
    """One failure since the deploy is a warning, more are a crash loop."""
    for sentence in operation.single_failure(activity) + operation.restarts(activity):
        evidence.note(sentence)
    assert operation.crash_loop(activity) == []
