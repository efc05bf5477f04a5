"""Where the tests' deployments may put what is theirs."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest


@pytest.fixture
def temporary() -> Iterator[Path]:
    """A folder for temporary files that every account can pass through: pytest's own is for one account alone."""
    with TemporaryDirectory() as name:
        folder = Path(name).resolve()
        folder.chmod(0o755)
        yield folder
