"""What a service's log and events say of its operation."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

import pytest

from acceptance.checks.operation import (
    CRASH_LOOP,
    crash_loop,
    described,
    error_findings,
    log_read,
    single_failure,
    warnings,
)
from acceptance.outcomes import Unverified
from acceptance.probes.activity import Activity
from acceptance.probes.provider_models import Event, LogLabel, LogLine
from acceptance.probes.store import StoreReading

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
QUIET = ("info", '{"level": "INFO", "message": "GET /health"}')


def activity(
    *lines: tuple[str, str], events: Sequence[tuple[str, Mapping[str, object]]] = (), whole: bool = True
) -> Activity:
    """Return an activity with lines (their label of level, and text) and events (type, details), a second apart."""
    since = NOW - timedelta(minutes=10)
    return Activity(
        service="ecomdash-api",
        lines_since=since,
        lines=tuple(
            LogLine(
                id=str(n),
                message=text,
                timestamp=since + timedelta(seconds=n),
                labels=(LogLabel(name="type", value="app"), LogLabel(name="level", value=level)),
            )
            for n, (level, text) in enumerate(lines)
        ),
        whole=whole,
        events_since=since,
        events=tuple(
            Event(id=str(n), type=kind, timestamp=NOW - timedelta(seconds=n), details=dict(details))
            for n, (kind, details) in enumerate(events)
        ),
    )


@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("error", "out of memory"),
        ("CRITICAL", "out of memory"),
        ("fatal", "out of memory"),
        ("", '{"level": "ERROR", "message": "out of memory"}'),
        ("info", '{"level": "error", "message": "out of memory"}'),
        ("info", 'Traceback (most recent call last): File "x", line 1: out of memory'),
        ("", "==> Service did not pass health check: out of memory"),
        ("", "==> Health check timeout: out of memory"),
    ],
)
def test_an_error_is_found_wherever_it_says_that_it_is_one(level: str, text: str) -> None:
    """By the provider's label, by the line's own level, or by a trace and the platform's words."""
    (finding,) = error_findings(activity(QUIET, (level, text)))
    assert "1 x" in finding.found
    assert "out of memory" in finding.found
    assert finding.where == "log of ecomdash-api, last at 11:50:01 UTC"


@pytest.mark.parametrize(
    ("level", "text"),
    [
        ("info", "no error, no warning"),
        ("", '{"level": "INFO", "message": "ERROR is not what this is"}'),
        ("debug", '{"broken'),
        ("", "[1, 2]"),
        ("", '{"level": null}'),
    ],
)
def test_a_quiet_line_is_none(level: str, text: str) -> None:
    """Whatever words stand in it."""
    quiet = activity(QUIET, (level, text))
    assert (error_findings(quiet), warnings(quiet)) == ([], [])


def test_equal_errors_are_told_once_with_their_number() -> None:
    """What differs from line to line, such as the time, does not make them different."""
    lines = [("error", json.dumps({"message": "broken", "logger": "app", "timestamp": n})) for n in range(40)]
    first, second = error_findings(activity(*lines, ("error", "another")))
    assert (first.found, second.found) == ("40 x app: broken", "1 x another")
    assert first.where.endswith("last at 11:50:39 UTC")


def test_an_exception_is_named_and_its_trace_left_out() -> None:
    """The line that says which; with a chain of them the last one."""
    trace = (
        'Traceback:\n  File "secret/path.py"\nValueError: first\n\nTraceback:\napp.Broken: second\n(Background on it)\n'
    )
    line = {"level": "ERROR", "logger": "app", "message": "unhandled", "exception": trace}
    (finding,) = error_findings(activity(("error", json.dumps(line))))
    assert finding.found == "1 x app: unhandled: app.Broken: second"


def test_a_warning_is_a_sentence_and_no_error() -> None:
    """By label or by the line's own level."""
    told = warnings(activity(("warning", "slow"), ("", '{"level": "WARN", "message": "slow"}'), QUIET))
    assert told == ["The log of ecomdash-api holds a warning, 2 x: slow"]
    assert error_findings(activity(("warning", "slow"))) == []


def test_a_log_without_a_line_is_unverified() -> None:
    """The service was asked by this very run: it has written something, somewhere."""
    with pytest.raises(Unverified, match=r"The log of ecomdash-api holds no line since 11:50:00 UTC"):
        error_findings(activity())


def test_it_is_said_how_much_of_the_log_was_read() -> None:
    """All of it, or the newest part and whatever tells of trouble."""
    assert log_read(activity(QUIET)) == "1 log lines since 11:50:00 UTC, all"
    assert "the newest, and all whose level tells of trouble" in log_read(activity(QUIET, whole=False))


def test_one_failure_is_a_warning_and_more_are_a_crash_loop() -> None:
    """In order of time, each with its cause in the provider's words."""
    failed = ("server_failed", {"reason": {"nonZeroExit": 137, "evicted": False}})
    none, once = activity(QUIET), activity(QUIET, events=(failed, ("server_available", {})))
    assert (crash_loop(none), single_failure(none)) == ([], [])
    assert single_failure(once) == [
        "An instance of ecomdash-api failed at 12:00:00 UTC, once: server_failed (nonZeroExit 137)"
    ]
    assert crash_loop(once) == []
    oom = ("server_failed", {"reason": {"oomKilled": {"memoryLimit": "512Mi"}, "evicted": True}})
    (finding,) = crash_loop(activity(QUIET, events=(failed, oom)))
    assert finding.found == (
        f"{CRASH_LOOP} failures: 11:59:59 UTC server_failed (evicted, oomKilled {{'memoryLimit': '512Mi'}});"
        " 12:00:00 UTC server_failed (nonZeroExit 137)"
    )
    assert single_failure(activity(QUIET, events=(failed, oom))) == []


@pytest.mark.parametrize("kind", ["server_hardware_failure", "image_pull_failed"])
def test_other_failures_count_and_restarts_by_hand_do_not(kind: str) -> None:
    """A person's restart is no failure; details may be missing altogether."""
    found = crash_loop(activity(QUIET, events=((kind, {}), ("server_restarted", {}), ("server_failed", {"reason": 1}))))
    assert "2 failures" in found[0].found
    assert single_failure(activity(QUIET, events=(("server_restarted", {}),))) == []


def test_a_store_is_described() -> None:
    """With its policy, or that it is not known."""
    assert (
        described(StoreReading(pong=True, flavour="Valkey", version="8.1", eviction_policy="allkeys-lru"))
        == "Valkey 8.1, eviction policy allkeys-lru"
    )
    assert described(StoreReading(pong=True, flavour="Redis", version="6", eviction_policy="")).endswith("unknown")
