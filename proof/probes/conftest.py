"""One embedded deployment for all tests here; a test that changes it has it healed afterwards."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from acceptance.target import Target, make_target
from proof.platform.background import Running, running


@pytest.fixture(scope="session")
def deployed() -> Iterator[Running]:
    """The deployment, healthy."""
    with running() as up:
        yield up


@pytest.fixture
def changing(deployed: Running) -> Iterator[Running]:
    """The deployment, for a test that breaks something."""
    yield deployed
    deployed.do(deployed.deployment.heal())


@pytest.fixture(scope="session")
def target(deployed: Running) -> Target:
    """The settings that lead to the deployment."""
    return make_target(deployed.settings, "proof")
