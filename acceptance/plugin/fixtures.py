"""The fixtures of the acceptance tests: the target, the contract, and each measurement by its name."""

from __future__ import annotations

import pytest

from acceptance.contract import Contract
from acceptance.measurements import Measurements
from acceptance.notebook import Notebook
from acceptance.plugin.results import notebook
from acceptance.plugin.run import RUN
from acceptance.probes.activity import Activity
from acceptance.probes.database import DatabaseReading
from acceptance.probes.exchange import Exchange
from acceptance.probes.provider import ProviderReading
from acceptance.probes.store import StoreReading
from acceptance.probes.tls import TlsReading
from acceptance.readings import Answer, Stored
from acceptance.target import Target


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask each endpoint of the contract in a test of its own: what is added there is tested here."""
    for name in ("good", "bad"):
        if f"{name}_answer" in metafunc.fixturenames:
            contract = metafunc.config.stash[RUN].measurements.contract
            ids = [planned.id for planned in getattr(contract.requests, name)]
            metafunc.parametrize(f"{name}_answer", ids, ids=ids, indirect=True)


@pytest.fixture(scope="session")
def measurements(pytestconfig: pytest.Config) -> Measurements:
    """What this process measures."""
    return pytestconfig.stash[RUN].measurements


@pytest.fixture(scope="session")
def target(measurements: Measurements) -> Target:
    """The target's settings."""
    return measurements.target


@pytest.fixture(scope="session")
def contract(measurements: Measurements) -> Contract:
    """What the application promised."""
    return measurements.contract


@pytest.fixture
def evidence(request: pytest.FixtureRequest) -> Notebook:
    """Where the test records what it measured, and what people should know although it passes."""
    return notebook(request.node)


@pytest.fixture
def provider(measurements: Measurements) -> ProviderReading:
    """What the hosting provider says."""
    return measurements.provider()


@pytest.fixture
def database(measurements: Measurements) -> DatabaseReading:
    """The database's catalogs."""
    return measurements.database()


@pytest.fixture
def store(measurements: Measurements) -> StoreReading | None:
    """What the key value store says of itself; None when REDIS_URL is not set."""
    return measurements.store()


@pytest.fixture
def activity(measurements: Measurements) -> Activity:
    """What the API logged, and what happened to it, of late."""
    return measurements.activity()


@pytest.fixture
def tls(measurements: Measurements) -> TlsReading:
    """What the TLS handshake shows."""
    return measurements.tls()


@pytest.fixture
def redirects(measurements: Measurements) -> tuple[Exchange, ...]:
    """The answers of the plain-http address."""
    return measurements.redirects()


@pytest.fixture
def health(measurements: Measurements) -> tuple[Exchange, ...]:
    """Samples of the health endpoint."""
    return measurements.health()


@pytest.fixture
def ready(measurements: Measurements) -> tuple[Exchange, ...]:
    """Samples of the readiness endpoint."""
    return measurements.ready()


@pytest.fixture
def good_answer(request: pytest.FixtureRequest, measurements: Measurements) -> Answer:
    """The answer to one good input."""
    return measurements.answer(request.param)


@pytest.fixture
def bad_answer(request: pytest.FixtureRequest, measurements: Measurements) -> Answer:
    """The answer to one bad input."""
    return measurements.answer(request.param)


@pytest.fixture
def stored(measurements: Measurements) -> Stored:
    """How many of the accepted events the tested database holds."""
    return measurements.stored()


@pytest.fixture
def exposed(measurements: Measurements) -> tuple[Exchange, ...]:
    """The answers of well-known leak paths."""
    return measurements.exposed()
