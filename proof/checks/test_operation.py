"""What a service's log and events say of its operation."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from acceptance.checks.operation import (
    CRASH_LOOP,
    LATE,
    crash_loop,
    described,
    error_findings,
    log_read,
    restarts,
    single_failure,
    store_findings,
    warnings,
)
from acceptance.outcomes import Unverified
from acceptance.probes.activity import Activity
from acceptance.probes.provider_models import Event, LogLabel, LogLine
from acceptance.probes.store import StoreReading

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
SINCE = NOW - timedelta(minutes=10)
QUIET = '{"level": "INFO", "message": "GET /health"}'


def line(text: str, level: str = "info", at: datetime = NOW, **labels: str) -> LogLine:
    """Return a line of the service; a label without a value is left out."""
    named = {"type": "app", "instance": "srv-1-a", "level": level} | labels
    return LogLine(
        id=f"{text}{level}{at}",
        message=text,
        timestamp=at,
        labels=tuple(LogLabel(name=name, value=value) for name, value in named.items() if value),
    )


def named(one: LogLine) -> str:
    """Return a line's text as a plain word, since a test must be nameable on a command line."""
    return re.sub(r"[^a-z0-9]+", "-", one.message.lower())[:50]


def activity(
    *lines: LogLine,
    events: Sequence[tuple[str, Mapping[str, object]]] = (),
    whole: bool = True,
    log_level: str = "INFO",
) -> Activity:
    """Return an activity with lines and events (type, details), each event a second before the one named before it."""
    return Activity(
        service="ecomdash-api",
        asked=NOW,
        log_level=log_level,
        lines_since=SINCE,
        lines=lines,
        whole=whole,
        events_since=SINCE,
        events=tuple(
            Event(id=str(n), type=kind, timestamp=NOW - timedelta(seconds=n), details=dict(details))
            for n, (kind, details) in enumerate(events)
        ),
    )


@pytest.mark.parametrize(
    "bad",
    [
        line("out of memory", "error"),
        line("out of memory", "CRITICAL"),
        line("out of memory", "err"),
        line('{"level": "ERROR", "message": "out of memory"}', ""),
        line('{"level": "error", "message": "out of memory"}'),
        line('  {"severity": "Critical", "message": "out of memory"}'),
        line('{"levelname": "FATAL", "message": "out of memory"}'),
        line('{"level": 50, "message": "out of memory"}'),
        line('{"record": {"level": {"name": "ERROR"}}, "message": "out of memory"}'),
        line("ERROR:    Exception in ASGI application: out of memory"),
        line("2026-11-24 12:00:00,123 ERROR app.db: out of memory"),
        line("[2026-11-24 12:00:00 +0000] [7] [CRITICAL] WORKER TIMEOUT: out of memory"),
        line("\x1b[31mERROR\x1b[0m out of memory"),
        line("Traceback (most recent call last): out of memory"),
        line("panic: runtime error: out of memory"),
        line("Fatal Python error: out of memory"),
        line("==> Service did not pass health check: out of memory", "", instance=""),
        line("==> Health check timeout: out of memory", "", instance="", type=""),
    ],
    ids=named,
)
def test_an_error_is_found_however_it_was_written(bad: LogLine) -> None:
    """By the line's own level, by how a crash begins, by the platform's words, or by its label."""
    (finding,) = error_findings(activity(line(QUIET), bad))
    assert "1 x" in finding.found
    assert "out of memory" in finding.found
    assert finding.expected == "no line of level ERROR"
    assert finding.where == "log of ecomdash-api, last at 12:00:00 UTC"


@pytest.mark.parametrize(
    "quiet",
    [
        line("no error, no warning"),
        line('{"level": "INFO", "message": "ERROR is not what this is"}', ""),
        line('{"level": "INFO", "message": "GET /Traceback (most recent call last)"}', "error"),
        line('INFO:     127.0.0.1 - "GET /x ERROR HTTP/1.1" 404'),
        line("DEBUG user agent Health check timeout", "debug"),
        line("GET /errors/ERROR/x-ERROR 404"),
        line("pip's dependency resolver found conflicts", "error", type="build"),
        line("GET / 500", "error", type="request"),
        line('{"broken', "debug"),
        line("[1, 2]", "debug"),
        line('{"level": null}'),
        line('{"level": 30}'),
        line('{"a":' * 5_000, "debug"),
        line("==> Your service is live", "", instance=""),
    ],
    ids=named,
)
def test_a_quiet_line_is_none(quiet: LogLine) -> None:
    """Whatever words a visitor can bring into it, and whatever builds and requests say."""
    seen = activity(line(QUIET), quiet)
    assert (error_findings(seen), warnings(seen)) == ([], [])


@pytest.mark.parametrize(
    "slow",
    [
        line("slow", "warning"),
        line('{"level": "WARN", "message": "slow"}', ""),
        line('{"level": 40, "message": "slow"}'),
        line("WARNING:  slow", "error"),
        line('{"level": "WARNING", "message": "slow", "exception": "Traceback (most recent call last)"}', "error"),
    ],
    ids=named,
)
def test_a_warning_is_a_sentence_and_no_error(slow: LogLine) -> None:
    """What the line itself says goes before its label."""
    (told,) = warnings(activity(slow))
    assert told.startswith("The log of ecomdash-api holds a warning, 1 x: ")
    assert "slow" in told
    assert error_findings(activity(slow)) == []


def test_equal_errors_are_told_once_with_their_number() -> None:
    """What differs from line to line, such as the time, does not make them different."""
    lines = [
        line(json.dumps({"message": "broken", "logger": "app", "timestamp": n}), "error", SINCE + timedelta(seconds=n))
        for n in range(40)
    ]
    first, second = error_findings(activity(*lines, line("another", "error")))
    assert (first.found, second.found) == ("40 x app: broken", "1 x another")
    assert first.where.endswith("last at 11:50:39 UTC")


def test_an_exception_is_named_and_its_trace_left_out() -> None:
    """The line that says which; with a chain of them the last one."""
    trace = (
        'Traceback:\n  File "secret/path.py"\nValueError: first\n\nTraceback:\napp.Broken: second\n(Background on it)\n'
    )
    text = json.dumps({"level": "ERROR", "logger": "app", "message": "unhandled", "exception": trace})
    (finding,) = error_findings(activity(line(text)))
    assert finding.found == "1 x app: unhandled: app.Broken: second"
    text = json.dumps({"level": "ERROR", "message": "unhandled", "exc_info": "ValueError: alone"})
    assert error_findings(activity(line(text)))[0].found == "1 x unhandled: ValueError: alone"
    text = json.dumps({"level": "ERROR", "message": "unhandled", "traceback": "nothing that names one"})
    assert error_findings(activity(line(text)))[0].found == "1 x unhandled"


@pytest.mark.parametrize(
    "lines",
    [
        (),
        (line(QUIET, at=NOW - LATE - timedelta(seconds=1)),),
        (line("==> Your service is live", "", instance=""),),
        (line("Installing", type="build"),),
    ],
    ids=["none", "an old one", "of the platform", "of a build"],
)
def test_a_log_without_a_line_of_now_is_unverified(lines: Sequence[LogLine]) -> None:
    """The service was asked by this very run: it has written something, somewhere."""
    with pytest.raises(Unverified, match="holds no line that it has written since 12:00:00 UTC, although"):
        error_findings(activity(*lines))
    assert error_findings(activity(*lines, line(QUIET, at=NOW - LATE))) == []


def test_an_error_is_a_finding_in_a_log_that_stopped() -> None:
    """What is wrong goes before what was not measured."""
    assert len(error_findings(activity(line("gone", "error", SINCE)))) == 1


def test_a_log_that_is_set_to_be_silent_is_a_warning() -> None:
    """Nothing is wrong in it, and whether it reaches the provider was not seen."""
    silent = activity(log_level="warning")
    assert error_findings(silent) == []
    (told,) = warnings(silent)
    assert told.startswith("LOG_LEVEL is warning, so ecomdash-api logs nothing while all is well")
    assert warnings(activity(line(QUIET), log_level="warning")) == []


def test_it_is_said_how_much_of_the_log_was_read() -> None:
    """All of it, or the newest part and whatever tells of trouble."""
    assert log_read(activity(line(QUIET))) == "1 log lines since 11:50:00 UTC, all"
    assert log_read(activity(line(QUIET), whole=False)) == (
        "1 log lines since 11:50:00 UTC, the newest, and those that tell of errors or warnings"
    )


def test_one_failure_is_a_warning_and_more_are_a_crash_loop() -> None:
    """In order of time, each with its cause in the provider's words."""
    failed = ("server_failed", {"reason": {"nonZeroExit": 137, "evicted": False}})
    none, once = activity(), activity(events=(failed, ("server_available", {})))
    assert (crash_loop(none), single_failure(none)) == ([], [])
    assert single_failure(once) == [
        "An instance of ecomdash-api failed at 12:00:00 UTC, once: server_failed (nonZeroExit 137)"
    ]
    assert crash_loop(once) == []
    oom = ("server_failed", {"reason": {"oomKilled": {"memoryLimit": "512Mi"}, "evicted": True}})
    (finding,) = crash_loop(activity(events=(failed, oom)))
    assert finding.found == (
        f"{CRASH_LOOP} failures: 11:59:59 UTC server_failed (evicted, oomKilled {{'memoryLimit': '512Mi'}});"
        " 12:00:00 UTC server_failed (nonZeroExit 137)"
    )
    assert finding.expected == "instances that stay up"
    assert finding.where == "events of ecomdash-api since 2026-11-24 11:50:00 UTC"
    assert single_failure(activity(events=(failed, oom))) == []


@pytest.mark.parametrize("kind", ["server_hardware_failure", "image_pull_failed"])
def test_other_failures_count_and_restarts_by_hand_do_not(kind: str) -> None:
    """A person's restart is no failure; details may be missing altogether."""
    found = crash_loop(activity(events=((kind, {}), ("server_restarted", {}), ("server_failed", {"reason": 1}))))
    assert found[0].found.endswith(f"12:00:00 UTC {kind}")
    assert "2 failures" in found[0].found
    assert single_failure(activity(events=(("server_restarted", {}),))) == []


def test_a_restart_that_nobody_asked_for_is_named() -> None:
    """One by a person is not."""
    seen = activity(
        events=(("server_restarted", {"triggeredByUser": None}), ("server_restarted", {"triggeredByUser": "x"}))
    )
    assert restarts(seen) == ["ecomdash-api was restarted at 12:00:00 UTC, and nobody is named who asked for it."]


def test_a_store_that_answers_ping_otherwise_is_found() -> None:
    """What answers there is no store; one that was not asked is no finding, and said so."""
    known = StoreReading(pong=True, flavour="Valkey", version="8.1", eviction_policy="allkeys-lru")
    (finding,) = store_findings(replace(known, pong=False))
    assert (finding.expected, finding.found) == ("PING is answered with PONG", "another answer")
    assert (store_findings(known), store_findings(None)) == ([], [])
    assert described(None).startswith("REDIS_URL is not set, so the store was not asked")


def test_a_store_is_described() -> None:
    """With its policy, or that it is not known."""
    known = StoreReading(pong=True, flavour="Valkey", version="8.1", eviction_policy="allkeys-lru")
    assert described(known) == "Valkey 8.1, eviction policy allkeys-lru"
    assert described(StoreReading(pong=True, flavour="Redis", version="6", eviction_policy="")).endswith("unknown")
