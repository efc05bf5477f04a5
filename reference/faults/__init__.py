"""The catalogue of faults: what can be broken on the embedded deployment, and which criteria then fail."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from reference.deployment import Deployment


@dataclass(frozen=True)
class Fault:
    """One way to break the real thing.

    `breaks` says for each criterion that fails how it ends.
    """

    name: str
    summary: str
    breaks: Mapping[str, str]
    apply: Callable[[Deployment], Awaitable[None]]


CATALOGUE: dict[str, Fault] = {}
