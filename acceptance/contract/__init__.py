"""What the application promised: the data files of `contract/`, each read and checked when it is first asked for."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from acceptance.contract.api import Api, Operation, read_api
from acceptance.contract.database import DatabaseContract, read_database_contract
from acceptance.contract.environment import (
    EnvironmentContract,
    PlannedService,
    Variable,
    read_environment_contract,
    read_services,
)
from acceptance.contract.exposure import Exposure, Pattern, read_exposure
from acceptance.contract.reading import CONTRACT_DIR, ContractError
from acceptance.contract.requests import Filling, PlannedRequest, PlannedRequests, read_requests
from acceptance.probes.schema import Schema

__all__ = [
    "CONTRACT_DIR",
    "Api",
    "Contract",
    "ContractError",
    "DatabaseContract",
    "EnvironmentContract",
    "Exposure",
    "Filling",
    "Operation",
    "Pattern",
    "PlannedRequest",
    "PlannedRequests",
    "PlannedService",
    "Variable",
]


class Contract:
    """The contract, read file by file; each property raises ContractError when its file is broken.

    Args:
        folder: where the files are.
    """

    def __init__(self, folder: Path = CONTRACT_DIR) -> None:
        self.folder = folder

    def check(self) -> None:
        """Read every file now, so that what is wrong is said before anything is measured.

        Raises:
            ContractError: a file is broken.
        """
        for name in ("database", "environment", "services", "exposure", "requests"):
            getattr(self, name)

    @cached_property
    def database(self) -> DatabaseContract:
        """The head revision, the chain, and the schema that they leave behind."""
        return read_database_contract(self.folder / "schema.toml")

    @property
    def schema(self) -> Schema:
        """The head revision's schema."""
        return self.database.schema

    @cached_property
    def environment(self) -> EnvironmentContract:
        """The variables of the API's environment."""
        return read_environment_contract(self.folder / "environment.toml")

    @cached_property
    def services(self) -> tuple[PlannedService, ...]:
        """The services of the plan."""
        return read_services(self.folder / "services.toml")

    @cached_property
    def exposure(self) -> Exposure:
        """What no answer may show."""
        return read_exposure(self.folder / "exposure.toml")

    @cached_property
    def api(self) -> Api:
        """The API's operations and schemas."""
        return read_api(self.folder / "openapi.yaml")

    @cached_property
    def requests(self) -> PlannedRequests:
        """The requests that the API is asked with."""
        return read_requests(self.folder / "requests.yaml", self.api)
