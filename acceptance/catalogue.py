"""The catalogue: every criterion of the plan, read from `criteria.toml` and checked before anything is measured."""

from __future__ import annotations

import hashlib
import tomllib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from acceptance.levels import Level, Stage
from acceptance.outcomes import Outcome
from acceptance.paths import ROOT

CATALOGUE_FILE = ROOT / "criteria.toml"


class CatalogueError(Exception):
    """The catalogue, or a test's reference to it, is wrong; the message says where and what to do."""


class Criterion(BaseModel):
    """One promise of the plan."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str = Field(pattern=r"^(MH|DP|NH|KPI|OBJ|RB|PRE)-[1-9][0-9]?$")
    level: Level
    phase: int = Field(ge=0, le=7)
    stages: tuple[Stage, ...] = Field(min_length=1)
    status: Literal["finished", "planned"]
    plan: str = Field(min_length=1)
    passes: str = Field(min_length=1)
    action: str = Field(min_length=1)
    answers: Mapping[Outcome, str] = {}
    waivable: bool = True
    manual: bool = False

    @property
    def gates(self) -> bool:
        """Whether a failure is NO-GO; a nice-to-have is only noted."""
        return self.level != "nice_to_have"


@dataclass(frozen=True)
class Catalogue:
    """All criteria in the plan's order, and the digest of the file they came from."""

    criteria: tuple[Criterion, ...]
    sha256: str

    def __iter__(self) -> Iterator[Criterion]:
        """Iterate over the criteria in the plan's order."""
        return iter(self.criteria)

    def __contains__(self, criterion_id: object) -> bool:
        """Whether the id names a criterion."""
        return any(criterion.id == criterion_id for criterion in self.criteria)

    def __getitem__(self, criterion_id: str) -> Criterion:
        """Return the criterion of that id.

        Raises:
            CatalogueError: no criterion has this id.
        """
        for criterion in self.criteria:
            if criterion.id == criterion_id:
                return criterion
        raise CatalogueError(f"no criterion has the id {criterion_id!r}; the ids are in criteria.toml")

    def selected(self, stage: Stage, levels: Iterable[Level]) -> tuple[Criterion, ...]:
        """Return the criteria that count at this stage, of these levels."""
        wanted = set(levels)
        return tuple(c for c in self.criteria if stage in c.stages and c.level in wanted)

    def outside(self, stage: Stage, levels: Iterable[Level]) -> tuple[Criterion, ...]:
        """Return the criteria of these levels whose question makes no sense at this stage."""
        wanted = set(levels)
        return tuple(c for c in self.criteria if stage not in c.stages and c.level in wanted)


def load_catalogue(path: Path = CATALOGUE_FILE) -> Catalogue:
    """Read and check the catalogue.

    Raises:
        CatalogueError: the file is missing, malformed, empty, or names an id twice.
    """
    try:
        raw = path.read_bytes()
        entries: list[Any] = tomllib.loads(raw.decode()).get("criterion", [])
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(f"{path.name} can't be read: {error}") from error
    criteria = tuple(_parse(entry, path) for entry in entries)
    if not criteria:
        raise CatalogueError(f"{path.name} holds no criterion: a gate over nothing would be green by accident")
    for criterion_id, count in Counter(criterion.id for criterion in criteria).items():
        if count > 1:
            levels = sorted({c.level for c in criteria if c.id == criterion_id})
            raise CatalogueError(f"{path.name}: {criterion_id} stands {count} times (levels: {', '.join(levels)})")
    return Catalogue(criteria, hashlib.sha256(raw).hexdigest())


def _parse(entry: object, path: Path) -> Criterion:
    try:
        return Criterion.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        name = entry.get("id", "an entry without id") if isinstance(entry, dict) else "an entry that is no table"
        raise CatalogueError(f"{path.name}: {name}: {where}: {first['msg']}") from error
