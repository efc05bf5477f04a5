"""Lists come in pages, each behind the cursor of the one before."""

import re

import pytest

from proof.provider_api.client import Provider
from reference.provider.model import Deploy
from reference.provider.pages import cursor


@pytest.mark.parametrize("limit", [1, 2, 24, 25, 26, 100])
def test_a_walk_meets_every_item_once(provider: Provider, limit: int) -> None:
    """Whatever the page's size, the pages together are the list."""
    walked = list(provider.walk(f"/services/{provider.api.id}/env-vars", "envVar", limit=limit))
    assert {each["key"]: each["value"] for each in walked} == provider.api.env
    assert len(walked) == 25


def test_a_page_holds_twenty_unless_asked(provider: Provider) -> None:
    """The default is 20; the next page holds the rest, the one behind it nothing."""
    path = f"/services/{provider.api.id}/env-vars"
    first = provider.get(path)
    second = provider.get(path, cursor=first[-1]["cursor"])
    assert (len(first), len(second)) == (20, 5)
    assert provider.get(path, cursor=second[-1]["cursor"]) == []


def test_cursors_are_opaque_and_differ(provider: Provider) -> None:
    """Thirty-two url-safe characters, the same beginning in a listing, another in another listing."""
    services = [each["cursor"] for each in provider.get("/services")]
    variables = [each["cursor"] for each in provider.get(f"/services/{provider.api.id}/env-vars")]
    assert all(re.fullmatch(r"[\w-]{32}", each) for each in services + variables)
    assert len(set(services + variables)) == len(services) + len(variables)
    assert len({each[:10] for each in services}) == len({each[:10] for each in variables}) == 1
    assert services[0][:10] != variables[0][:10]


def test_a_cursor_whose_item_is_gone_is_past_the_end(provider: Provider) -> None:
    """A sound cursor of nothing gives an empty page."""
    assert provider.get("/services", cursor=cursor("service", "srv-00000000000000000000")) == []


def test_deploys_are_not_always_newest_first(provider: Provider) -> None:
    """With an even number of deploys the newest is listed second; with the quirk off it is first."""
    path = f"/services/{provider.api.id}/deploys"
    newest = provider.api.newest_deploy
    assert newest is not None
    assert [each["deploy"]["id"] for each in provider.get(path)].index(newest.id) == 1
    provider.workspace.quirks.newest_first = True
    assert provider.get(path)[0]["deploy"]["id"] == newest.id


def test_a_new_deploy_moves_no_other(provider: Provider) -> None:
    """A walk that is under way while a deploy begins still meets each of the old ones."""
    path = f"/services/{provider.api.id}/deploys"
    provider.api.deploys += [Deploy("deactivated") for _ in range(5)]
    old = {each.id for each in provider.api.deploys}
    walk = provider.walk(path, "deploy", limit=2)
    met = {next(walk)["id"], next(walk)["id"]}
    provider.api.deploys.append(Deploy("created"))
    met |= {each["id"] for each in walk}
    assert met >= old
