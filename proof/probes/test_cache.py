"""The key value store's probe, on the real server."""

from __future__ import annotations

import pytest

from acceptance.outcomes import Unverified
from acceptance.probes.cache import read_cache
from proof.platform.background import Running
from proof.probes.served import free_port, listening, never_answer


def test_the_store_says_what_it_is(deployed: Running) -> None:
    """Flavour, version, eviction policy, memory."""
    found = read_cache(deployed.deployment.valkey.url)
    assert (found.flavour, found.eviction_policy) == ("valkey", "allkeys-lru")
    assert found.version.split(".")[0].isdecimal()
    assert 0 < found.memory_used < found.memory_limit


def test_another_policy_shows(changing: Running) -> None:
    """What was configured, not what was planned."""
    valkey = changing.deployment.valkey
    changing.do(valkey.execute("CONFIG", "SET", "maxmemory-policy", "noeviction"))
    assert read_cache(valkey.url).eviction_policy == "noeviction"


def test_why_it_can_t_be_read_is_said_without_the_password(deployed: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    """Wrong password, nobody there, silence, no address."""
    monkeypatch.setattr("acceptance.probes.cache.TIMEOUT_S", 0.3)
    place, word = deployed.deployment.valkey.url.rpartition("@")[2], "secret-0451"
    with listening(never_answer) as silent:
        wrong = {
            f"redis://default:{word}@{place}": "the user name or password is wrong",
            f"redis://:{word}@127.0.0.1:{free_port()}/0": "no connection could be made",
            f"redis://:{word}@{silent}/0": "did not answer in time",
            f"http://:{word}@h/0": "REDIS_URL is no redis://",
        }
        for address, words in wrong.items():
            with pytest.raises(Unverified) as caught:
                read_cache(address)
            assert words in str(caught.value)
            assert word not in str(caught.value)
