"""What is refused before and beside the operations: keys, unknown ids, bad parameters, too many requests."""

import pytest

from proof.provider_api.client import Provider


@pytest.mark.parametrize("key", ["Bearer rnd_wrong", "Bearer", "Basic cm5kOng=", "", "Bearer rnd_\u00e4"])
def test_a_wrong_key_is_401(provider: Provider, key: str) -> None:
    """Without the workspace's key nothing is told."""
    headers = {"Authorization": key.encode()}
    assert provider.refused(401, "GET", "/services", headers=headers) == "unauthorized"
    assert provider.refused(401, "GET", "/nowhere", headers=headers) == "unauthorized"


@pytest.mark.parametrize(
    "path",
    [
        "/services/{}",
        "/services/{}/deploys",
        "/services/{}/env-vars",
        "/services/{}/events",
        "/services/{}/instances",
        "/postgres/{}",
        "/postgres/{}/connection-info",
        "/key-value/{}",
        "/key-value/{}/connection-info",
        "/env-groups/{}",
        "/owners/{}",
        "/notification-settings/owners/{}",
        "/notification-settings/overrides/services/{}",
    ],
)
def test_an_unknown_id_is_404(provider: Provider, path: str) -> None:
    """The message of a 404 is `not found: ` and the id."""
    unknown = "srv-00000000000000000000"
    assert provider.refused(404, "GET", path.format(unknown)) == f"not found: {unknown}"


def test_unknown_paths_and_methods(provider: Provider) -> None:
    """A path that isn't served is 404, a method that isn't is 405, both as JSON."""
    assert provider.refused(404, "GET", "/nowhere") == "not found: /v1/nowhere"
    assert provider.refused(405, "DELETE", "/owners") == "method not allowed"


def test_json_must_be_acceptable(provider: Provider) -> None:
    """Who accepts no JSON gets 406."""
    assert "application/json" in provider.refused(406, "GET", "/owners", headers={"Accept": "text/html"})


@pytest.mark.parametrize(
    ("path", "parameter", "value"),
    [
        ("/services", "limit", "0"),
        ("/services", "limit", "101"),
        ("/services", "limit", "many"),
        ("/services", "type", "web"),
        ("/services", "suspended", "no"),
        ("/services", "createdAfter", "yesterday"),
        ("/services", "createdAfter", "2026-02-30T00:00:00Z"),
        ("/services", "createdAfter", "2026-02-03T00:00:00"),
        ("/services", "cursor", "nonsense"),
        ("/postgres", "suspended", "maybe"),
        ("/services/{}/deploys", "status", "fine"),
        ("/metrics/cpu", "resolutionSeconds", "29"),
        ("/metrics/cpu", "resolutionSeconds", "nan"),
        ("/metrics/cpu", "aggregationMethod", "SUM"),
        ("/metrics/http-latency", "quantile", "1.1"),
        ("/metrics/http-requests", "aggregateBy", "path"),
    ],
)
def test_a_bad_parameter_is_400(provider: Provider, path: str, parameter: str, value: str) -> None:
    """The message names the parameter."""
    parameters = {"resource": provider.api.id, parameter: value}
    message = provider.refused(400, "GET", path.format(provider.api.id), params=parameters)
    assert parameter in message


def test_too_many_reads_are_429(provider: Provider) -> None:
    """Beyond the limit: 429 with the seconds to wait, until the window is over."""
    provider.workspace.rate_limits.reads = 3
    left = [provider.http.get("/owners").headers["ratelimit-remaining"] for _ in range(3)]
    assert left == ["2", "1", "0"]
    answer = provider.http.get("/owners")
    assert (answer.status_code, answer.json()) == (429, {"message": "rate limit exceeded"})
    assert answer.headers["retry-after"] == answer.headers["ratelimit-reset"]
    assert answer.headers["ratelimit-remaining"] == "0"
    provider.workspace.rate_limits.window_seconds = 0
    assert provider.http.get("/owners").status_code == 200


def test_actions_are_limited_for_each_service(provider: Provider) -> None:
    """Deploys have a bucket for each service, apart from reads and from other writes."""
    provider.workspace.rate_limits.actions = 1
    path = f"/services/{provider.api.id}/deploys"
    answer = provider.http.post(path, json={})
    assert (answer.status_code, answer.headers["ratelimit-limit"]) == (201, "1")
    assert provider.refused(429, "POST", path, json={}) == "rate limit exceeded"
    other = provider.workspace.services[1].id
    assert provider.http.post(f"/services/{other}/deploys", json={}).status_code == 201
    assert provider.http.get(path).headers["ratelimit-limit"] == "400"
    assert provider.http.post(f"/services/{other}/restart").headers["ratelimit-limit"] == "100"
    assert len(provider.api.deploys) == 3


def test_a_fault_of_the_engine_is_a_json_500(provider: Provider) -> None:
    """What breaks inside is 500 and tells nothing of the inside."""
    path = f"/notification-settings/owners/{provider.workspace.owner.id}"
    provider.workspace.notifications = None  # type: ignore[assignment]
    # The server closes the connection behind such an answer: it must not be kept for the next test.
    closing = {"Connection": "close"}
    assert provider.refused(500, "GET", path, headers=closing) == "internal server error"
