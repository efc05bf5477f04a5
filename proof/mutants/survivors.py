"""What mutmut recorded of a run: how many mutants there were, and where each that nobody noticed stands."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

# The exit statuses of a mutant's tests by which mutmut tells its end; any other is suspicious, and so no kill.
_ENDS = {1: "killed", 3: "killed", 0: "survived", 5: "no test", 33: "no test"} | dict.fromkeys(
    (24, -24, 36, 152, 255), "timeout"
)
NOTICED = ("killed", "timeout")


@dataclass(frozen=True)
class Mutant:
    """One small change of one function, and how its tests ended."""

    file: str
    name: str
    end: str

    @property
    def function(self) -> str:
        """The function that was changed; of a method with its class."""
        mangled = self.name.rpartition("__mutmut_")[0].rpartition(".")[2]
        return ".".join(mangled.removeprefix("xǁ").split("ǁ")) if "ǁ" in mangled else mangled.removeprefix("x_")


@dataclass(frozen=True)
class Change:
    """What a mutant changed: the line as it stands, and as it was made."""

    function: str
    line: int
    was: str
    became: str

    @property
    def identity(self) -> tuple[str, str, str]:
        """What names the change wherever the function moves to."""
        return self.function, self.was, self.became


def mutants(copy: Path) -> list[Mutant]:
    """Return every mutant that mutmut made in a copy of the project."""
    found = []
    for record in sorted((copy / "mutants").rglob("*.py.meta")):
        file = record.relative_to(copy / "mutants").as_posix().removesuffix(".meta")
        statuses: dict[str, int | None] = json.loads(record.read_text(encoding="utf-8"))["exit_code_by_key"]
        found += [Mutant(file, name, _end(status)) for name, status in statuses.items()]
    return found


def change_of(mutant: Mutant, copy: Path) -> Change:
    """Return what a mutant changed, read from mutmut's own account of it: a diff of the function."""
    command = [sys.executable, "-m", "mutmut", "show", mutant.name]
    shown = subprocess.run(command, cwd=copy, check=True, capture_output=True, text=True).stdout
    head, *diff = shown[shown.index("\n@@ -") :].strip().splitlines()
    before = next(number for number, line in enumerate(diff) if line[:1] in "-+")
    line = _first_line(copy / mutant.file, mutant.function) + int(re.findall(r"\d+", head)[0]) - 1 + before
    was, became = (" ".join(text[1:].strip() for text in diff if text[:1] == sign) for sign in "-+")
    return Change(f"{mutant.file}: {mutant.function}", line, was, became)


def _end(status: int | None) -> str:
    return "not run" if status is None else _ENDS.get(status, "suspicious")


def _first_line(file: Path, function: str) -> int:
    """Where a function begins, its decorators included."""
    body: list[ast.stmt] = ast.parse(file.read_text(encoding="utf-8")).body
    first = 1
    for name in function.split("."):
        named = (node for node in body if isinstance(node, ast.ClassDef | ast.FunctionDef) and node.name == name)
        found = next(named)
        body, first = found.body, min(node.lineno for node in (found, *found.decorator_list))
    return first
