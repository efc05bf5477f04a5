"""One deployment for all folders that need one."""

from collections.abc import Iterator

import pytest

from proof.platform.background import Running, running


@pytest.fixture(scope="session")
def booted() -> Iterator[Running]:
    """A healthy deployment, booted once for each process; whoever changes it heals it afterwards."""
    with running() as up:
        yield up


@pytest.fixture
def up(booted: Running) -> Iterator[Running]:
    """The healthy deployment, for a test that may break it: it is healed afterwards."""
    yield booted
    booted.do(booted.deployment.heal())
