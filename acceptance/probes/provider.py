"""What the hosting provider says of the plan's services: one reading, in two waves of concurrent requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from acceptance.contract import PlannedService
from acceptance.outcomes import Unverified
from acceptance.probes.closing import Closing
from acceptance.probes.provider_client import ProviderApi
from acceptance.probes.provider_models import (
    Database,
    Deploy,
    EnvGroup,
    EnvVar,
    KeyValue,
    Service,
    newest_first,
)

CONCURRENT = 6
MOST_DEPLOY_PAGES = 5
SERVICE_KINDS = ("web_service", "background_worker")

Named = TypeVar("Named", Service, Database, KeyValue)


@dataclass(frozen=True)
class ProviderReading:
    """The plan's resources as the provider shows them; what does not exist is None or left out.

    `deploys` are the API's, newest first by creation time: the last hundred, and more until one of them is live.
    `environments` holds variables by name, by service, of the API and of the services that share variables with it.
    """

    services: Mapping[str, Service]
    databases: Mapping[str, Database]
    stores: Mapping[str, KeyValue]
    api_name: str
    deploys: tuple[Deploy, ...]
    environments: Mapping[str, Mapping[str, str]]

    @property
    def api(self) -> Service | None:
        """The API's service."""
        return self.services.get(self.api_name)

    @property
    def env(self) -> Mapping[str, str]:
        """The API's variables, linked groups included.

        Raises:
            Unverified: there is no such service.
        """
        found = self.environments.get(self.api_name)
        if found is None:
            raise Unverified(
                f"the provider has no service {self.api_name!r}, so its variables can't be read; check APEX_SERVICE,"
                " and that RENDER_API_KEY belongs to the right workspace"
            )
        return found


class ProviderClient(Closing):
    """Reads the plan's resources from the provider's API.

    Args:
        base_url: the API's address with its version, such as https://api.render.com/v1.
        api_key: the bearer key; it appears in no message.
        ca_file: authorities to trust instead of the usual ones.
    """

    def __init__(self, base_url: str, api_key: str, ca_file: Path | None = None) -> None:
        self.api = ProviderApi(base_url, api_key, ca_file)
        self._threads = ThreadPoolExecutor(CONCURRENT, "provider")

    def close(self) -> None:
        """Close the connections and end the threads."""
        self._threads.shutdown(cancel_futures=True)
        self.api.close()

    def read(self, service_name: str, planned: Sequence[PlannedService]) -> ProviderReading:
        """Read the plan's resources, the API's deploys and the environments.

        Args:
            service_name: the API's name at the provider.
            planned: the services of the plan.

        Raises:
            Unverified: something could not be read, or a name is not unique; says why and what to do.
        """
        services = self._threads.submit(self.api.pages, "/services", "service", Service)
        databases = self._threads.submit(self.api.pages, "/postgres", "postgres", Database)
        stores = self._threads.submit(self.api.pages, "/key-value", "keyValue", KeyValue)
        groups = self._threads.submit(self.api.pages, "/env-groups", "envGroup", EnvGroup)
        found = _by_name(services.result(), {service_name, *_names(planned, *SERVICE_KINDS)})
        sharing = {service_name, *(service.name for service in planned if service.same_variables)}
        deploys, environments = self._details(
            found.get(service_name), [found[name] for name in sorted(sharing & set(found))], groups.result()
        )
        primaries = [database for database in databases.result() if database.role == "primary"]
        return ProviderReading(
            services=found,
            databases=_by_name(primaries, _names(planned, "postgres")),
            stores=_by_name(stores.result(), _names(planned, "key_value")),
            api_name=service_name,
            deploys=deploys,
            environments=environments,
        )

    def _details(
        self, api: Service | None, sharing: Sequence[Service], groups: Sequence[EnvGroup]
    ) -> tuple[tuple[Deploy, ...], dict[str, dict[str, str]]]:
        linked = {
            service.id: [g for g in groups if service.id in {link.id for link in g.service_links}]
            for service in sharing
        }
        wanted = {group.id for several in linked.values() for group in several}
        full = {i: self._threads.submit(self.api.get, f"/env-groups/{i}", EnvGroup) for i in sorted(wanted)}
        own = {
            service.id: self._threads.submit(self.api.pages, f"/services/{service.id}/env-vars", "envVar", EnvVar)
            for service in sharing
        }
        deploys = api and self._threads.submit(self._deploys, api)
        environments = {
            service.name: merged(own[service.id].result(), [full[group.id].result() for group in linked[service.id]])
            for service in sharing
        }
        return deploys.result() if deploys else (), environments

    def _deploys(self, api: Service) -> tuple[Deploy, ...]:
        """The newest deploys: of a listing that begins with them the first pages, of any other the whole."""
        found: list[Deploy] = []
        for number, page in enumerate(self.api.each_page(f"/services/{api.id}/deploys", "deploy", Deploy), start=1):
            found += page
            enough = number == MOST_DEPLOY_PAGES or any(deploy.status == "live" for deploy in found)
            if enough and tuple(found) == newest_first(found):
                break
        return newest_first(found)


def merged(own: Iterable[EnvVar], groups: Iterable[EnvGroup]) -> dict[str, str]:
    """Return the variables of a service and its linked groups together; the service's own win."""
    shared = (variable for group in groups for variable in group.env_vars)
    return {variable.key: variable.value for variable in (*shared, *own)}


def _names(planned: Iterable[PlannedService], *kinds: str) -> set[str]:
    """The names of the planned services of these kinds, but for the API's, which the target names."""
    return {service.name for service in planned if service.kind in kinds and not service.api}


def _by_name(found: Iterable[Named], names: set[str]) -> dict[str, Named]:
    kept: dict[str, Named] = {}
    for resource in found:
        if resource.name not in names:
            continue
        if resource.name in kept:
            both = f"{kept[resource.name].id}, {resource.id}"
            raise Unverified(
                f"the provider has two resources of one kind named {resource.name!r} ({both}): which one is the plan's"
                " can't be told; rename or delete the other"
            )
        kept[resource.name] = resource
    return kept
