"""What a run measures on its target: each measurement once, on demand or all together in the background."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

from acceptance.budget import RequestBudget
from acceptance.checks.environment import secret_values
from acceptance.checks.leaks import LeakScanner
from acceptance.checks.responses import detail_findings
from acceptance.cleanup import TABLES, clean_up, count_rows
from acceptance.contract import Contract, Filling, PlannedRequest
from acceptance.ledger import Ledger
from acceptance.outcomes import Unverified
from acceptance.probes.activity import Activity, Span, read_activity
from acceptance.probes.database import DatabaseReading, may_delete, read_database
from acceptance.probes.exchange import Exchange, get
from acceptance.probes.http import HttpClient
from acceptance.probes.provider import ProviderClient, ProviderReading
from acceptance.probes.store import StoreReading, read_store
from acceptance.probes.tls import TlsReading, read_tls
from acceptance.readings import Answer, Scan, Stored
from acceptance.target import Target
from acceptance.waiting import NotInTimeError, wait_for

HEALTH = get("/health")
READY = get("/health/ready")
PLAIN_PATHS = ("/", "/health", "/api/v1/analytics/realtime")
HEALTH_SAMPLES = 5
HEALTH_EVERY_S = 0.5
READY_SAMPLES = 4
STORED_WITHIN_S = 5.0
WAKE_ATTEMPT_S = 30.0

MEASUREMENTS = frozenset(
    {
        *("secrets", "provider", "activity", "database", "store", "tls", "redirects"),
        *("health", "ready", "answers", "stored", "exposed"),
    }
)
_LAST = "activity"
_FIXTURES = {"good_answer": "answers", "bad_answer": "answers"}


class Measurements:
    """The measurements of one process of a run, each taken once and kept.

    Args:
        target: where, and with which keys.
        contract: what the application promised.
        run_id: marks every request; with a dash behind it, it begins every synthetic id.
        folder: the run's private folder, shared by its processes.
        ledger: where what is written is put on record first.
    """

    def __init__(self, target: Target, contract: Contract, *, run_id: str, folder: Path, ledger: Ledger) -> None:
        self.target = target
        self.contract = contract
        self.ledger = ledger
        self.prefix = f"{run_id}-"
        self.blind_because = ""
        self.scan = Scan()
        self.notes: list[str] = []
        self.budget = RequestBudget(target.request_budget, folder / "requests")
        self._began = datetime.now(UTC)
        self._run_id = run_id
        self._scanner: LeakScanner | None = None
        self._clients: dict[str, HttpClient] = {}
        self._taken: dict[str, Future[Any]] = {}
        self._lock = threading.Lock()
        self._pool = ThreadPoolExecutor(max_workers=len(MEASUREMENTS) + 2, thread_name_prefix="measure")

    def start(self, names: Iterable[str]) -> None:
        """Begin the measurements that the named fixtures need, together, in the background."""
        wanted = {_FIXTURES.get(name, name) for name in names} & MEASUREMENTS
        for name in sorted(wanted, key=lambda name: (name == _LAST, name)):
            self._begin(name)

    def provider(self) -> ProviderReading:
        """What the hosting provider says of the plan's services, and their environment."""
        return cast("ProviderReading", self._result("provider"))

    def database(self) -> DatabaseReading:
        """The database's schema and revision, in one snapshot."""
        return cast("DatabaseReading", self._result("database"))

    def store(self) -> StoreReading | None:
        """What the key value store says of itself; None when the target's settings name none."""
        return cast("StoreReading | None", self._result("store"))

    def activity(self) -> Activity:
        """What the API logged, and what happened to it, since its newest deploy and not too long ago."""
        return cast("Activity", self._result("activity"))

    def tls(self) -> TlsReading:
        """What TLS handshakes with the application's host show."""
        return cast("TlsReading", self._result("tls"))

    def redirects(self) -> tuple[Exchange, ...]:
        """The answers of the plain-http address."""
        return cast("tuple[Exchange, ...]", self._result("redirects"))

    def health(self) -> tuple[Exchange, ...]:
        """Several samples of the health endpoint over a few seconds."""
        return cast("tuple[Exchange, ...]", self._result("health"))

    def ready(self) -> tuple[Exchange, ...]:
        """Several samples of the readiness endpoint."""
        return cast("tuple[Exchange, ...]", self._result("ready"))

    def answers(self) -> dict[str, Answer]:
        """The answers to the contract's good and bad input, by the request's id."""
        return cast("dict[str, Answer]", self._result("answers"))

    def answer(self, request_id: str) -> Answer:
        """Return the answer to one of the contract's requests.

        Raises:
            Unverified: it stores something, and the target does not allow that.
        """
        found = self.answers().get(request_id)
        if found is None:
            raise Unverified(self._result("permission"))
        return found

    def stored(self) -> Stored:
        """How many of the accepted events the tested database holds."""
        return cast("Stored", self._result("stored"))

    def exposed(self) -> tuple[Exchange, ...]:
        """The answers of well-known paths that production must not serve."""
        return cast("tuple[Exchange, ...]", self._result("exposed"))

    def secrets(self) -> dict[str, str] | None:
        """The values of the service's secret variables; None where they can't be known (see `blind_because`)."""
        return cast("dict[str, str] | None", self._result("secrets"))

    def know_secrets(self, secrets: dict[str, str] | None, blind_because: str) -> None:
        """Take over what another process of the run has read."""
        self.blind_because = blind_because
        known: Future[Any] = Future()
        known.set_result(secrets)
        self._taken["secrets"] = known

    def finish(self) -> None:
        """Stop sending, and then remove the rows that this run's synthetic visitors left."""
        self.close()
        if self.prefix in set(self.ledger) and self.target.database_url is not None:
            self.notes.append(clean_up(self.target.database_url.get_secret_value(), self.ledger, self.prefix))

    def close(self) -> None:
        """Drop what is still under way and close the connections."""
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            clients = list(self._clients.values())
        for client in clients:
            client.close()

    def _result(self, name: str) -> Any:  # noqa: ANN401 - each measurement has a type of its own
        """Return what a measurement gave, or raise what it raised, with a trace that begins here.

        Many tests may ask for one that failed; raised again as it is, the trace would be longer for each of them.
        """
        taken = self._begin(name)
        if error := taken.exception():
            raise error.with_traceback(None)
        return taken.result()

    def _begin(self, name: str) -> Future[Any]:
        with self._lock:
            if name not in self._taken:
                self._taken[name] = self._pool.submit(getattr(self, f"_take_{name}"))
            return self._taken[name]

    def _take_provider(self) -> ProviderReading:
        with self._provider_client() as client:
            return client.read(self.target.service, self.contract.services)

    def _provider_client(self) -> ProviderClient:
        key = self.target.provider_key
        if key is None:
            raise Unverified("The hosting provider can't be asked: set RENDER_API_KEY in the target's settings.")
        return ProviderClient(self.target.provider_url, key.get_secret_value())

    def _take_activity(self) -> Activity:
        """Read it when everything else was measured, so that what the run itself has caused is in it."""
        with self._lock:
            others = [taken for name, taken in self._taken.items() if name != _LAST]
        wait(others)
        reading = self.provider()
        if reading.api is None:
            raise Unverified(f"The provider has no service {reading.api_name!r}, so its log can't be read.")
        span = Span.of(reading.deploys, asked=self._began, log_level=reading.env.get("LOG_LEVEL", ""))
        with self._provider_client() as client:
            return read_activity(client.api, reading.api, span)

    def _take_secrets(self) -> dict[str, str] | None:
        try:
            env = self.provider().env
        except Unverified as reason:
            self.blind_because = str(reason)
            return None
        return secret_values(self.contract.environment, env)

    def _take_database(self) -> DatabaseReading:
        url = self.target.database_url
        if url is None:
            raise Unverified("The database can't be asked: set DATABASE_URL in the target's settings.")
        return read_database(url.get_secret_value())

    def _take_store(self) -> StoreReading | None:
        url = self.target.redis_url
        return None if url is None else read_store(url.get_secret_value())

    def _take_tls(self) -> TlsReading:
        return read_tls(self.target.base_url, self.target.ca_file)

    def _take_redirects(self) -> tuple[Exchange, ...]:
        return self._client(self.target.plain_http_url).send_all([get(path) for path in PLAIN_PATHS])

    def _take_awake(self) -> Exchange | None:
        """Return the first answer of the health endpoint; None of a service that had to be woken for it.

        Only where the plan may be free is a silent service waited for: elsewhere silence is a finding.
        """
        client, began = self._client(self.target.base_url), time.monotonic()
        first = client.send(HEALTH)
        if not _asleep(first) or not self._may_sleep():
            return first
        with suppress(NotInTimeError):  # its health then says that it never woke
            wait_for(
                "the service to wake",
                lambda: client.send(HEALTH, WAKE_ATTEMPT_S),
                lambda answer: not _asleep(answer),
                deadline_s=self.target.cold_start_s,
            )
            woke_s = time.monotonic() - began
            self.notes.append(f"The service was asleep and took {woke_s:.0f} s to wake; its health was measured after.")
        return None

    def _take_health(self) -> tuple[Exchange, ...]:
        first = self._result("awake")
        rest = self._client(self.target.base_url).sample(HEALTH, HEALTH_SAMPLES - 1, HEALTH_EVERY_S).result()
        return rest if first is None else (first, *rest)

    def _take_ready(self) -> tuple[Exchange, ...]:
        self._result("awake")
        return self._client(self.target.base_url).sample(READY, READY_SAMPLES, HEALTH_EVERY_S).result()

    def _take_answers(self) -> dict[str, Answer]:
        self._begin("permission")
        self._result("awake")
        writable = self._enter_ledger()
        wanted = [planned for planned in self.contract.requests if writable or not planned.needs_writing]
        first = self._ask([planned for planned in wanted if planned.after is None])
        if writable:
            self.ledger.account(self.prefix, sum(answer.accepted for answer in first.values()))
        return first | self._ask([planned for planned in wanted if planned.after is not None])

    def _take_stored(self) -> Stored:
        answers, url = self.answers(), self.target.database_url
        if (why := self._result("permission")) or url is None:
            raise Unverified(why)
        accepted, dsn = sum(answer.accepted for answer in answers.values()), url.get_secret_value()
        try:
            found = wait_for(
                f"{accepted} events in the database",
                lambda: count_rows(dsn, self.prefix)["analytics_events"],
                lambda count: count >= accepted,
                deadline_s=STORED_WITHIN_S,
                every_s=0.5,
            )
        except NotInTimeError as late:
            found = cast("int", late.last_seen)
        return Stored(accepted, found)

    def _take_exposed(self) -> tuple[Exchange, ...]:
        self._result("awake")
        paths = self.contract.exposure.leak_paths
        return self._client(self.target.base_url).send_all([get(path) for path in paths])

    def _ask(self, several: list[PlannedRequest]) -> dict[str, Answer]:
        filling = Filling(self.prefix.rstrip("-"), datetime.now(UTC))
        requests = [planned.request(filling) for planned in several]
        exchanges = self._client(self.target.base_url).send_all(requests)
        return {p.id: Answer(p, exchange) for p, exchange in zip(several, exchanges, strict=True)}

    def _enter_ledger(self) -> bool:
        """Say whether events may be sent; if so, the run's prefix is on record before anything carries it."""
        if self._result("permission"):
            return False
        self.ledger.enter(self.prefix)
        return True

    def _take_permission(self) -> str:
        """Return why no event may be sent; empty when it may."""
        if not self.target.allow_synthetic:
            return (
                "Nothing was written, so what stores events was not measured: set APEX_ALLOW_SYNTHETIC=true to allow"
                " synthetic visitors. Their rows carry the run's prefix and are removed at the end."
            )
        if self.target.database_url is None:
            return "Nothing was written, since it could not be removed again: set DATABASE_URL as well."
        if not may_delete(self.target.database_url.get_secret_value(), TABLES):
            return "Nothing was written, since the role of DATABASE_URL may not delete the rows again: grant it DELETE."
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
            values = {**(self.secrets() or {}), **self.target.secrets()}
            self._scanner = LeakScanner(values, self.contract.exposure.secret_shapes)
        self.scan.answers += 1
        self.scan.secrets += [str(leak.finding) for leak in self._scanner.scan(exchange)]
        self.scan.details += [str(finding) for finding in detail_findings(self.contract.exposure, [exchange])]


def _asleep(exchange: Exchange) -> bool:
    """Whether the answer, or its absence, is that of a service that is being woken."""
    if exchange.failure is not None:
        return exchange.failure.kind == "timeout"
    return "hibernate" in exchange.header("x-render-routing")
