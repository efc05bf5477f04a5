"""The reader of a key value store, against a real one and against what is none."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from acceptance.outcomes import Unverified
from acceptance.probes.store import StoreReading, read_store
from acceptance.target import Target
from proof.platform.background import Running


@pytest.fixture
def url(target: Target) -> str:
    """The address of the deployment's store."""
    assert target.redis_url is not None
    return target.redis_url.get_secret_value()


@pytest.fixture
def mute() -> Iterator[int]:
    """A port that takes connections and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_a_store_is_read(url: str) -> None:
    """It answers PING, and says which one it is and what it evicts."""
    found = read_store(url)
    assert found == StoreReading(pong=True, flavour="Valkey", version=found.version, eviction_policy="allkeys-lru")
    assert found.version[0].isdigit()


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("redis://default:not-the-Pa55word@{place}", "the user name or password is wrong"),
        ("redis://{place}", "the user name or password is wrong"),
        ("redis://127.0.0.1:9", "no connection could be made"),
        ("redis://nowhere.invalid:6379", "no connection could be made"),
        ("http://{place}", "REDIS_URL is no redis:// or rediss:// address"),
    ],
)
def test_what_can_t_be_asked_is_unverified(url: str, wrong: str, why: str) -> None:
    """With the reason, and never the password."""
    with pytest.raises(Unverified, match=why) as told:
        read_store(wrong.format(place=url.rpartition("@")[2]))
    assert "Pa55word" not in str(told.value)


def test_a_store_that_hangs_is_unverified(mute: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """After the time-out."""
    monkeypatch.setattr("acceptance.probes.store.TIMEOUT_S", 0.2)
    with pytest.raises(Unverified, match="did not answer in time"):
        read_store(f"redis://127.0.0.1:{mute}")


def test_a_store_that_is_down_is_unverified(url: str, up: Running) -> None:
    """As the gate meets it."""
    up.do(up.deployment.valkey.stop())
    with pytest.raises(Unverified, match="no connection could be made; is it up"):
        read_store(url)
