"""One bench for each process of the proof."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from proof.gate.bench import Bench
from proof.gate.copies import Copy


@pytest.fixture(scope="session")
def _booted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    """A deployment that is booted once."""
    with Bench(tmp_path_factory.mktemp("bench")) as bench:
        yield bench


@pytest.fixture
def bench(_booted: Bench) -> Iterator[Bench]:
    """A healthy deployment; whatever the test breaks is healed afterwards."""
    yield _booted
    _booted.heal()


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    """A copy of the suite, to be edited."""
    return Copy(tmp_path / "suite")
