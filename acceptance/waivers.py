"""Waivers and attestations: what people decided, by name and date, checked before anything is measured."""

from __future__ import annotations

import tomllib
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from acceptance.catalogue import Catalogue
from acceptance.paths import ROOT

WAIVERS_FILE = ROOT / "waivers.toml"
ATTESTATIONS_FILE = ROOT / "attestations.toml"
LONGEST_WAIVER = timedelta(days=30)
MOST_ACTIVE = 3
OLDEST_ATTESTATION = timedelta(days=30)

Day = Annotated[date, Field(strict=True)]
"""A day as TOML writes it: no text, no number, no moment of another time zone."""


class WaiverError(Exception):
    """A waiver or attestation is malformed or not allowed; the message says which and why."""


class Waiver(BaseModel):
    """A person accepts that a criterion is failed or unverified on a target, until a day (UTC, inclusive)."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    id: str
    target: str = Field(min_length=1)
    reason: str = Field(min_length=1)
    owner: str = Field(min_length=1)
    approver: str = Field(min_length=1)
    expires: Day


class Attestation(BaseModel):
    """A person verified a manual criterion on a target."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    id: str
    target: str = Field(min_length=1)
    by: str = Field(min_length=1)
    date: Day
    evidence: str = Field(min_length=1)


@dataclass(frozen=True)
class Waivers:
    """The waivers in force for a target by criterion id, and sentences about those that are not."""

    active: Mapping[str, Waiver]
    notes: tuple[str, ...]


def utc_today() -> date:
    """Return today's date in UTC."""
    return datetime.now(UTC).date()


def load_waivers(catalogue: Catalogue, target: str, *, path: Path = WAIVERS_FILE, today: date | None = None) -> Waivers:
    """Read the waivers for a target; an expired one counts as absent and is named.

    Raises:
        WaiverError: an entry is malformed, names an unknown or unwaivable criterion or the same one twice, has the same
            person as owner and approver, lasts longer than 30 days, or more than three are active.
    """
    day = today or utc_today()
    entries = [entry for entry in _entries(path, "waiver", Waiver) if _allowed(entry, catalogue, path, day)]
    ours = [entry for entry in entries if entry.target == target]
    active = {entry.id: entry for entry in ours if entry.expires >= day}
    if len(active) != sum(entry.expires >= day for entry in ours):
        raise WaiverError(f"{path.name}: a criterion is waived twice for target {target!r}; keep one entry")
    if len(active) > MOST_ACTIVE:
        raise WaiverError(
            f"{path.name}: {len(active)} waivers are active for target {target!r}; at most {MOST_ACTIVE} may be"
        )
    expired = [f"The waiver of {e.id} expired on {e.expires} and counts as absent." for e in ours if e.expires < day]
    return Waivers(active, tuple(expired))


def load_attestations(
    catalogue: Catalogue, target: str, *, path: Path = ATTESTATIONS_FILE, today: date | None = None
) -> dict[str, Attestation]:
    """Read the attestations for a target, by criterion id.

    Raises:
        WaiverError: an entry is malformed, lies in the future or more than 30 days back, stands twice, or names a
            criterion that is measured, not attested.
    """
    day = today or utc_today()
    entries = _entries(path, "attestation", Attestation)
    for entry in entries:
        if entry.id not in catalogue or not catalogue[entry.id].manual:
            raise WaiverError(f"{path.name}: {entry.id} is no manual criterion; only those can be attested")
        if entry.date > day:
            raise WaiverError(f"{path.name}: {entry.id} is attested on {entry.date}, which is in the future")
        if entry.date < day - OLDEST_ATTESTATION:
            raise WaiverError(
                f"{path.name}: {entry.id} was attested on {entry.date}, more than {OLDEST_ATTESTATION.days} days ago;"
                " verify it again, or remove the entry"
            )
    ours = [entry for entry in entries if entry.target == target]
    attested = {entry.id: entry for entry in ours}
    if len(attested) != len(ours):
        raise WaiverError(f"{path.name}: a criterion is attested twice for target {target!r}; keep one entry")
    return attested


Entry = TypeVar("Entry", Waiver, Attestation)


def _entries(path: Path, key: str, model: type[Entry]) -> list[Entry]:
    if not path.exists():
        return []
    try:
        document: dict[str, Any] = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WaiverError(f"{path.name} can't be read: {error}") from error
    entries = document.get(key, [])
    if set(document) - {key} or not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise WaiverError(f"{path.name}: expected only [[{key}]] entries, found {', '.join(sorted(document))}")
    return [_parse(entry, path, model) for entry in entries]


def _parse(entry: dict[str, Any], path: Path, model: type[Entry]) -> Entry:
    try:
        return model.model_validate(entry)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise WaiverError(f"{path.name}: {entry.get('id', 'an entry without id')}: {where}: {first['msg']}") from None


def _allowed(entry: Waiver, catalogue: Catalogue, path: Path, today: date) -> bool:
    if entry.id not in catalogue:
        raise WaiverError(f"{path.name}: no criterion has the id {entry.id!r}; the ids are in criteria.toml")
    if not catalogue[entry.id].waivable:
        raise WaiverError(f"{path.name}: {entry.id} can't be waived; it must be fixed")
    if _person(entry.owner) == _person(entry.approver):
        raise WaiverError(f"{path.name}: {entry.id}: owner and approver are the same person; a second one must approve")
    if entry.expires > today + LONGEST_WAIVER:
        raise WaiverError(
            f"{path.name}: {entry.id}: expires {entry.expires}, more than {LONGEST_WAIVER.days} days ahead"
        )
    return True


def _person(name: str) -> str:
    """A name as people read it: case, spaces, what is not seen and ways to write an accent tell nobody apart."""
    seen = (letter for letter in unicodedata.normalize("NFKC", name) if unicodedata.category(letter) != "Cf")
    return " ".join("".join(seen).casefold().split())
