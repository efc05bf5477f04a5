"""Metrics are what the engine observed, gathered into steps."""

from typing import Any

import pytest

from proof.provider_api.client import Provider
from reference.provider.operations.metrics import quantile


def labels(series: Any) -> dict[str, str]:
    """A series' labels."""
    return {each["field"]: each["value"] for each in series["labels"]}


def test_gauges_keep_their_instance(provider: Provider) -> None:
    """Three observations a second apart are three values of one instance's series."""
    (series,) = provider.get("/metrics/memory", resource=provider.api.id)
    assert labels(series) == {"resource": provider.api.id, "instance": "a"}
    assert [each["value"] for each in series["values"]] == [2e8] * 3
    assert provider.get("/metrics/memory", resource=provider.api.id, instance="b") == []


def test_requests_are_counted(provider: Provider) -> None:
    """Ten requests together, or nine and one by status."""
    (series,) = provider.get("/metrics/http-requests", resource=provider.api.id)
    assert [each["value"] for each in series["values"]] == [10]
    split = provider.get("/metrics/http-requests", resource=provider.api.id, aggregateBy="statusCode")
    counts = {labels(each)["statusCode"]: each["values"][0]["value"] for each in split}
    assert counts == {"200": 9, "404": 1}
    assert provider.get("/metrics/http-requests", resource=provider.api.id, path="/other") == []


def test_latency_is_a_quantile(provider: Provider) -> None:
    """The asked quantile of the step's requests, told as a label when there are several."""
    (series,) = provider.get("/metrics/http-latency", resource=provider.api.id, quantile=0.5)
    assert [each["value"] for each in series["values"]] == [4]
    both = provider.get("/metrics/http-latency", resource=provider.api.id, quantile=[0.5, 1])
    assert [(labels(each)["quantile"], each["values"][0]["value"]) for each in both] == [("0.5", 4), ("1", 9)]


def test_steps_are_as_wide_as_asked_without_the_quirk(provider: Provider) -> None:
    """With the provider's own resolution an hour's step holds all three observations, or two steps do."""
    provider.workspace.quirks.metric_step_seconds = None
    (series,) = provider.get("/metrics/cpu", resource=provider.api.id, resolutionSeconds=3600, aggregationMethod="MAX")
    assert 1 <= len(series["values"]) <= 2


def test_a_tier_without_latency(provider: Provider) -> None:
    """Where the tier has no latency metrics they are 400; so is an unknown resource, and none."""
    provider.workspace.quirks.latency_metrics = False
    path, known = "/metrics/http-latency", {"resource": provider.api.id}
    assert "plan" in provider.refused(400, "GET", path, params=known)
    assert "srv-x" in provider.refused(400, "GET", "/metrics/cpu", params={"resource": "srv-x"})
    assert "resource" in provider.refused(400, "GET", "/metrics/cpu")


@pytest.mark.parametrize(("share", "expected"), [(0, 1), (0.5, 2), (0.75, 3), (0.95, 4), (1, 4)])
def test_quantile(share: float, expected: float) -> None:
    """The smallest value that the share of all does not exceed."""
    assert quantile(share, [4, 2, 3, 1]) == expected
