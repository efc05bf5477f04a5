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
