"""The operation that reads logs: filtered by labels and text, paged by time."""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from reference.provider import query
from reference.provider.answers import Answer, bad_request, not_found
from reference.provider.context import Context, Operation
from reference.provider.mint import now
from reference.provider.model import LogLine

_LABELS = ("instance", "host", "statusCode", "method", "path", "level", "type")
_KEPT = timedelta(days=30)


@dataclass(frozen=True)
class _Entry:
    """A line at a time of its own, in nanoseconds: pages by time lose and repeat none."""

    at: int
    line: LogLine

    @property
    def labels(self) -> dict[str, str]:
        line = self.line
        told = {"resource": line.resource, "instance": line.instance, "level": line.level, "type": line.type}
        return {name: value for name, value in told.items() if value is not None}

    def body(self) -> dict[str, object]:
        """The line's JSON."""
        return {
            "id": f"{self.at:x}-{self.line.resource[-8:]}",
            "message": self.line.message,
            "timestamp": _stamp(self.at),
            "labels": [{"name": name, "value": value} for name, value in self.labels.items()],
        }


async def list_logs(context: Context, request: Request) -> Response:
    """Lines of the window [startTime, endTime), by default the last hour's newest."""
    resources = _resources(context, request)
    start, end = _window(request)
    forward = query.choice(request, "direction", {"forward", "backward"}, "backward") == "forward"
    limit, fits = query.limit(request), _matcher(request)
    lines = (line for resource in resources for line in context.engine.logs(resource))
    chosen = [each for each in _placed(lines) if start <= each.at < end and fits(each)]
    shown = (chosen if forward else chosen[::-1])[:limit]
    more = len(chosen) > limit
    if more and forward:
        start = shown[-1].at + 1
    elif more:
        end = shown[-1].at
    return Answer(
        {
            "hasMore": more,
            "nextStartTime": _stamp(start),
            "nextEndTime": _stamp(end),
            "logs": [each.body() for each in shown],
        }
    )


def _resources(context: Context, request: Request) -> list[str]:
    owner, resources = request.query_params.get("ownerId"), query.joined(request, "resource")
    if not owner or not resources:
        raise bad_request("ownerId and resource are required")
    if owner != context.workspace.owner.id:
        raise not_found(owner)
    regions = {context.resource(each).region for each in resources}
    if len(regions) > 1:
        raise bad_request("all resources must be in the same region")
    return resources


def _window(request: Request) -> tuple[int, int]:
    present = now()
    start = query.time_ns(request, "startTime", present - timedelta(hours=1))
    end = query.time_ns(request, "endTime", present)
    if start > end or start < query.nanoseconds(present - _KEPT):
        raise bad_request("invalid startTime: must be before endTime and within the last 30 days")
    return start, end


def _placed(lines: Iterable[LogLine]) -> list[_Entry]:
    """The lines oldest first, those of the same microsecond a nanosecond apart."""
    placed: list[_Entry] = []
    for line in sorted(lines, key=lambda each: each.timestamp):
        at = query.nanoseconds(line.timestamp)
        placed.append(_Entry(max(at, placed[-1].at + 1) if placed else at, line))
    return placed


def _matcher(request: Request) -> Callable[[_Entry], bool]:
    wanted = {name: _patterns(query.many(request, name)) for name in _LABELS}
    texts = _patterns(query.many(request, "text"), whole=False)

    def fits(entry: _Entry) -> bool:
        labels = entry.labels
        named = all(_any(patterns, labels.get(name, "")) for name, patterns in wanted.items() if patterns)
        return named and (not texts or _any(texts, entry.line.message))

    return fits


def _any(patterns: Sequence[re.Pattern[str]], text: str) -> bool:
    return any(pattern.search(text) for pattern in patterns)


def _patterns(values: Sequence[str], *, whole: bool = True) -> list[re.Pattern[str]]:
    """Patterns of plain values, wildcards (`a*`) and regular expressions (`/a.b/`), without regard to case."""
    try:
        return [re.compile(_expression(value, whole=whole), re.IGNORECASE | re.DOTALL) for value in values]
    except re.error as error:
        raise bad_request(f"invalid regular expression: {error}") from error


def _expression(value: str, *, whole: bool) -> str:
    if len(value) > 2 and value.startswith("/") and value.endswith("/"):
        return value[1:-1]
    expression = re.escape(value).replace(r"\*", ".*")
    return rf"\A{expression}\Z" if whole else expression


def _stamp(at: int) -> str:
    second, fraction = divmod(at, 10**9)
    return f"{datetime.fromtimestamp(second, UTC):%Y-%m-%dT%H:%M:%S}.{fraction:09d}Z"


OPERATIONS: list[Operation] = [("GET", "/logs", list_logs)]
