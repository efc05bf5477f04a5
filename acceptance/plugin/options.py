"""The command line: which target and stage, and which options keep a run from being whole."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression
from dotenv import dotenv_values

from acceptance.levels import LEVELS, MARKERS, STAGES, Level, Stage

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


REPORT_FILES = ("signoff.json", "signoff.html", "summary.md", "junit.xml", "report.html")

# Options that answer a question about pytest itself.
_IDLE = ("version", "help", "markers", "showfixtures", "show_fixtures_per_test", "cacheshow")

# Loaded once a target is named: they bring the whole engine, and a usage error should not wait for that.
_ENGINE = ("results", "gate", "fixtures", "columns")


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


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Refuse options under which a gate would show secrets, or end with status 0 without having measured."""
    if not _is_acceptance(config) or hasattr(config, "workerinput"):
        return
    if config.option.debug:
        raise pytest.UsageError("--debug writes down what every test compares, secrets included: not with a deployment")
    idle = [name for name in _IDLE if config.getoption(name, None)] if os.environ.get("PYTEST_ADDOPTS") else []
    if idle:
        raise pytest.UsageError(f"PYTEST_ADDOPTS asks for {', '.join(idle)}, so nothing would be measured")
    if config.getoption("dist", "no") not in ("no", "loadfile"):
        raise pytest.UsageError("tests of one file judge one measurement: leave --dist at loadfile")


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and load the engine if this is an acceptance run."""
    for level, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{level}: {meaning}")
    config.addinivalue_line("markers", "criterion(id, ...): the criteria of the plan that the test stands for")
    if _is_acceptance(config) and _named_target(config):
        for name in _ENGINE:
            config.pluginmanager.import_plugin(f"acceptance.plugin.{name}")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """End an acceptance run that names no target."""
    config = session.config
    if _is_acceptance(config) and not hasattr(config, "workerinput") and not _named_target(config):
        remove_reports(config)
        target_name(config)


def remove_reports(config: pytest.Config) -> None:
    """Remove an earlier run's reports, so that a run which dies or never begins leaves none rather than a wrong one."""
    for name in REPORT_FILES:
        (reports_folder(config) / name).unlink(missing_ok=True)


def target_name(config: pytest.Config) -> str:
    """Return the target that was named.

    Raises:
        pytest.UsageError: none was, or a fault was asked for outside the embedded deployment.
    """
    name = _named_target(config)
    if not name:
        raise pytest.UsageError(
            "no target: name the deployment to measure with --target=NAME (targets/NAME.env), --target=FILE or"
            " --target=reference, or set APEX_TARGET"
        )
    if config.getoption("--fault") and name != "reference":
        raise pytest.UsageError(f"--fault breaks the embedded deployment only, and the target is {name!r}")
    return name


def reports_folder(config: pytest.Config) -> Path:
    """Return the folder that the run's reports go to."""
    return config.rootpath / str(config.getoption("--reports"))


def selected_levels(config: pytest.Config) -> tuple[Level, ...]:
    """Return the levels that `-m` selects; every level without it.

    An expression is evaluated for each level as if a test had that one marker.

    Raises:
        pytest.UsageError: the expression can't be read, or names anything but levels.
    """
    expression = config.getoption("-m") or ""
    if not expression:
        return LEVELS
    try:
        compiled = Expression.compile(expression)
    except SyntaxError as error:
        raise pytest.UsageError(f"-m {expression!r} can't be read: {error}") from None
    if foreign := sorted(set(compiled.idents()) - set(LEVELS)):
        raise pytest.UsageError(
            f"-m names {', '.join(foreign)}, which is no level of the catalogue; the levels are {', '.join(LEVELS)}"
        )
    return tuple(level for level in LEVELS if compiled.evaluate(_only(level)))


def narrowing(config: pytest.Config) -> tuple[str, ...]:
    """Return why this run can't be whole: the options and paths that may leave tests out, in sentences."""
    reasons = [
        f"{name} can leave tests out or end the run early."
        for attribute, unused, name in _NARROWING
        if config.getoption(attribute, unused) not in (unused, None, [], 0)
    ]
    if not _covers_all(config):
        reasons.append(f"only these paths were asked for: {' '.join(config.args)}.")
    return tuple(reasons)


def _is_acceptance(config: pytest.Config) -> bool:
    """Whether this is an acceptance run: anything but the suite's own tests, which need no target."""
    if hasattr(config, "workerinput"):
        return "acceptance" in config.workerinput
    proof = config.rootpath / "proof"
    paths = [(config.invocation_params.dir / arg.split("::")[0]).resolve() for arg in config.args]
    return not paths or not all(path.is_relative_to(proof) for path in paths)


def _named_target(config: pytest.Config) -> str:
    dotenv = dotenv_values(Path(config.rootpath) / ".env", interpolate=False)
    return config.getoption("--target") or os.environ.get("APEX_TARGET") or dotenv.get("APEX_TARGET") or ""


def _covers_all(config: pytest.Config) -> bool:
    tests = (config.rootpath / "tests").resolve()
    asked = [(config.invocation_params.dir / arg).resolve() for arg in config.args]
    return any(tests == path or tests.is_relative_to(path) for path in asked)


def _only(level: Level) -> Callable[..., bool]:
    return lambda name, /, **_: name == level
