"""A target's settings: what is wrong is said by name, never by value."""

from __future__ import annotations

from pathlib import Path

import pytest

from acceptance.target import TargetError, load_target, make_target

GOOD = {"APEX_BASE_URL": "https://ecomdash-api.example.com", "DATABASE_URL": "postgresql://u:hidden-word@h/d"}


def target_file(folder: Path, **values: str) -> str:
    """Write a settings file and return its path."""
    path = folder / "staging.env"
    path.write_text("".join(f"{key}={value}\n" for key, value in (GOOD | values).items()))
    return str(path)


def test_a_file_is_read_and_the_environment_wins(tmp_path: Path) -> None:
    """So that secrets can come from the CI's store."""
    target = load_target(target_file(tmp_path), {"APEX_BASE_URL": "https://other.example.com/"})
    assert (target.name, target.base_url) == ("staging", "https://other.example.com")
    assert target.database_url is not None


@pytest.mark.parametrize(
    ("values", "sentence"),
    [
        ({"APEX_BASE_URL": ""}, "APEX_BASE_URL: Field required"),
        ({"APEX_BASE_URL": "http://h"}, "APEX_BASE_URL: .*expected an address like https"),
        ({"APEX_BASE_URL": "https://u:hidden-word@h"}, "without user name"),
        ({"APEX_CA_FILE": "/no/such/file"}, "APEX_CA_FILE: .*no such file"),
        ({"APEX_REQUEST_BUDGET": "0"}, "APEX_REQUEST_BUDGET"),
        ({"APEX_ALLOW_LOAD": "perhaps"}, "APEX_ALLOW_LOAD"),
        ({"DATABASE_URL": "postgresql://u:hidden-word#a@h/d"}, "DATABASE_URL: .*percent-encode"),
        ({"DATABASE_URL": "postgresql://u:hidden-word/a@h/d"}, "DATABASE_URL: .*percent-encode"),
        ({"REDIS_URL": "redis://:hidden-word[a]@h"}, "REDIS_URL: .*percent-encode"),
        ({"RENDER_API_KEY": "rnd_hidden-word\u00e9"}, "RENDER_API_KEY: .*ASCII"),
        ({"APEX_BASE_ULR": "x"}, "unknown setting APEX_BASE_ULR; did you mean APEX_BASE_URL"),
    ],
)
def test_a_wrong_setting_is_named_without_its_value(tmp_path: Path, values: dict[str, str], sentence: str) -> None:
    """A usage error before anything is sent."""
    with pytest.raises(TargetError, match=sentence) as caught:
        load_target(target_file(tmp_path, **values), {})
    assert "hidden-word" not in str(caught.value)


def test_an_unknown_target_names_the_known_ones() -> None:
    """Never a silent default."""
    with pytest.raises(TargetError, match="known here: reference"):
        load_target("prodcution", {})


def test_no_secret_shows_in_a_target_s_repr_and_all_are_known_to_redaction() -> None:
    """Passwords inside addresses too."""
    target = make_target(GOOD, "x")
    assert "hidden-word" not in repr(target)
    assert target.secrets()["DATABASE_URL (password)"] == "hidden-word"


def test_the_values_rebuild_the_same_target() -> None:
    """Workers get a target this way."""
    target = make_target(GOOD | {"APEX_ALLOW_SYNTHETIC": "true"}, "x")
    assert make_target(target.values(), "x") == target
