"""What keeps a run from being whole, or from being a gate at all: options, paths, plugins and settings of pytest."""

from __future__ import annotations

import os
import sys

import pytest

from acceptance.paths import ROOT

# Loaded once a target is named: they bring the whole engine, and a usage error should not wait for that.
ENGINE = ("results", "gate", "fixtures", "columns")

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

# Options that answer a question about pytest itself.
_IDLE = {
    "version": "--version",
    "help": "--help",
    "markers": "--markers",
    "showfixtures": "--fixtures",
    "show_fixtures_per_test": "--fixtures-per-test",
    "cacheshow": "--cache-show",
}

_ORDERING = {"randomly", "pytest_randomly"}  # another order is no other judgement
# Settings that only change what is shown, and what --strict-markers and --strict-config are made of.
_HARMLESS = ("log_", "console_", "verbosity_", "strict_markers=true", "strict_config=true")


def refusal(config: pytest.Config) -> str:
    """Return why no gate can be had from this command, in a sentence; empty when one can."""
    if config.option.debug:
        return "--debug writes down what every test compares, secrets included: not with a deployment"
    if idle := [option for name, option in _IDLE.items() if config.getoption(name, None)]:
        if os.environ.get("PYTEST_ADDOPTS"):
            return f"PYTEST_ADDOPTS asks for {', '.join(idle)}, so nothing would be measured"
        if config.getoption("--target") or config.getoption("-m"):
            return f"with {idle[0]} nothing would be measured: leave out --target and -m to ask pytest that"
    if config.getoption("dist", "no") not in ("no", "loadfile"):
        return "tests of one file judge one measurement: leave --dist at loadfile"
    return _not_judging(config)


def _not_judging(config: pytest.Config) -> str:
    """Return why the tests could not judge, or what they judged not be counted."""
    if sys.flags.optimize:
        return "python -O and PYTHONOPTIMIZE leave assertions out, and assertions are what judges: unset them"
    if (config.inipath, config.rootpath) != (ROOT / "pyproject.toml", ROOT):
        return f"a gate runs by the settings of {ROOT.name}/pyproject.toml: leave -c and --rootdir out"
    if config.getoption("assertmode") != "rewrite" or not config.getini("enable_assertion_pass_hook"):
        return "what the tests judge could not be counted: leave --assert and enable_assertion_pass_hook alone"
    blocked = [name for name in ENGINE if config.pluginmanager.is_blocked(f"acceptance.plugin.{name}")]
    if blocked:
        return f"-p no:acceptance.plugin.{blocked[0]} leaves out a part of the gate"
    return ""


def narrowing(config: pytest.Config) -> tuple[str, ...]:
    """Return why this run can't be whole: what may leave tests out or take a failure back, in sentences."""
    reasons = [
        f"{name} can leave tests out or end the run early."
        for attribute, unused, name in _NARROWING
        if config.getoption(attribute, unused) not in (unused, None, [], 0)
    ]
    if not _covers_all(config):
        reasons.append(f"only these paths were asked for: {' '.join(config.args)}.")
    reasons += [
        f"-o {setting} can change which tests run and how they are judged."
        for setting in config.getoption("override_ini") or []
        if not setting.startswith(_HARMLESS)
    ]
    reasons += [
        f"the plugin {name} is none that pyproject.toml names: it can rerun, leave out or reinterpret tests."
        for name in _foreign_plugins(config)
    ]
    return tuple(reasons)


def _foreign_plugins(config: pytest.Config) -> list[str]:
    """Return the plugins that were asked for by the command or the environment alone."""
    asked = [*(config.getoption("plugins") or []), *os.environ.get("PYTEST_PLUGINS", "").split(",")]
    named = {*config.getini("addopts"), *_ORDERING}
    return sorted({name for name in asked if name and not name.startswith("no:") and name not in named})


def _covers_all(config: pytest.Config) -> bool:
    tests = (config.rootpath / "tests").resolve()
    asked = [(config.invocation_params.dir / arg).resolve() for arg in config.args]
    return any(tests == path or tests.is_relative_to(path) for path in asked)
