"""Pages of the documentation that are generated: what is declared once is never described twice."""

from __future__ import annotations

import re
from pathlib import Path

from acceptance.catalogue import Catalogue, load_catalogue
from acceptance.levels import MARKERS, Level
from acceptance.paths import ROOT
from acceptance.registry import expected_tests
from acceptance.target import TARGETS_DIR, Target, example_file

_SETTINGS = re.compile(r"(?<=<!-- settings: begin -->\n).*?(?=<!-- settings: end -->)", re.DOTALL)

_BLOCKS: dict[Level, str] = {
    "must_have": "a failure is NO-GO",
    "decision_point": "a failure is NO-GO when selected",
    "kpi": "a failure is NO-GO when selected",
    "nice_to_have": "a failure is a note",
    "predeploy": "a failure is NO-GO when selected",
    "rollback": "a failure is NO-GO when selected",
    "objective": "a failure is NO-GO when selected",
}


def generated_files() -> dict[Path, str]:
    """Return the text of every generated file."""
    configuration = ROOT / "docs" / "configuration.md"
    return {
        ROOT / "docs" / "criteria.md": criteria_page(load_catalogue()),
        configuration: _SETTINGS.sub(lambda _: settings_table(), configuration.read_text()),
        TARGETS_DIR / "example.env": example_file(),
    }


def criteria_page(catalogue: Catalogue) -> str:
    """Return `docs/criteria.md`."""
    expected = expected_tests(catalogue)
    lines = [
        "# Criteria",
        "",
        "Generated from `criteria.toml` by `make docs`. A criterion that is planned has no test yet and counts as",
        "unverified wherever it is selected.",
    ]
    for level, meaning in MARKERS.items():
        lines += ["", f"## `{level}`: {meaning}; {_BLOCKS[level]}", ""]
        lines += ["| id | the plan's words | passes when | stages | tests |", "| --- | --- | --- | --- | --- |"]
        for criterion in catalogue:
            if criterion.level != level:
                continue
            tests = f"{len(expected[criterion.id])}" if expected[criterion.id] else "planned"
            stages = ", ".join(criterion.stages)
            words = _cell(criterion.plan), _cell(criterion.passes)
            lines.append(f"| {criterion.id} | {words[0]} | {words[1]} | {stages} | {tests} |")
    return "\n".join(lines) + "\n"


def settings_table() -> str:
    """Return the table of settings of `docs/configuration.md`."""
    lines = ["| setting | default | meaning |", "| --- | --- | --- |"]
    for field in filter(lambda field: field.alias, Target.model_fields.values()):
        default = "required" if field.is_required() else str(field.default if field.default is not None else "").lower()
        lines.append(f"| `{field.alias}` | {default or 'not set'} | {_cell(field.description or '')} |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")
