"""Reading the contract's files: a broken one is said by file, key and what was expected."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from acceptance.paths import ROOT

CONTRACT_DIR = ROOT / "contract"


class ContractError(Exception):
    """A file of the contract is wrong; the message names the file, the key and what is expected."""


class Entry(BaseModel):
    """One entry of a file of the contract: frozen, and no unknown key goes unnoticed."""

    model_config = ConfigDict(extra="forbid", frozen=True)


EntryT = TypeVar("EntryT", bound=Entry)


def read_text(path: Path) -> str:
    """Return the file's text.

    Raises:
        ContractError: it can't be read.
    """
    try:
        return path.read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ContractError(f"{path.name} can't be read: {error}") from error


def read_toml(path: Path) -> dict[str, Any]:
    """Return the file's tables.

    Raises:
        ContractError: it can't be read, or is no TOML.
    """
    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise ContractError(f"{path.name} is no valid TOML: {error}") from error


def read_yaml(path: Path) -> dict[str, Any]:
    """Return the file's mapping.

    Raises:
        ContractError: it can't be read, is no YAML, or holds something else than a mapping.
    """
    import yaml

    try:
        found = yaml.load(read_text(path), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506 - both are safe
    except yaml.YAMLError as error:
        raise ContractError(f"{path.name} is no valid YAML: {error}") from error
    if not isinstance(found, dict):
        raise ContractError(f"{path.name}: expected a mapping at the top, found {type(found).__name__}")
    return found


def parse(path: Path, model: type[EntryT], data: object, key: str = "") -> EntryT:
    """Check `data` against `model`.

    Raises:
        ContractError: it does not fit; names the first wrong key below `key`.
    """
    try:
        return model.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        where = ".".join([*([key] if key else []), *map(str, first["loc"])])
        raise ContractError(f"{path.name}: {where or 'the whole file'}: {first['msg']}") from error


def parse_all(path: Path, model: type[EntryT], tables: object, key: str) -> dict[str, EntryT]:
    """Check every table below `key`; none at all is an error, since a check over nothing passes by accident.

    Raises:
        ContractError: there is none, or one does not fit.
    """
    if not isinstance(tables, Mapping) or not tables:
        raise ContractError(f"{path.name}: {key}: expected at least one entry, found none")
    return {str(name): parse(path, model, entry, f"{key}.{name}") for name, entry in tables.items()}
