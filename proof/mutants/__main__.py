"""`make mutants`: whether the proof notices each small change of the parts that judge.

mutmut changes a copy of the project, one place at a time, and runs the fast tests that reach it. A change that no test
notices is a hole in the proof, or is listed in `equivalent.toml` with the reason why nothing can notice it.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from pathlib import Path

from acceptance.paths import ROOT
from proof.mutants.survivors import NOTICED, Change, Mutant, change_of, mutants

EQUIVALENT = Path(__file__).parent / "equivalent.toml"
LEAST_NOTICED = 0.95
LONGEST_RUN_S = 2 * 3600


def main(patterns: list[str]) -> int:
    """Mutate a copy of the project and report; patterns such as `acceptance.verdict*` choose among the mutants."""
    with tempfile.TemporaryDirectory(prefix="apex-mutants-") as folder:
        copy = Path(folder)
        copy_project(copy)
        run(copy, patterns)
        found = [mutant for mutant in mutants(copy) if not (patterns and mutant.end == "not run")]
        survivors = [(mutant, change_of(mutant, copy)) for mutant in found if mutant.end not in NOTICED]
    return report(found, survivors, whole=not patterns)


def copy_project(copy: Path) -> None:
    """Copy what the proof needs: nothing of a run is written into the tree that is proven."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["mutmut"]
    for name in ("pyproject.toml", "tests", *settings["source_paths"], *settings["also_copy"]):
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy2(source, copy / name)


def run(copy: Path, patterns: list[str]) -> None:
    """Run mutmut in the copy; its progress is shown on a terminal only."""
    shown = None if sys.stdout.isatty() else subprocess.PIPE
    command = [sys.executable, "-m", "mutmut", "run", *patterns]
    ended = subprocess.run(command, cwd=copy, stdout=shown, stderr=shown, text=True, timeout=LONGEST_RUN_S, check=False)
    if ended.returncode:
        sys.exit(f"mutmut ended with status {ended.returncode}\n{(ended.stdout or '')[-5000:]}")


def report(found: list[Mutant], survivors: list[tuple[Mutant, Change]], *, whole: bool) -> int:
    """Print the table and each survivor; return 1 if too many were not noticed, or a listed one no longer survives."""
    reasons = known_equivalents()
    holes = [(mutant, change) for mutant, change in survivors if change.identity not in reasons]
    gone = set(reasons) - {change.identity for _, change in survivors} if whole else set()
    for mutant, change in holes:
        print(f"\n{mutant.file}:{change.line} {mutant.function}: {mutant.end}\n  - {change.was}\n  + {change.became}")
    for function, was, became in sorted(gone):
        print(f"\nequivalent.toml lists what does not survive:\n  {function}\n  - {was}\n  + {became}")
    equivalent = Counter(mutant.file for mutant, change in survivors if change.identity in reasons)
    print(f"\n{'file':40}{'mutants':>9}{'killed':>9}{'timeout':>9}{'equivalent':>12}{'survived':>10}{'noticed':>9}")
    for file in dict.fromkeys(mutant.file for mutant in found):
        row(file, [mutant for mutant in found if mutant.file == file], equivalent[file])
    share = row("all", found, equivalent.total())
    return 0 if found and share >= LEAST_NOTICED and not gone else 1


def row(name: str, found: list[Mutant], equivalent: int) -> float:
    """Print a line of the table; return the share of what can be noticed that was."""
    ends = Counter(mutant.end for mutant in found)
    noticed = sum(ends[end] for end in NOTICED)
    share = noticed / (len(found) - equivalent) if len(found) > equivalent else 1.0
    survived = len(found) - noticed - equivalent
    print(f"{name:40}{len(found):9}{ends['killed']:9}{ends['timeout']:9}{equivalent:12}{survived:10}{share:9.1%}")
    return share


def known_equivalents() -> dict[tuple[str, str, str], str]:
    """Return the reasons why listed changes can't be noticed, by function, line as it was, line as it became."""
    entries = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("equivalent", [])
    return {(entry["function"], entry["was"], entry["became"]): entry["reason"] for entry in entries}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
