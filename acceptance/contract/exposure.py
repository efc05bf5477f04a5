"""What no answer may show: `exposure.toml`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import Field

from acceptance.contract.reading import ContractError, Entry, parse, read_toml


@dataclass(frozen=True)
class Pattern:
    """A regular expression, what it recognises, in words, and the signs of which every match holds one (lower case)."""

    what: str
    regex: re.Pattern[str]
    signs: tuple[str, ...]


@dataclass(frozen=True)
class Exposure:
    """Paths that must not be served, and the patterns of what no answer may show."""

    leak_paths: tuple[str, ...]
    implementation_details: tuple[Pattern, ...]
    secret_shapes: tuple[Pattern, ...]


class _Pattern(Entry):
    signs: tuple[Annotated[str, Field(min_length=1, pattern="^[^A-Z]+$")], ...] = Field(min_length=1)
    regex: str = Field(min_length=1)


class _Exposure(Entry):
    leak_paths: tuple[str, ...] = Field(min_length=1)
    implementation_details: dict[str, _Pattern] = Field(min_length=1)
    secret_shapes: dict[str, _Pattern] = Field(min_length=1)


def read_exposure(path: Path) -> Exposure:
    """Read `exposure.toml`.

    Raises:
        ContractError: it is broken, or one of its patterns is no regular expression.
    """
    data = parse(path, _Exposure, read_toml(path))
    for wrong in (p for p in data.leak_paths if not p.startswith("/")):
        raise ContractError(f"{path.name}: leak_paths: expected a path that begins with /, found {wrong!r}")
    return Exposure(
        data.leak_paths,
        _compiled(path, "implementation_details", data.implementation_details),
        _compiled(path, "secret_shapes", data.secret_shapes),
    )


def _compiled(path: Path, key: str, patterns: Mapping[str, _Pattern]) -> tuple[Pattern, ...]:
    try:
        return tuple(Pattern(what, re.compile(entry.regex), entry.signs) for what, entry in patterns.items())
    except re.error as error:
        raise ContractError(f"{path.name}: {key}: {error.pattern!r} is no regular expression: {error}") from error
