"""The command line: which target and stage, and which options keep a run from being whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression
from dotenv import dotenv_values

from acceptance.catalogue import LEVELS, STAGES, Level, Stage

DEFAULT_STAGE: Stage = "post-deploy"

# Each can leave a test out or end the run before its last test: (option's attribute, its value when unused, its name).
_NARROWING = (
    ("keyword", "", "-k"),
    ("deselect", None, "--deselect"),
    ("ignore", None, "--ignore"),
    ("ignore_glob", None, "--ignore-glob"),
    ("maxfail", 0, "-x / --maxfail"),
    ("lf", False, "--last-failed"),
    ("stepwise", False, "--stepwise"),
    ("collectonly", False, "--collect-only"),
    ("setuponly", False, "--setup-only"),
    ("setupplan", False, "--setup-plan"),
)


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the acceptance suite's options."""
    group = parser.getgroup("acceptance", "acceptance of a deployment")
    group.addoption(
        "--target",
        metavar="NAME|FILE",
        help="the deployment to measure: reference (the embedded one, booted for this run), NAME for targets/NAME.env,"
        " or a settings file. Default: APEX_TARGET from the environment or the root .env file",
    )
    group.addoption(
        "--stage",
        choices=STAGES,
        default=DEFAULT_STAGE,
        help=f"the moment of the deployment; criteria of other stages don't count (default: {DEFAULT_STAGE})",
    )
    group.addoption(
        "--reports",
        metavar="FOLDER",
        default="reports",
        help="where the reports are written (default: reports)",
    )
    group.addoption(
        "--fault",
        metavar="NAME",
        action="append",
        default=[],
        help="break the embedded deployment first (python -m reference faults lists the names)",
    )


def target_name(config: pytest.Config) -> str:
    """Return the target that was named.

    Raises:
        pytest.UsageError: none was, or a fault was asked for outside the embedded deployment.
    """
    dotenv = dotenv_values(Path(config.rootpath) / ".env", interpolate=False)
    name = config.getoption("--target") or os.environ.get("APEX_TARGET") or dotenv.get("APEX_TARGET")
    if not name:
        raise pytest.UsageError(
            "no target: name the deployment to measure with --target NAME (targets/NAME.env), --target FILE or"
            " --target reference, or set APEX_TARGET"
        )
    if config.getoption("--fault") and name != "reference":
        raise pytest.UsageError(f"--fault breaks the embedded deployment only, and the target is {name!r}")
    return str(name)


def reports_folder(config: pytest.Config) -> Path:
    """Return the folder that the run's reports go to."""
    return config.rootpath / str(config.getoption("--reports"))


def selected_levels(config: pytest.Config) -> tuple[Level, ...]:
    """Return the levels that `-m` selects; every level without it.

    An expression is evaluated for each level as if a test had that one marker; a name that is no level counts as
    absent there, and makes the run partial (see `narrowing`).
    """
    expression = config.getoption("-m") or ""
    if not expression:
        return LEVELS
    compiled = _compile(expression)
    return tuple(level for level in LEVELS if compiled.evaluate(_only(level)))


def narrowing(config: pytest.Config) -> tuple[str, ...]:
    """Return why this run can't be whole: the options and paths that may leave tests out, in sentences."""
    reasons = [
        f"{name} can leave tests out or end the run early."
        for attribute, unused, name in _NARROWING
        if config.getoption(attribute, unused) not in (unused, None, [], 0)
    ]
    expression = config.getoption("-m")
    foreign = sorted(set(_compile(expression).idents()) - set(LEVELS)) if expression else []
    if foreign:
        reasons.append(f"-m names {', '.join(foreign)}, which is no level of the catalogue.")
    if not _covers_all(config):
        reasons.append(f"only these paths were asked for: {' '.join(config.args)}.")
    return tuple(reasons)


def only_proof(config: pytest.Config) -> bool:
    """Whether the command asks for nothing but the suite's own tests, which need no target."""
    proof = config.rootpath / "proof"
    paths = [(config.invocation_params.dir / arg.split("::")[0]).resolve() for arg in config.args]
    return bool(paths) and all(path.is_relative_to(proof) for path in paths)


def _covers_all(config: pytest.Config) -> bool:
    tests = (config.rootpath / "tests").resolve()
    asked = [(config.invocation_params.dir / arg).resolve() for arg in config.args]
    return any(tests == path or tests.is_relative_to(path) for path in asked)


def _compile(expression: str) -> Expression:
    try:
        return Expression.compile(expression)
    except SyntaxError as error:
        raise pytest.UsageError(f"-m {expression!r} can't be read: {error}") from None


def _only(level: Level) -> Callable[..., bool]:
    return lambda name, /, **_: name == level
