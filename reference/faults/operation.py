"""Faults of the running service: errors and warnings in its log, crashes, a readiness that is not what it says."""

from reference.deployment import Deployment
from reference.faults.catalogue import fault
from reference.faults.wrappers import answering, as_json, at, changing, with_json

READY = at("/health/ready")
REALTIME = "/api/v1/analytics/realtime"


@fault("error-logged", "an error stands in the log, and all is well again", {"DP-3": "failed"}, says="UndefinedTable")
async def error_logged(deployment: Deployment) -> None:
    """A table was away for a moment, a minute ago."""
    await deployment.postgres.execute("ALTER TABLE analytics_events RENAME TO events_for_a_moment")
    await deployment.ask(REALTIME)
    await deployment.postgres.execute("ALTER TABLE events_for_a_moment RENAME TO analytics_events")


@fault("warning-logged", "a warning stands in the log", {"DP-3": "noted"}, says="the rate limit is off")
async def warning_logged(deployment: Deployment) -> None:
    """The store was away for a moment: requests were served, without their limit."""
    await deployment.valkey.stop()
    await deployment.ask(REALTIME)
    await deployment.valkey.start()


@fault("crashed-once", "an instance crashed and was replaced", {"DP-3": "noted"}, says="failed at")
async def crashed_once(deployment: Deployment) -> None:
    """Whoever looks now sees a healthy service."""
    await deployment.crash()


@fault("crash-loop", "instances crash again and again", {"DP-3": "failed"}, says="2 failures")
async def crash_loop(deployment: Deployment) -> None:
    """Each lives long enough to answer."""
    await deployment.crash()
    await deployment.crash()


@fault(
    "health-replayed",
    "a cache answers for a service that is dead behind it",
    {"MH-2": "failed", "DP-3": "failed"},
    says="a cache answers, not the service",
)
async def health_replayed(deployment: Deployment) -> None:
    """For a minute only, so that what it says looks fresh."""
    healthy = await deployment.ask("/health")
    deployment.edge.layers.append(changing(at("/health"), lambda answer: healthy if answer.status == 200 else answer))


@fault("readiness-cached", "the readiness answer is an old one from a cache", {"DP-3": "failed"}, says="a timestamp")
async def readiness_cached(deployment: Deployment) -> None:
    """It was ready when it was cached."""
    old = {"timestamp": "2026-01-07T09:00:00+00:00"}
    deployment.edge.layers.append(changing(READY, lambda answer: with_json(answer, lambda body: body | old)))


@fault(
    "dependency-away",
    "the readiness answer is 200 and ready, and names a dependency that is away",
    {"DP-3": "failed", "MH-6": "failed"},
    says="\"checks.redis\": 'disconnected'",
)
async def dependency_away(deployment: Deployment) -> None:
    """Whoever looks at the status alone sees nothing."""
    checks = {"checks": {"database": "connected", "redis": "disconnected"}}
    deployment.edge.layers.append(changing(READY, lambda answer: with_json(answer, lambda body: body | checks)))


@fault("log-empty", "the provider shows no log line", {"DP-3": "unverified"}, says="holds no line")
async def log_empty(deployment: Deployment) -> None:
    """Its log goes elsewhere, so that whether there are errors is not known."""
    nothing = {"hasMore": False, "nextStartTime": "", "nextEndTime": "", "logs": []}
    deployment.provider_layers.append(answering(at("/v1/logs"), as_json(200, nothing)))
