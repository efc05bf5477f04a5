"""One deployment for all tests here; each gets it healed."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

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


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files that every account can pass through: pytest's own is for one account alone."""
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder
