"""The operations that read metrics: observations of the engine, gathered into steps of time."""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from statistics import fmean

from starlette.requests import Request
from starlette.responses import Response

from reference.provider import query
from reference.provider.answers import Answer, bad_request
from reference.provider.context import Context, Handler, Operation
from reference.provider.mint import now, stamp
from reference.provider.model import UNITS, MetricSeries

Reduce = Callable[[Sequence[float]], float]
_METHODS: dict[str, Reduce] = {"AVG": fmean, "MAX": max, "MIN": min}
_FILTERS = ("instance", "host", "path")


@dataclass(frozen=True)
class _Window:
    """Which observations count, and the width of a step, in nanoseconds."""

    start: int
    end: int
    step: int


def _operation(metric: str) -> Handler:
    async def read(context: Context, request: Request) -> Response:
        """The metric's series, one for each resource and label that it is split by."""
        if metric == "http-latency" and not context.workspace.quirks.latency_metrics:
            raise bad_request("http-latency is not available on this workspace's plan")
        window = _window(context, request)
        gathered = _gathered(metric, request, _observed(context, request, metric))
        bodies = [
            _body(metric, series, window, reducer) for reducer in _reducers(metric, request) for series in gathered
        ]
        return Answer([body for body in bodies if body["values"]])

    return read


def _resources(context: Context, request: Request) -> list[str]:
    wanted = query.joined(request, "resource") + query.joined(request, "service")
    if not wanted:
        raise bad_request("resource is required")
    # The metrics' operations document no 404.
    return [context.resource(each, lambda found: bad_request(f"not found: {found}")).id for each in wanted]


def _window(context: Context, request: Request) -> _Window:
    present = now()
    asked = query.number(request, "resolutionSeconds", 60, 30, 86400)
    step = context.workspace.quirks.metric_step_seconds or asked
    start = query.time_ns(request, "startTime", present - timedelta(hours=1))
    return _Window(start, query.time_ns(request, "endTime", present), int(step * 1e9))


def _observed(context: Context, request: Request, metric: str) -> list[MetricSeries]:
    """The engine's series of the resources that keep to the request's filters."""
    wanted = {name: query.many(request, name) for name in _FILTERS}
    return [
        MetricSeries({"resource": resource, **series.labels}, series.values)
        for resource in _resources(context, request)
        for series in context.engine.samples(metric, resource)
        if all(not values or series.labels.get(name) in values for name, values in wanted.items())
    ]


def _gathered(metric: str, request: Request, series: Sequence[MetricSeries]) -> Sequence[MetricSeries]:
    """The requests' metrics are one series a resource, and a label's value when `aggregateBy` names one."""
    if not metric.startswith("http-"):
        return series
    by = query.choice(request, "aggregateBy", {"statusCode", "host", ""}, "")
    groups: dict[tuple[tuple[str, str], ...], list[tuple[datetime, float]]] = defaultdict(list)
    for each in series:
        kept = tuple((name, each.labels[name]) for name in ("resource", by) if name in each.labels)
        groups[kept] += each.values
    return [MetricSeries(dict(labels), values) for labels, values in groups.items()]


def _reducers(metric: str, request: Request) -> list[tuple[Mapping[str, str], Reduce]]:
    """How a step's observations become one value; a quantile is told as a label when several are asked for."""
    if metric == "http-latency":
        asked = query.numbers(request, "quantile", 0.95, 0, 1)
        told = len(asked) > 1
        return [({"quantile": f"{each:g}"} if told else {}, partial(quantile, each)) for each in asked]
    if metric == "http-requests":
        return [({}, math.fsum)]
    method = query.choice(request, "aggregationMethod", _METHODS, "AVG" if metric == "cpu" else "MAX")
    return [({}, _METHODS[method])]


def quantile(share: float, values: Sequence[float]) -> float:
    """The smallest of the values that `share` (0 to 1) of them do not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)]


def _body(
    metric: str, series: MetricSeries, window: _Window, reducer: tuple[Mapping[str, str], Reduce]
) -> dict[str, object]:
    more, reduce = reducer
    steps: dict[int, list[float]] = defaultdict(list)
    for moment, value in series.values:
        at = query.nanoseconds(moment)
        if window.start <= at <= window.end:
            steps[at // window.step].append(value)
    labels, unit = {**series.labels, **more}, UNITS[metric]
    # The document asks for the unit at every value, too, though it defines it for the series alone.
    values = [
        {"timestamp": _stamp(step * window.step), "value": reduce(steps[step]), "unit": unit} for step in sorted(steps)
    ]
    told = [{"field": name, "value": value} for name, value in labels.items()]
    return {"labels": told, "values": values, "unit": unit}


def _stamp(at: int) -> str:
    return stamp(datetime.fromtimestamp(0, UTC) + timedelta(microseconds=at // 1000))


OPERATIONS: list[Operation] = [("GET", f"/metrics/{metric}", _operation(metric)) for metric in UNITS]
