"""The catalogue of faults: what can be broken on the embedded deployment, and which criteria end otherwise then."""

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from typing import Any

from reference.deployment import Deployment

Modifier = Callable[[Deployment], Coroutine[Any, Any, None]]


@dataclass(frozen=True)
class Fault:
    """One way to break the real thing.

    `breaks` holds every criterion that ends otherwise than on the healthy deployment, and its outcome: failed, noted
    or unverified. `says` is a phrase that the account of the first of them must hold: it names the cause.
    """

    name: str
    summary: str
    breaks: Mapping[str, str]
    says: str
    apply: Modifier


CATALOGUE: dict[str, Fault] = {}


def fault(name: str, summary: str, breaks: Mapping[str, str], *, says: str) -> Callable[[Modifier], Modifier]:
    """Enter the decorated modifier into the catalogue."""

    def enter(modifier: Modifier) -> Modifier:
        if name in CATALOGUE:
            raise ValueError(f"there are two faults named {name!r}")
        CATALOGUE[name] = Fault(name, summary, breaks, says, modifier)
        return modifier

    return enter
