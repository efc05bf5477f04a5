"""The catalogue and the register of tests: what is wrong is said at collection, before anything is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from acceptance.catalogue import CatalogueError, load_catalogue
from acceptance.registry import RUN_CHECKS, expected_tests

CATALOGUE = load_catalogue()
ENTRY = """
[[criterion]]
id = "{id}"
level = "{level}"
phase = 1
stages = ["post-deploy"]
status = "{status}"
plan = "words"
passes = "rule"
action = "act"
"""


def entry(criterion_id: str = "MH-1", level: str = "must_have", status: str = "finished") -> str:
    """Return a criterion's text."""
    return ENTRY.format(id=criterion_id, level=level, status=status)


def test_the_catalogue_holds_every_row_of_the_plan() -> None:
    """Seven must-haves, four decisions, four nice-to-haves, seven KPIs, six objectives, five rollbacks, nine checks."""
    counts = {prefix: sum(c.id.startswith(f"{prefix}-") for c in CATALOGUE) for prefix in ("MH", "DP", "NH", "KPI")}
    rest = {prefix: sum(c.id.startswith(f"{prefix}-") for c in CATALOGUE) for prefix in ("OBJ", "RB", "PRE")}
    assert counts == {"MH": 7, "DP": 4, "NH": 4, "KPI": 7}
    assert rest == {"OBJ": 6, "RB": 5, "PRE": 9}


def test_the_unwaivable_criteria_are_the_plan_s() -> None:
    """Health, tables, migrations and security can only be fixed."""
    assert [c.id for c in CATALOGUE if not c.waivable] == ["MH-2", "MH-3", "MH-4", "MH-7"]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "holds no criterion"),
        (entry() + entry(level="kpi"), "MH-1 stands 2 times .levels: kpi, must_have"),
        (entry(level="must-have"), "level"),
        (entry("XX-1"), "id"),
        (entry() + "colour = 'red'\n", "colour"),
        ("[[criterion]", "can't be read"),
        ("criterion = [1]", "an entry that is no table"),
    ],
)
def test_a_wrong_catalogue_is_refused(tmp_path: Path, text: str, sentence: str) -> None:
    """Each with the entry and the reason."""
    path = tmp_path / "criteria.toml"
    path.write_text(text)
    with pytest.raises(CatalogueError, match=sentence):
        load_catalogue(path)


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("@criterion('MH-99')\ndef test_a(): pass", "no criterion has the id 'MH-99'"),
        ("def test_a(): pass", "names no criterion"),
        ("@criterion(NAME)\ndef test_a(): pass", "a literal"),
        ("@pytest.mark.kpi\n@criterion('MH-1')\ndef test_a(): pass", "its level comes from the catalogue"),
        ("@criterion('KPI-1')\ndef test_a(): pass", "MH-1 is finished .* no test"),
    ],
)
def test_a_wrong_reference_to_the_catalogue_is_refused(tmp_path: Path, source: str, sentence: str) -> None:
    """Unknown id, no id, an id that can't be read, a finished criterion without a test."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_x.py").write_text(source)
    (tmp_path / "criteria.toml").write_text(entry() + entry("KPI-1", "kpi", "planned"))
    with pytest.raises(CatalogueError, match=sentence):
        expected_tests(load_catalogue(tmp_path / "criteria.toml"), tmp_path / "tests")


def test_the_scans_of_the_whole_run_are_expected_for_security() -> None:
    """MH-7 is not done before every answer was searched for secrets and for the implementation."""
    assert set(RUN_CHECKS["MH-7"]) < set(expected_tests(CATALOGUE)["MH-7"])
