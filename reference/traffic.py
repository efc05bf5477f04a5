"""What went through the edge, for the provider's metrics."""

from collections import defaultdict, deque
from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from reference.provider.model import MetricSeries

_KEPT = 200_000


class _Request(NamedTuple):
    at: datetime
    status: int
    host: str
    milliseconds: float


class Traffic:
    """The latest requests: when each ended, with what status, and how long it took."""

    def __init__(self) -> None:
        self._requests: deque[_Request] = deque(maxlen=_KEPT)

    def add(self, status: int, host: str, seconds: float) -> None:
        """Note a request that has just been answered."""
        self._requests.append(_Request(datetime.now(UTC), status, host, seconds * 1000))

    def clear(self) -> None:
        """Forget them."""
        self._requests.clear()

    def counts(self) -> list[MetricSeries]:
        """A 1 for each request, a series for each host and status."""
        return self._series(lambda _: 1.0)

    def latencies(self) -> list[MetricSeries]:
        """The milliseconds of each request, a series for each host and status."""
        return self._series(lambda request: request.milliseconds)

    def _series(self, value: Callable[[_Request], float]) -> list[MetricSeries]:
        groups: dict[tuple[str, int], list[tuple[datetime, float]]] = defaultdict(list)
        for each in self._requests:
            groups[each.host, each.status].append((each.at, value(each)))
        return [
            MetricSeries({"host": host, "statusCode": str(status)}, values) for (host, status), values in groups.items()
        ]
