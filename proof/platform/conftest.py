"""One deployment for all tests here; each gets it healed."""

from collections.abc import Iterator

import pytest

from proof.platform.background import Running, running


@pytest.fixture(scope="session")
def _booted() -> Iterator[Running]:
    with running() as up:
        yield up


@pytest.fixture
def up(_booted: Running) -> Running:
    """The deployment, in its healthy state."""
    _booted.do(_booted.deployment.heal())
    return _booted
