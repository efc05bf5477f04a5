"""A run that may leave something out is never GO, and what could not judge is no run at all."""

from __future__ import annotations

from pathlib import Path

import pytest

from proof.gate.bench import Bench, run_pytest
from proof.gate.copies import Copy

SCHEMA = "tests/phase2_db/test_schema.py"
COLUMNS = f"{SCHEMA}::test_the_live_columns_are_those_of_the_head"

# Options, and what the sign-off says of them.
NARROWING = {
    ("-k", "not nothing"): "-k can leave tests out",
    ("--deselect", COLUMNS): "--deselect can leave tests out",
    ("--ignore=tests/phase9",): "--ignore can leave tests out",
    ("--ignore-glob=*nothing*",): "--ignore-glob can leave tests out",
    ("--maxfail=99",): "-x / --maxfail can leave tests out",
    ("--lf",): "--last-failed can leave tests out",
    ("--sw",): "--stepwise can leave tests out",
    ("--setup-plan",): "--setup-plan can leave tests out",
    ("--setup-only",): "--setup-only can leave tests out",
    ("-o", "python_files=test_*.py"): "-o python_files=test_*.py can change which tests run",
    ("-p", "stepwise"): "the plugin stepwise is none that pyproject.toml names",
}


def reasons(run_reasons: list[str]) -> list[str]:
    """Return the sentences of NARROWING that the reasons don't hold."""
    return [sentence for sentence in NARROWING.values() if not any(f"PARTIAL: {sentence}" in r for r in run_reasons)]


@pytest.mark.parametrize("option", ["-k", "-x"])
def test_a_healthy_deployment_is_not_go_by_a_partial_run(bench: Bench, option: str) -> None:
    """Although every test passes; all reports say PARTIAL."""
    run = bench.gate(*{"-k": ("-k", "not nothing"), "-x": ("-x",)}[option])
    assert run.exit_status == 20, run.output
    assert set(run.outcomes.values()) <= {"passed", "noted"}
    assert run.signoff["partial"] is True
    for name in ("signoff.html", "summary.md", "report.html", "junit.xml"):
        assert "PARTIAL" in (bench.reports / name).read_text()


def test_every_narrowing_option_is_named(copy: Copy) -> None:
    """Of the command."""
    run = copy.gate(*(word for options in NARROWING for word in options))
    assert run.exit_status == 20, run.output
    assert reasons(run.signoff["reasons"]) == []


def test_every_narrowing_option_of_the_environment_is_named(copy: Copy) -> None:
    """PYTEST_ADDOPTS counts like the command, PYTEST_PLUGINS like -p."""
    words = [word for options in NARROWING for word in options if word not in ("-p", "stepwise")]
    addopts = " ".join(f"'{word}'" for word in words)
    run = copy.gate(environment={"PYTEST_ADDOPTS": addopts, "PYTEST_PLUGINS": "stepwise"})
    assert run.exit_status == 20, run.output
    assert reasons(run.signoff["reasons"]) == []


@pytest.mark.parametrize("by", ["command", "environment"])
def test_collecting_alone_measures_nothing(copy: Copy, by: str) -> None:
    """Every criterion is unverified."""
    run = copy.gate("--co") if by == "command" else copy.gate(environment={"PYTEST_ADDOPTS": "--co"})
    assert run.exit_status == 20, run.output
    assert set(run.outcomes.values()) == {"unverified"}
    assert any("PARTIAL: --collect-only" in reason for reason in run.signoff["reasons"])


def test_paths_alone_are_partial(copy: Copy) -> None:
    """What stands elsewhere did not run."""
    run = copy.gate("tests/phase1_infra", SCHEMA)
    assert run.exit_status == 20, run.output
    assert any("PARTIAL: only these paths were asked for" in reason for reason in run.signoff["reasons"])
    assert "This test did not run" in run.account("MH-2")


def test_a_run_without_the_must_haves_says_that_it_is_no_gate(copy: Copy) -> None:
    """It answers a question of its own, such as a decision point; `verify` refuses it as a sign-off."""
    run = copy.gate("-m", "decision_point")
    assert run.exit_status == 20, run.output
    assert any("leaves the must-have criteria out: this is no verdict" in note for note in run.signoff["notes"])


@pytest.mark.parametrize(
    ("arguments", "environment", "sentence"),
    [
        (("-m", "must_have and not slow"), {}, "-m names slow, which is no level"),
        (("-m", "must_hav"), {}, "-m names must_hav, which is no level"),
        (("-m", "must_have and"), {}, "can't be read"),
        (("--assert=plain",), {}, "could not be counted"),
        (("-o", "enable_assertion_pass_hook=false"), {}, "could not be counted"),
        (("-c", "other.toml"), {}, "leave -c and --rootdir out"),
        (("--rootdir=tests",), {}, "leave -c and --rootdir out"),
        (("--noconftest",), {}, "unrecognized arguments"),
        (("-p", "no:acceptance.plugin.options"), {}, "unrecognized arguments"),
        (("-p", "no:acceptance.plugin.gate"), {}, "leaves out a part of the gate"),
        (("-p", "no:acceptance.plugin.results"), {}, "leaves out a part of the gate"),
        (("--dist=each",), {}, "leave --dist at loadfile"),
        (("--fixtures",), {}, "with --fixtures nothing would be measured"),
        ((), {"PYTEST_ADDOPTS": "--version"}, "PYTEST_ADDOPTS asks for --version"),
        ((), {"PYTEST_ADDOPTS": "-h"}, "PYTEST_ADDOPTS asks for --help"),
        (("-W", "ignore"), {"PYTHONOPTIMIZE": "1"}, "leave assertions out"),
    ],
)
def test_what_could_not_judge_is_a_usage_error(
    copy: Copy, arguments: tuple[str, ...], environment: dict[str, str], sentence: str
) -> None:
    """Said in a sentence, before anything is measured; yesterday's sign-off is not left to be taken for today's."""
    copy.write("other.toml", "[tool.pytest.ini_options]\npythonpath = ['.']\nenable_assertion_pass_hook = true\n")
    run = copy.gate(*arguments, environment=environment)
    assert run.exit_status == 4, run.output
    assert sentence in run.output
    assert run.document is None


def test_python_without_assertions_never_judges(copy: Copy) -> None:
    """Pytest itself refuses, for warnings are errors."""
    run = copy.gate(environment={"PYTHONOPTIMIZE": "1"})
    assert run.exit_status not in (0, 20), run.output
    assert "are you using python -O?" in run.output
    assert run.document is None


def test_without_a_target_nothing_is_measured(tmp_path: Path) -> None:
    """Exit status 4 and one sentence that says how to name one."""
    run = run_pytest("-m", "must_have", reports=tmp_path)
    assert run.exit_status == 4
    assert "--target" in run.output
    assert run.document is None
