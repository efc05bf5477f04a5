"""A service's variables and the groups that it links."""

import pytest

from proof.provider_api.client import Provider, validate


@pytest.fixture
def path(provider: Provider) -> str:
    """Where the api's variables are."""
    return f"/services/{provider.api.id}/env-vars"


def test_put_replaces_all(provider: Provider, path: str) -> None:
    """What the body leaves out is gone; a value can be generated; nothing is deployed."""
    body = [{"key": "A", "value": "1"}, {"key": "SECRET", "generateValue": True}]
    answer = provider.http.put(path, json=body)
    assert answer.status_code == 200
    validate(path, answer.json())
    variables = {each["envVar"]["key"]: each["envVar"]["value"] for each in answer.json()}
    assert variables == provider.api.env
    assert variables["A"] == "1"
    assert len(variables["SECRET"]) == 44
    assert (len(provider.api.deploys), provider.engine.done) == (2, [])


def test_one_variable(provider: Provider, path: str) -> None:
    """Put, get and delete one; the others stay."""
    before = dict(provider.api.env)
    answer = provider.http.put(f"{path}/NEW", json={"value": "x"})
    assert (answer.status_code, answer.json()) == (200, {"key": "NEW", "value": "x"})
    assert provider.get(f"{path}/NEW") == {"key": "NEW", "value": "x"}
    answer = provider.http.delete(f"{path}/NEW")
    assert (answer.status_code, answer.content, answer.headers.get("content-type")) == (204, b"", None)
    assert provider.refused(404, "GET", f"{path}/NEW") == "not found: NEW"
    assert provider.refused(404, "DELETE", f"{path}/NEW") == "not found: NEW"
    assert provider.api.env == before


@pytest.mark.parametrize(
    "body",
    [{}, ["A"], [{"value": "1"}], [{"key": "", "value": "1"}], [{"key": "A=B", "value": "1"}], [{"key": "A"}]],
)
def test_bad_variables_change_nothing(provider: Provider, path: str, body: object) -> None:
    """A body that can't be taken is 400."""
    before = dict(provider.api.env)
    assert provider.refused(400, "PUT", path, json=body)
    assert provider.api.env == before


def test_groups_tell_whom_they_are_linked_to(provider: Provider, path: str) -> None:
    """The list is a plain array without variables; one group has them; the service's list has not."""
    (listed,) = provider.get("/env-groups")
    assert "envVars" not in listed
    assert listed["serviceLinks"] == [{"id": provider.api.id, "name": "ecomdash-api", "type": "web"}]
    group = provider.get(f"/env-groups/{listed['id']}")
    assert group["envVars"] == [{"key": "LOG_LEVEL", "value": "INFO"}]
    own = provider.walk(path, "envVar")
    assert "LOG_LEVEL" not in {each["key"] for each in own}
    assert provider.get("/env-groups", name="another") == []
