"""What a run measures on its target: each measurement once, on demand or all together in the background."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from acceptance.budget import RequestBudget
from acceptance.checks.leaks import LeakScanner
from acceptance.checks.responses import detail_findings
from acceptance.contract import Contract, Filling, PlannedRequest
from acceptance.ledger import Ledger
from acceptance.outcomes import Unverified
from acceptance.probes.database import DatabaseReading, read_database
from acceptance.probes.exchange import Exchange, get
from acceptance.probes.http import HttpClient
from acceptance.probes.provider import ProviderClient, ProviderReading
from acceptance.probes.tls import TlsReading, read_tls
from acceptance.target import Target

HEALTH = get("/health")
HEALTH_SAMPLES = 5
HEALTH_EVERY_S = 0.5
WAKE_ATTEMPT_S = 30.0

MEASUREMENTS = frozenset({"provider", "database", "tls", "redirect", "health", "answers", "exposed"})
_FIXTURES = {"good_answer": "answers", "bad_answer": "answers"}


@dataclass(frozen=True)
class Answer:
    """What was asked by the contract's plan, and what came back."""

    planned: PlannedRequest
    exchange: Exchange


@dataclass
class Scan:
    """What was looked for in every answer: how many were searched, and what each search found, in words."""

    answers: int = 0
    secrets: list[str] = field(default_factory=list)
    details: list[str] = field(default_factory=list)

    def add(self, other: Scan) -> None:
        """Take over what another process searched."""
        self.answers += other.answers
        self.secrets += other.secrets
        self.details += other.details


class Measurements:
    """The measurements of one process of a run, each taken once and kept.

    Args:
        target: where, and with which keys.
        run_id: marks every request; with a dash behind it, it begins every synthetic id.
        folder: the run's private folder, shared by its processes.
    """

    def __init__(self, target: Target, *, run_id: str, folder: Path) -> None:
        self.target = target
        self.contract = Contract()
        self.ledger = Ledger(target.name)
        self.prefix = f"{run_id}-"
        self.service_secrets: dict[str, str] | None = None
        self.scan = Scan()
        self.notes: list[str] = []
        self.budget = RequestBudget(target.request_budget, folder / "requests")
        self._run_id = run_id
        self._scanner: LeakScanner | None = None
        self._clients: dict[str, HttpClient] = {}
        self._taken: dict[str, Future[Any]] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=len(MEASUREMENTS) + 2, thread_name_prefix="measure")

    def start(self, names: Iterable[str]) -> None:
        """Begin the measurements that the named fixtures need, together, in the background."""
        for name in sorted({_FIXTURES.get(name, name) for name in names} & MEASUREMENTS):
            self._begin(name)

    def provider(self) -> ProviderReading:
        """What the hosting provider says of the plan's services, and their environment."""
        return cast("ProviderReading", self._begin("provider").result())

    def database(self) -> DatabaseReading:
        """The database's schema and revision, in one snapshot."""
        return cast("DatabaseReading", self._begin("database").result())

    def tls(self) -> TlsReading:
        """What TLS handshakes with the application's host show."""
        return cast("TlsReading", self._begin("tls").result())

    def redirect(self) -> Exchange:
        """The answer of the plain-http address."""
        return cast("Exchange", self._begin("redirect").result())

    def health(self) -> tuple[Exchange, ...]:
        """Several samples of the health endpoint over a few seconds."""
        return cast("tuple[Exchange, ...]", self._begin("health").result())

    def answers(self) -> dict[str, Answer]:
        """The answers to the contract's good and bad input, by the request's id."""
        return cast("dict[str, Answer]", self._begin("answers").result())

    def answer(self, request_id: str) -> Answer:
        """Return the answer to one of the contract's requests.

        Raises:
            Unverified: it stores something, and the target does not allow that.
        """
        found = self.answers().get(request_id)
        if found is None:
            raise Unverified(self._why_nothing_is_written())
        return found

    def exposed(self) -> tuple[Exchange, ...]:
        """The answers of well-known paths that production must not serve."""
        return cast("tuple[Exchange, ...]", self._begin("exposed").result())

    def learn_service_secrets(self) -> None:
        """Read the values of the service's secret variables; where that is impossible they stay unknown (None)."""
        try:
            env = self.provider().env
        except Unverified:
            return  # what needs the provider says so itself
        secret = self.contract.environment.secrets
        self.service_secrets = {name: value for name, value in env.items() if name in secret and value}

    def clean_up(self) -> None:
        """Remove the rows that this run's synthetic visitors left, and strike its prefix from the ledger."""
        from acceptance.cleanup import remove_rows

        if self.prefix not in set(self.ledger) or self.target.database_url is None:
            return
        try:
            rows = remove_rows(self.target.database_url.get_secret_value(), self.prefix)
        except Unverified as problem:
            self.notes.append(str(problem))
            return
        self.ledger.strike(self.prefix)
        self.notes.append(f"{sum(rows.values())} rows of this run's synthetic visitors were removed.")

    def close(self) -> None:
        """Drop what is still under way and close the connections."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        for client in self._clients.values():
            client.close()

    def _begin(self, name: str) -> Future[Any]:
        with self._lock:
            if name not in self._taken:
                self._taken[name] = self._pool.submit(getattr(self, f"_take_{name}"))
            return self._taken[name]

    def _take_provider(self) -> ProviderReading:
        key = self.target.provider_key
        if key is None:
            raise Unverified("The hosting provider can't be asked: set RENDER_API_KEY in the target's settings.")
        with ProviderClient(self.target.provider_url, key.get_secret_value()) as client:
            return client.read(self.target.service, self.contract.services)

    def _take_database(self) -> DatabaseReading:
        url = self.target.database_url
        if url is None:
            raise Unverified("The database can't be asked: set DATABASE_URL in the target's settings.")
        return read_database(url.get_secret_value())

    def _take_tls(self) -> TlsReading:
        return read_tls(self.target.base_url, self.target.ca_file)

    def _take_redirect(self) -> Exchange:
        return self._client(self.target.plain_http_url).send(HEALTH)

    def _take_awake(self) -> float:
        """Return the seconds that the first answer took; a service of the free plan may have slept.

        Only where the plan may be free is a silent service waited for: elsewhere silence is a finding.
        """
        client, began = self._client(self.target.base_url), time.monotonic()
        first = client.send(HEALTH)
        while _asleep(first) and self._may_sleep() and time.monotonic() - began < self.target.cold_start_s:
            time.sleep(1.0)
            first = client.send(HEALTH, WAKE_ATTEMPT_S)
        return time.monotonic() - began

    def _take_health(self) -> tuple[Exchange, ...]:
        woke_s = self._begin("awake").result()
        if woke_s > WAKE_ATTEMPT_S / 3:
            self.notes.append(f"The service took {woke_s:.0f} s to wake; that is reported apart from its health.")
        return self._client(self.target.base_url).sample(HEALTH, HEALTH_SAMPLES, HEALTH_EVERY_S).result()

    def _take_answers(self) -> dict[str, Answer]:
        self._begin("awake").result()
        writable = self._enter_ledger()
        wanted = [planned for planned in self.contract.requests if writable or not _needs_writing(planned)]
        first = [planned for planned in wanted if planned.after is None]
        later = [planned for planned in wanted if planned.after is not None]
        return self._ask(first) | self._ask(later)

    def _take_exposed(self) -> tuple[Exchange, ...]:
        self._begin("awake").result()
        paths = self.contract.exposure.leak_paths
        return self._client(self.target.base_url).send_all([get(path) for path in paths])

    def _ask(self, several: list[PlannedRequest]) -> dict[str, Answer]:
        filling = Filling(self.prefix.rstrip("-"), datetime.now(UTC))
        requests = [planned.request(filling) for planned in several]
        exchanges = self._client(self.target.base_url).send_all(requests)
        return {p.id: Answer(p, exchange) for p, exchange in zip(several, exchanges, strict=True)}

    def _enter_ledger(self) -> bool:
        """Say whether events may be sent; if so, the run's prefix is on record before anything carries it."""
        if self._why_nothing_is_written():
            return False
        self.ledger.enter(self.prefix)
        return True

    def _why_nothing_is_written(self) -> str:
        if not self.target.allow_synthetic:
            return (
                "Nothing was written, so what stores events was not measured: set APEX_ALLOW_SYNTHETIC=true to allow"
                " synthetic visitors. Their rows carry the run's prefix and are removed at the end."
            )
        if self.target.database_url is None:
            return "Nothing was written, since it could not be removed again: set DATABASE_URL as well."
        return ""

    def _may_sleep(self) -> bool:
        """Whether the service may be of the free plan, which sleeps; unknown counts as yes."""
        try:
            api = self.provider().api
        except Unverified:
            return True
        return api is None or api.details.plan in ("free", "")

    def _client(self, base_url: str) -> HttpClient:
        with self._lock:
            if base_url not in self._clients:
                self._clients[base_url] = HttpClient(
                    base_url,
                    ca_file=self.target.ca_file,
                    budget=self.budget,
                    on_exchange=self._search,
                    run_id=self._run_id,
                )
            return self._clients[base_url]

    def _search(self, exchange: Exchange) -> None:
        """Search one answer, from the client's thread."""
        if exchange.failure is not None:
            return
        if self._scanner is None:
            values = {**(self.service_secrets or {}), **self.target.secrets()}
            self._scanner = LeakScanner(values, self.contract.exposure.secret_shapes)
        self.scan.answers += 1
        self.scan.secrets += [str(leak.finding) for leak in self._scanner.scan(exchange)]
        self.scan.details += [str(finding) for finding in detail_findings(self.contract.exposure, [exchange])]


def _asleep(exchange: Exchange) -> bool:
    """Whether the answer, or its absence, is that of a service that is being woken."""
    if exchange.failure is not None:
        return exchange.failure.kind == "timeout"
    return "hibernate" in exchange.header("x-render-routing")


def _needs_writing(planned: PlannedRequest) -> bool:
    return planned.writes or planned.after is not None
