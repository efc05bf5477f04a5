"""What a run measures on its target: each measurement once, as late as needed or all together in the background."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar, cast

from acceptance.budget import RequestBudget
from acceptance.checks.leaks import Leak, LeakScanner
from acceptance.checks.requests import Inputs, prepare
from acceptance.cleanup import remove_rows
from acceptance.contract import Contract
from acceptance.ledger import Ledger
from acceptance.outcomes import Unverified
from acceptance.probes.cache import CacheReading, read_cache
from acceptance.probes.database import DatabaseReading, read_database
from acceptance.probes.exchange import Exchange, get
from acceptance.probes.http import HttpClient
from acceptance.probes.provider import ProviderClient, ProviderReading
from acceptance.probes.tls import TlsReading, read_tls
from acceptance.target import Target

T = TypeVar("T")

HEALTH_SAMPLES = 5
HEALTH_EVERY_S = 0.5
WAKING_S = 5.0  # an answer that took longer came from a service that was asleep

_SLEEPING = "hibernate"  # the platform's x-render-routing header while it wakes a free service


class Measurements:
    """The measurements of one process of a run, each taken once and kept.

    Args:
        target: where and with which keys.
        run_id: marks every request and prefixes every synthetic id.
        folder: the run's private folder, shared by its processes.
    """

    def __init__(self, target: Target, *, run_id: str, folder: Path) -> None:
        self.target = target
        self.contract = Contract()
        self.prefix = f"{run_id}-"
        self.service_secrets: dict[str, str] | None = None
        self.leaks: list[Leak] = []
        self.exchanges_scanned = 0
        self.notes: list[str] = []
        self._run_id = run_id
        self._budget = RequestBudget(target.request_budget, folder / "requests")
        self._clients: dict[str, HttpClient] = {}
        self._futures: dict[str, Future[object]] = {}
        self._lock = threading.RLock()
        self._pool = ThreadPoolExecutor(max_workers=12, thread_name_prefix="measure")

    # What a test's fixture of the same name hands out.

    def provider(self) -> ProviderReading:
        """What the hosting provider says of the plan's services, and their environment."""
        return self._once("provider", self._read_provider)

    def database(self) -> DatabaseReading:
        """The database's schema and revision, in one snapshot."""
        return self._once("database", self._read_database)

    def cache(self) -> CacheReading:
        """What the key value store says of itself."""
        return self._once("cache", self._read_cache)

    def tls(self) -> TlsReading:
        """What the handshake shows."""
        return self._once("tls", lambda: read_tls(self.target.base_url, self.target.ca_file))

    def redirect(self) -> Exchange:
        """The answer of the plain-http address."""
        return self._once("redirect", lambda: self._client(self.target.plain_http_url).send(get("/health")))

    def health(self) -> tuple[Exchange, ...]:
        """Several samples of the health endpoint over a few seconds."""
        return self._once("health", self._sample_health)

    def answers(self) -> dict[str, Exchange]:
        """The answers to the contract's good and bad input, by the request's id."""
        return self._once("answers", self._ask_everything)

    def exposed(self) -> tuple[Exchange, ...]:
        """The answers of well-known paths that production must not serve."""
        return self._once("exposed", self._ask_leak_paths)

    def start(self, names: Iterable[str]) -> None:
        """Begin those of the measurements that are named, together, in the background."""
        for name in names:
            measure = getattr(type(self), name, None)
            if name in MEASUREMENTS and measure is not None:
                self._pool.submit(measure, self)

    def _once(self, name: str, measure: Callable[[], T]) -> T:
        """Return the measurement, or raise what it ended in; whoever comes first takes it."""
        with self._lock:
            future = self._futures.get(name)
            mine = future is None
            if future is None:
                future = self._futures[name] = Future()
        if mine:
            try:
                future.set_result(measure())
            except BaseException as error:  # noqa: BLE001 - kept for everyone who asks
                future.set_exception(error)
        return cast("T", future.result())
