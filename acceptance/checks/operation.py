"""Whether a service runs without trouble since it was deployed: what it logged, and whether it had to be restarted."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any

from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.activity import Activity
from acceptance.probes.provider_models import Event, LogLine
from acceptance.probes.store import StoreReading
from acceptance.redaction import excerpt

CRASH_LOOP = 2
ERRORS = frozenset({"error", "critical", "fatal", "alert", "emergency", "panic"})
WARNINGS = frozenset({"warning", "warn"})

_FAILURES = ("server_failed", "server_hardware_failure", "image_pull_failed")
_ERROR_SIGNS = (
    "Traceback (most recent call last)",
    "Health check timeout",
    "Service did not pass health check",
    "failed to become healthy",
)
"""What tells of an error in a line without a level: a crash's trace, and the platform's own words."""
_EXCEPTIONS = ("exception", "exc_info", "error", "stack_trace")
"""Where writers of JSON lines put what was raised."""
_EXCEPTION = re.compile(r"^[A-Za-z_][\w.]*: .+$", re.MULTILINE)
"""The line of a trace that names the exception; the lines around it are where it passed, and its details."""


def error_findings(activity: Activity) -> list[Finding]:
    """Return the errors of the log, each text once.

    Raises:
        Unverified: there is no line at all; a service that was just asked has written some.
    """
    if not activity.lines:
        raise Unverified(
            f"The log of {activity.service} holds no line since {activity.lines_since:%H:%M:%S} UTC, although the"
            " service was just asked: its log doesn't reach the provider, or this machine's clock is wrong."
        )
    return [
        Finding("no line of level ERROR", f"{len(same)} x {_said(same[0])}", _where(activity, same))
        for same in _alike(line for line in activity.lines if _level(line) == "error")
    ]


def log_read(activity: Activity) -> str:
    """Return how much of the log was read, and since when."""
    what = "all" if activity.whole else "the newest, and all whose level tells of trouble"
    return f"{len(activity.lines)} log lines since {activity.lines_since:%H:%M:%S} UTC, {what}"


def warnings(activity: Activity) -> list[str]:
    """Return the warnings of the log, each text once, as sentences."""
    return [
        f"The log of {activity.service} holds a warning, {len(same)} x: {_said(same[0])}"
        for same in _alike(line for line in activity.lines if _level(line) == "warning")
    ]


def crash_loop(activity: Activity) -> list[Finding]:
    """Return the failures of instances if there are so many that the service does not stay up."""
    failures = _failures(activity)
    if len(failures) < CRASH_LOOP:
        return []
    found = "; ".join(f"{event.timestamp:%H:%M:%S} UTC {_cause(event)}" for event in failures)
    since = f"events of {activity.service} since {activity.events_since:%Y-%m-%d %H:%M:%S} UTC"
    return [Finding("instances that stay up", f"{len(failures)} failures: {found}", since)]


def single_failure(activity: Activity) -> list[str]:
    """Return a sentence on an instance that failed once and was replaced; none if there were more, or none."""
    failures = _failures(activity)
    if len(failures) != 1:
        return []
    (event,) = failures
    return [f"An instance of {activity.service} failed at {event.timestamp:%H:%M:%S} UTC, once: {_cause(event)}"]


def described(store: StoreReading) -> str:
    """Return the store for people."""
    return f"{store.flavour} {store.version}, eviction policy {store.eviction_policy or 'unknown'}"


def _level(line: LogLine) -> str:
    """Return error, warning or nothing, by the worst of what the label, the line itself and its text say."""
    named = {line.label("level").lower(), str(_content(line).get("level", "")).lower()}
    if named & ERRORS or any(sign in line.message for sign in _ERROR_SIGNS):
        return "error"
    return "warning" if named & WARNINGS else ""


def _content(line: LogLine) -> Mapping[str, Any]:
    """What a line of JSON holds; nothing of any other line."""
    try:
        content = json.loads(line.message) if line.message.startswith("{") else {}
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def _said(line: LogLine) -> str:
    """The text of a line, without what differs from one to the next."""
    content = _content(line)
    told = [str(content[key]) for key in ("logger", "message") if content.get(key)]
    raised = [named for key in _EXCEPTIONS for named in _EXCEPTION.findall(str(content.get(key, "")))[-1:]]
    return excerpt(": ".join(told + raised) or line.message)


def _alike(lines: Iterable[LogLine]) -> list[list[LogLine]]:
    """Group lines by their text."""
    groups: dict[str, list[LogLine]] = defaultdict(list)
    for line in lines:
        groups[_said(line)].append(line)
    return list(groups.values())


def _where(activity: Activity, lines: list[LogLine]) -> str:
    last = max(line.timestamp for line in lines)
    return f"log of {activity.service}, last at {last:%H:%M:%S} UTC"


def _failures(activity: Activity) -> list[Event]:
    found = [event for event in activity.events if event.type in _FAILURES]
    return sorted(found, key=lambda event: event.timestamp)


def _cause(event: Event) -> str:
    """Why an instance failed, in the provider's words."""
    reason = event.details.get("reason")
    causes = {k: v for k, v in reason.items() if v} if isinstance(reason, dict) else {}
    words = ", ".join(f"{name} {value}" if value is not True else name for name, value in sorted(causes.items()))
    return excerpt(f"{event.type} ({words})" if words else event.type)
