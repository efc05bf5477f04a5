"""The settings that lead to the deployment of this process."""

from __future__ import annotations

import pytest

from acceptance.target import Target, make_target
from proof.platform.background import Running


@pytest.fixture(scope="session")
def target(booted: Running) -> Target:
    """The settings that lead to the deployment."""
    return make_target(booted.settings, "proof")
