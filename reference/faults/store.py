"""Faults of the key value store: its process, its settings, and whether the application may use it."""

from reference.deployment import Deployment
from reference.faults.catalogue import fault


@fault(
    "cache-down",
    "the key value store is not there",
    {"MH-1": "failed", "MH-2": "failed", "MH-6": "failed", "DP-3": "failed"},
    says="ecomdash-redis",
)
async def cache_down(deployment: Deployment) -> None:
    """The application serves without it, and says that it is not well."""
    await deployment.valkey.stop()


@fault("eviction-policy-changed", "the store does not evict as planned", {"MH-1": "noted"}, says="eviction policy")
async def eviction_policy_changed(deployment: Deployment) -> None:
    """It refuses writes when full instead of dropping what is old."""
    await deployment.valkey.execute("CONFIG", "SET", "maxmemory-policy", "noeviction")


@fault("store-full", "the store refuses writes: its memory is full", {"DP-3": "noted"}, says="the rate limit is off")
async def store_full(deployment: Deployment) -> None:
    """It answers PING and evicts as planned; requests are served without their limit."""
    await deployment.valkey.execute("CONFIG", "SET", "maxmemory", 1)


@fault(
    "store-full-and-keeping",
    "the store is full and evicts nothing",
    {"MH-1": "noted", "DP-3": "noted"},
    says="eviction policy",
)
async def store_full_and_keeping(deployment: Deployment) -> None:
    """What the planned policy is to prevent."""
    await deployment.valkey.execute("CONFIG", "SET", "maxmemory", 1, "maxmemory-policy", "noeviction")
