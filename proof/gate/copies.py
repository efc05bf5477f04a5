"""Copies of the suite, edited as somebody might edit it, and the gate run from them."""

from __future__ import annotations

import ast
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from acceptance.paths import ROOT
from proof.gate.bench import NOTHING, GateRun, run_pytest

SUITE = ("acceptance", "contract", "tests", "targets", "conftest.py", "criteria.toml", "pyproject.toml")
BROADCAST = "255.255.255.255"
FUTURE = "from __future__ import annotations\n"


class Copy:
    """A copy of the suite in a folder of its own."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.reports = root / "reports"
        root.mkdir()
        for name in SUITE:
            copy = shutil.copytree if (ROOT / name).is_dir() else shutil.copy2  # both keep what compiled modules go by
            copy(ROOT / name, root / name)

    def write(self, file: str, text: str) -> None:
        """Add a file."""
        (self.root / file).write_text(text)

    def replace(self, file: str, old: str, new: str) -> None:
        """Replace a text everywhere in a file, which must hold it."""
        path = self.root / file
        text = path.read_text()
        assert old in text, f"{file} holds no {old!r}"
        path.write_text(text.replace(old, new))

    def edit_test(self, name: str, *, above: str = "", last: str = "{last}") -> str:
        """Put a decorator above a test, or something else in place of its last statement; return its node id."""
        path = next(path for path in (self.root / "tests").rglob("test_*.py") if f"def {name}(" in path.read_text())
        source = path.read_text()
        test = next(n for n in ast.parse(source).body if isinstance(n, ast.FunctionDef) and n.name == name)
        lines, statement = source.splitlines(), test.body[-1]
        assert statement.end_lineno is not None
        old = "\n".join(lines[statement.lineno - 1 : statement.end_lineno]).strip()
        lines[statement.lineno - 1 : statement.end_lineno] = [f"    {last.format(last=old)}"]
        lines[test.decorator_list[0].lineno - 1 : test.decorator_list[0].lineno - 1] = above.splitlines()
        edited = "\n".join(lines) + "\n"
        if "\nimport pytest\n" not in edited:
            edited = edited.replace(FUTURE, f"{FUTURE}\nimport pytest\n", 1)
        path.write_text(edited)
        return f"{path.relative_to(self.root)}::{name}"

    def gate(self, *arguments: str, environment: Mapping[str, str] = NOTHING) -> GateRun:
        """Run the gate of this copy against an address to which no connection can be made, and none leaves here."""
        self.write("nowhere.env", f"APEX_BASE_URL=https://{BROADCAST}\nAPEX_HTTP_URL=http://{BROADCAST}\n")
        return run_pytest(
            *("-m", "must_have", "--target=nowhere.env", *arguments),
            reports=self.reports,
            environment=environment,
            root=self.root,
        )


def records(run: GateRun, node: str) -> list[Mapping[str, Any]]:
    """Return what a sign-off records of a test: of each of its cases, and of what it ended in."""
    tests = [test for criterion in run.signoff["criteria"] for test in criterion["tests"]]
    return [test for test in tests if test["nodeid"].split("[")[0] == node]
