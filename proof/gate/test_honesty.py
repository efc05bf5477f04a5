"""Green can't be had by accident: what was not measured is unverified, whatever pytest makes of it."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from acceptance.registry import ROOT
from proof.gate.bench import Bench, clean_environment, run_pytest

SUITE = ("acceptance", "contract", "tests", "targets", "conftest.py", "criteria.toml", "pyproject.toml")
ENDPOINTS = "tests/phase4_features/test_endpoints.py"
ENVIRONMENT = "tests/phase1_infra/test_environment.py"
HEALTH = "tests/phase3_app/test_health.py"
SCHEMA = "tests/phase2_db/test_schema.py"
SERVICES = "tests/phase1_infra/test_services.py"


@pytest.fixture
def edit(tmp_path: Path) -> Callable[[str, str, str], Path]:
    """Edit a copy of the suite: file, old text, new text; returns the copy's root."""
    for name in SUITE:
        source = ROOT / name
        copied = tmp_path / "suite" / name
        shutil.copytree(source, copied) if source.is_dir() else shutil.copy(source, copied.parent)

    def replace(file: str, old: str, new: str) -> Path:
        path = tmp_path / "suite" / file
        text = path.read_text()
        assert old in text, f"{file} holds no {old!r}"
        path.write_text(text.replace(old, new))
        return tmp_path / "suite"

    (tmp_path / "suite").mkdir(exist_ok=True)
    return replace


def test_whatever_judges_nothing_is_unverified(bench: Bench, edit: Callable[[str, str, str], Path]) -> None:
    """A skip, an expected failure, a missing assertion, a loop over nothing, empty parameters, a broken check."""
    edit(SERVICES, "    assert services.unavailable", "    pytest.skip('tired')\n    assert services.unavailable")
    edit(SERVICES, "from __future__ import annotations\n", "from __future__ import annotations\n\nimport pytest\n")
    edit(HEALTH, "    assert checks.mixed_versions(health) == []", "    checks.mixed_versions(health)")
    edit(SCHEMA, '@criterion("MH-3")', '@pytest.mark.xfail(reason="known", strict=False)\n@criterion("MH-3")')
    edit(SCHEMA, "    assert column_differences(contract.schema, database.schema) == ()", "    assert 1 / 0")
    edit(SCHEMA, "from __future__ import annotations\n", "from __future__ import annotations\n\nimport pytest\n")
    edit(ENVIRONMENT, "    assert differing_services(", "    for _ in ():\n        assert differing_services(")
    root = edit(ENDPOINTS, '@criterion("MH-6")', '@pytest.mark.parametrize("nothing", [])\n@criterion("MH-6")')
    edit(ENDPOINTS, "from __future__ import annotations\n", "from __future__ import annotations\n\nimport pytest\n")
    edit(ENDPOINTS, "good_answer: Answer,", "nothing: None, good_answer: Answer,")
    edit(ENDPOINTS, "bad_answer: Answer,", "nothing: None, bad_answer: Answer,")
    edit(ENDPOINTS, "stored: Stored,", "nothing: None, stored: Stored,")
    run = bench.gate(root=root)
    assert run.exit_status == 20, run.output
    expected = dict.fromkeys([f"MH-{n}" for n in range(1, 7)], "unverified") | {"MH-7": "passed"}
    assert run.outcomes == expected, run.output
    sentences = {
        "MH-1": "the test was skipped: tired",
        "MH-2": "evaluated no assertion",
        "MH-3": "An expected failure judges nothing: known",
        "MH-4": "The check itself broke, so nothing was judged: ZeroDivisionError",
        "MH-5": "evaluated no assertion",
        "MH-6": "skipped",
    }
    assert [key for key, sentence in sentences.items() if sentence not in run.account(key)] == []


@pytest.mark.parametrize(
    "arguments",
    [
        ("-k", "not nothing"),
        ("--maxfail=99",),
        ("--deselect", f"{SCHEMA}::test_the_live_columns_are_those_of_the_head"),
        ("tests/phase1_infra", "tests/phase2_db"),
        ("--setup-plan",),
    ],
    ids=" ".join,
)
def test_a_partial_run_is_never_go(bench: Bench, arguments: tuple[str, ...]) -> None:
    """Options and paths that can leave a test out say so on the sign-off."""
    run = bench.gate(*arguments)
    assert run.exit_status == 20, run.output
    assert run.signoff["partial"] is True
    assert "PARTIAL" in run.output
    for name in ("signoff.html", "summary.md", "report.html", "junit.xml"):
        assert "PARTIAL" in (bench.reports / name).read_text()


@pytest.mark.parametrize("expression", ["must_have and not slow", "must_hav", "must_have and"])
def test_a_selection_by_anything_but_levels_is_a_usage_error(tmp_path: Path, expression: str) -> None:
    """A misspelt level selects nothing, a marker of one's own leaves tests out: neither is a gate."""
    run = run_pytest("-m", expression, "--target=reference", reports=tmp_path)
    assert run.exit_status == 4
    assert "-m " in run.output
    assert run.document is None


def test_a_partial_run_by_the_environment_is_never_go(bench: Bench) -> None:
    """PYTEST_ADDOPTS counts like the command."""
    run = bench.gate(environment={"PYTEST_ADDOPTS": "-k 'not nothing'"})
    assert (run.exit_status, run.signoff["partial"]) == (20, True), run.output


@pytest.mark.parametrize("processes", ["0", "2"])
def test_a_run_that_dies_leaves_no_verdict(bench: Bench, edit: Callable[[str, str, str], Path], processes: str) -> None:
    """A test that ends its process with status 0: no sign-off alone, unverified on a worker."""
    old = "    assert checks.mixed_versions(health) == []"
    root = edit(HEALTH, old, f"    import os\n\n    os._exit(0)\n{old}")
    bench.gate()  # an earlier GO must not be taken for this run's
    bench.do(bench.deployment.heal())  # the rate limit's window begins anew
    run = bench.gate(f"-n{processes}", root=root)
    verified = subprocess.run(
        [sys.executable, "-m", "acceptance", "verify", str(bench.reports / "signoff.json")],
        cwd=root,
        env=clean_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert verified.returncode == 20, verified.stdout
    if processes == "0":
        assert run.document is None
        assert "is not there" in verified.stdout
    else:
        assert run.exit_status == 20, run.output
        assert run.outcomes["MH-2"] == "unverified"


def test_without_a_target_nothing_is_measured(tmp_path: Path) -> None:
    """Exit status 4 and one sentence that says how to name one."""
    run = run_pytest("-m", "must_have", reports=tmp_path)
    assert run.exit_status == 4
    assert "--target" in run.output
    assert run.document is None


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ('@criterion("MH-2")', '@criterion("MH-99")', "no criterion has the id 'MH-99'"),
        ('@criterion("MH-2")', "", "names no criterion"),
        ('@criterion("MH-2")', '@criterion("KPI-4")', "MH-2 is finished .* no test"),
    ],
)
def test_a_wrong_reference_is_a_usage_error(
    tmp_path: Path, edit: Callable[[str, str, str], Path], old: str, new: str, sentence: str
) -> None:
    """Said before the target is even connected to."""
    root = edit(HEALTH, old, new)
    target = tmp_path / "nowhere.env"
    target.write_text("APEX_BASE_URL=https://nowhere.invalid\n")
    run = run_pytest("-m", "must_have", f"--target={target}", reports=tmp_path / "reports", root=root)
    assert run.exit_status == 4, run.output
    assert re.search(sentence, run.output)
