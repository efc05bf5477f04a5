"""The contract's environment and services: `environment.toml` and `services.toml`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import Field, model_validator

from acceptance.contract.reading import ContractError, Entry, parse, parse_all, read_toml

Rule = Literal["set", "one_of", "https_url", "origins", "database", "cache", "random_key", "integer"]
Kind = Literal["web_service", "background_worker", "postgres", "key_value"]


class Variable(Entry):
    """One environment variable: whether it must be set, and the rule that its value obeys."""

    required: bool
    rule: Rule
    secret: bool = False
    skippable: bool = False
    why: str = ""
    values: tuple[str, ...] = ()
    schemes: tuple[str, ...] = ()
    min_bytes: int = 0
    differs_from: str = ""
    minimum: int = 0

    @model_validator(mode="after")
    def _has_its_parameters(self) -> Self:
        needed = {"one_of": "values", "database": "schemes", "cache": "schemes", "random_key": "min_bytes"}
        parameter = needed.get(self.rule)
        if parameter and not getattr(self, parameter):
            raise ValueError(f"the rule {self.rule} needs {parameter}")
        return self


class Pool(Entry):
    """The plan's limit of database connections, and the variables that add up to an instance's share."""

    variables: tuple[str, ...] = Field(min_length=1)
    fewer_than: int = Field(ge=1)


@dataclass(frozen=True)
class EnvironmentContract:
    """The variables by name, how many at least must be set, and the pool's limit."""

    minimum: int
    variables: Mapping[str, Variable]
    pool: Pool

    @property
    def secrets(self) -> frozenset[str]:
        """The names whose values may show up nowhere; an address with a password counts."""
        return frozenset(name for name, variable in self.variables.items() if variable.secret)


class _Environment(Entry):
    minimum: int = Field(ge=1)
    pool: Pool


def read_environment_contract(path: Path) -> EnvironmentContract:
    """Read `environment.toml`.

    Raises:
        ContractError: it is broken or names no variable.
    """
    data = read_toml(path)
    variables = parse_all(path, Variable, data.pop("variables", None), "variables")
    rest = parse(path, _Environment, data)
    return EnvironmentContract(rest.minimum, variables, rest.pool)


class PlannedService(Entry):
    """One service of the plan, in the provider's words; a target may give the API another name."""

    name: str
    kind: Kind
    region: str
    required: bool
    api: bool = False
    health_check_path: str | None = None
    version: int | None = None
    eviction_policy: str | None = None
    same_variables: tuple[str, ...] = ()


def read_services(path: Path) -> tuple[PlannedService, ...]:
    """Read `services.toml`, in the plan's order.

    Raises:
        ContractError: it is broken, names no service, or not exactly one of them is the API.
    """
    tables = read_toml(path).get("services")
    named = {name: {"name": name, **entry} for name, entry in tables.items()} if isinstance(tables, dict) else None
    services = tuple(parse_all(path, PlannedService, named, "services").values())
    apis = [service.name for service in services if service.api]
    if len(apis) != 1:
        raise ContractError(f"{path.name}: services: expected api = true of one service, found {apis or 'none'}")
    return services
