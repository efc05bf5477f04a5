"""Owners and whom the provider notifies."""

import pytest

from proof.provider_api.client import Provider


def test_owners(provider: Provider) -> None:
    """The key's one workspace, listed and alone; a filter may leave none."""
    (owner,) = provider.walk("/owners", "owner")
    assert provider.get(f"/owners/{owner['id']}") == owner
    assert provider.get("/owners", name="Nobody") == []


def test_notifications_change(provider: Provider) -> None:
    """A change tells the new state and leaves what it doesn't name, Slack always."""
    path = f"/notification-settings/owners/{provider.workspace.owner.id}"
    assert provider.get(path)["notificationsToSend"] == "failure"
    change = {"notificationsToSend": "all", "emailEnabled": False, "slackEnabled": True}
    answer = provider.http.patch(path, json=change)
    assert answer.status_code == 200
    assert answer.json() == provider.get(path)
    told = provider.get(path)
    assert (told["notificationsToSend"], told["emailEnabled"], told["slackEnabled"]) == ("all", False, False)


def test_overrides(provider: Provider) -> None:
    """A service has the defaults until it is given something; then it is listed."""
    path = f"/notification-settings/overrides/services/{provider.api.id}"
    assert provider.get(path)["notificationsToSend"] == "default"
    assert provider.get("/notification-settings/overrides") == []
    changed = provider.http.patch(path, json={"notificationsToSend": "none"}).json()
    assert changed == provider.get(path)
    assert (changed["notificationsToSend"], changed["previewNotificationsEnabled"]) == ("none", "default")
    assert list(provider.walk("/notification-settings/overrides", "override", limit=1)) == [changed]
    assert provider.get("/notification-settings/overrides", serviceId="srv-x") == []


@pytest.mark.parametrize(
    "change",
    [{"notificationsToSend": "some"}, {"emailEnabled": "yes"}, {"previewNotificationsEnabled": None}, []],
)
def test_bad_changes_change_nothing(provider: Provider, change: object) -> None:
    """A setting that can't be taken is 400."""
    path = f"/notification-settings/owners/{provider.workspace.owner.id}"
    before = provider.get(path)
    assert provider.refused(400, "PATCH", path, json=change)
    assert provider.get(path) == before
