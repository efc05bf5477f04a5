"""Which acceptance tests stand for which criterion, read from the source: what must run is not what was collected."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

from acceptance.catalogue import Catalogue, CatalogueError
from acceptance.levels import LEVELS
from acceptance.paths import ROOT

TESTS_DIR = ROOT / "tests"

# Checks that the engine itself adds at the end of a run, since they judge the run as a whole.
SECRETS_SCAN = "run::no_answer_of_the_run_shows_a_secret"
DETAILS_SCAN = "run::no_answer_of_the_run_shows_the_implementation"
RUN_CHECKS: Mapping[str, tuple[str, ...]] = {"MH-7": (SECRETS_SCAN, DETAILS_SCAN)}


def expected_tests(catalogue: Catalogue, tests_dir: Path = TESTS_DIR) -> dict[str, tuple[str, ...]]:
    """Return the node ids (without parameters) of the tests of each criterion.

    Raises:
        CatalogueError: a test names no criterion or an unknown one, or a finished criterion has no test.
    """
    expected: dict[str, list[str]] = {criterion.id: [] for criterion in catalogue}
    seen: set[str] = set()
    for path in sorted(tests_dir.rglob("test_*.py")):
        for function, ids in _marked_functions(path):
            node = f"{path.relative_to(tests_dir.parent).as_posix()}::{function.name}"
            if not ids:
                raise CatalogueError(f'{node}: names no criterion; decorate it with @criterion("ID")')
            for criterion_id in ids:
                if criterion_id not in catalogue:
                    raise CatalogueError(
                        f"{node}: no criterion has the id {criterion_id!r}; the ids are in criteria.toml"
                    )
                expected[criterion_id].append(node)
            if node in seen:
                raise CatalogueError(f"{node}: stands twice, and Python keeps the last one alone; rename one")
            seen.add(node)
    for criterion in catalogue:
        if criterion.status == "finished" and not expected[criterion.id]:
            raise CatalogueError(
                f"{criterion.id} is finished by criteria.toml, but no test in {tests_dir.name}/ names it"
            )
    return {key: (*nodes, *(RUN_CHECKS.get(key, ()) if nodes else ())) for key, nodes in expected.items()}


def _marked_functions(path: Path) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, tuple[str, ...]]]:
    for node in ast.walk(ast.parse(path.read_text(), filename=str(path))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield node, _criteria_of(node, path)


def _criteria_of(node: ast.FunctionDef | ast.AsyncFunctionDef, path: Path) -> tuple[str, ...]:
    ids: list[str] = []
    for decorator in node.decorator_list:
        if ast.unparse(decorator).removeprefix("pytest.mark.").split("(")[0] in LEVELS:
            raise CatalogueError(f"{path.name}::{node.name}: its level comes from the catalogue; remove the marker")
        if isinstance(decorator, ast.Call) and ast.unparse(decorator.func).split(".")[-1] == "criterion":
            values = [a.value for a in decorator.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if len(values) != len(decorator.args):
                raise CatalogueError(
                    f"{path.name}::{node.name}: a criterion is named by a literal, so that it can be read"
                )
            ids += values
    return tuple(ids)
