"""The command line: which target, stage and levels, and where the reports go."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from _pytest.mark.expression import Expression
from dotenv import dotenv_values

from acceptance.levels import LEVELS, MARKERS, STAGES, Level, Stage
from acceptance.plugin.wholeness import ENGINE, refusal

DEFAULT_STAGE: Stage = "post-deploy"
DEADLINE_S = 900.0  # a test that hangs ends the run then, and a gate of any target is over long before

REPORT_FILES = ("signoff.json", "signoff.html", "summary.md", "junit.xml", "report.html")


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
    group.addoption(
        "--deadline",
        metavar="SECONDS",
        type=float,
        default=DEADLINE_S,
        help=f"end the run, as interrupted, when it takes longer (default: {DEADLINE_S:.0f})",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Refuse options under which a gate would show secrets, or end with status 0 without having measured."""
    if not _is_acceptance(config) or hasattr(config, "workerinput"):
        return
    if why := refusal(config):
        remove_reports(config)
        raise pytest.UsageError(why)


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and load the engine if this is an acceptance run."""
    for level, meaning in MARKERS.items():
        config.addinivalue_line("markers", f"{level}: {meaning}")
    config.addinivalue_line("markers", "criterion(id, ...): the criteria of the plan that the test stands for")
    if _is_acceptance(config) and _named_target(config):
        for name in ENGINE:
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


def _only(level: Level) -> Callable[..., bool]:
    return lambda name, /, **_: name == level
