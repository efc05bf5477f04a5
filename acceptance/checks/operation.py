"""Whether a service runs without trouble since it was deployed: what it logged, and whether it had to be restarted."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta

from acceptance.checks.loglines import ERROR, WARNING, is_of_the_service, is_the_platforms, said, severity
from acceptance.findings import Finding
from acceptance.outcomes import Unverified
from acceptance.probes.activity import Activity
from acceptance.probes.provider_models import Event, LogLine
from acceptance.probes.store import StoreReading
from acceptance.redaction import excerpt

CRASH_LOOP = 2
LATE = timedelta(minutes=1)
"""How long a line may take to the provider, and how far two clocks may be apart."""
_SILENT_LEVELS = ("WARNING", "WARN", "ERROR", "CRITICAL", "FATAL")
_FAILURES = ("server_failed", "server_hardware_failure", "image_pull_failed")


def error_findings(activity: Activity) -> list[Finding]:
    """Return the errors of the log, each text once.

    Raises:
        Unverified: there is none, and no line either that the service has written since it was asked.
    """
    found = [
        Finding("no line of level ERROR", f"{len(same)} x {said(same[0])}", _where(activity, same))
        for same in _alike(activity, ERROR)
    ]
    if not found and not _is_written(activity) and not _is_silent(activity):
        raise Unverified(
            f"The log of {activity.service} holds no line that it has written since {activity.asked:%H:%M:%S} UTC,"
            " although it was just asked: its log doesn't reach the provider, or this machine's clock is wrong."
        )
    return found


def log_read(activity: Activity) -> str:
    """Return how much of the log was read, and since when."""
    what = "all" if activity.whole else "the newest, and those that tell of errors or warnings"
    return f"{len(activity.lines)} log lines since {activity.lines_since:%H:%M:%S} UTC, {what}"


def warnings(activity: Activity) -> list[str]:
    """Return the warnings of the log, each text once, as sentences."""
    told = [
        f"The log of {activity.service} holds a warning, {len(same)} x: {said(same[0])}"
        for same in _alike(activity, WARNING)
    ]
    if _is_silent(activity) and not _is_written(activity):
        level = f"LOG_LEVEL is {activity.log_level}, so {activity.service} logs nothing while all is well"
        told.append(f"{level}: that its log reaches the provider was not seen.")
    return told


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


def restarts(activity: Activity) -> list[str]:
    """Return a sentence on each restart that no person is named for."""
    return [
        f"{activity.service} was restarted at {event.timestamp:%H:%M:%S} UTC, and nobody is named who asked for it."
        for event in sorted(activity.events, key=lambda event: event.timestamp)
        if event.type == "server_restarted" and not event.details.get("triggeredByUser")
    ]


def store_findings(store: StoreReading | None) -> list[Finding]:
    """Return what is wrong with the store's own answer; one that the target's settings don't name was not asked."""
    if store is None or store.pong:
        return []
    return [Finding("PING is answered with PONG", "another answer", "the key value store of REDIS_URL")]


def described(store: StoreReading | None) -> str:
    """Return the store for people."""
    if store is None:
        return "REDIS_URL is not set, so the store was not asked; what the application says of it stands alone."
    return f"{store.flavour} {store.version}, eviction policy {store.eviction_policy or 'unknown'}"


def _is_written(activity: Activity) -> bool:
    """Whether the service has written a line since it was asked."""
    return any(is_of_the_service(line) and line.timestamp >= activity.asked - LATE for line in activity.lines)


def _is_silent(activity: Activity) -> bool:
    """Whether the service is set to write nothing while all is well."""
    return activity.log_level.upper() in _SILENT_LEVELS


def _alike(activity: Activity, wanted: str) -> list[list[LogLine]]:
    """Group the lines of a severity, the service's and the platform's about it, by what they say."""
    groups: dict[str, list[LogLine]] = defaultdict(list)
    for line in activity.lines:
        if (is_of_the_service(line) or is_the_platforms(line)) and severity(line) == wanted:
            groups[said(line)].append(line)
    return list(groups.values())


def _where(activity: Activity, lines: Iterable[LogLine]) -> str:
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
