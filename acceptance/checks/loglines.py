"""What a log line says of itself: how bad it is, and what happened, in whatever way it was written."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from acceptance.probes.provider_models import LogLine
from acceptance.redaction import excerpt

ERROR, WARNING, QUIET = "error", "warning", "quiet"
_SEVERITIES = {
    **dict.fromkeys(
        ("err", "error", "severe", "crit", "critical", "fatal", "alert", "emerg", "emergency", "panic"), ERROR
    ),
    **dict.fromkeys(("warn", "warning"), WARNING),
    **dict.fromkeys(("notice", "info", "information", "debug", "trace", "verbose", "success", "log"), QUIET),
}
_KEYS = ("level", "severity", "levelname", "log.level", "lvl", "loglevel")
"""Where writers of JSON lines put the level; a number of 50 and more is an error, of 40 a warning at least."""
_EXCEPTIONS = ("exception", "exc_info", "error", "stack_trace", "traceback")
"""Where they put what was raised."""
_EXCEPTION = re.compile(r"^[A-Za-z_][\w.]*: .+$", re.MULTILINE)
"""The line of a trace that names the exception; the lines around it are where it passed, and its details."""
_COLOURS = re.compile(r"\x1b\[[0-9;]*m")
_PREFIX = 80
"""How far in front a plain line names its level, in characters: behind a time, a process, a logger."""
_WORD = re.compile(rf"(?<![\w/.-])(?:{'|'.join(word.upper() for word in _SEVERITIES)})(?=[\]:|\s]|$)")
_CRASHES = ("Traceback (most recent call last)", "panic: ", "Fatal Python error")
"""How a crash begins that no logger wrote."""
_PLATFORMS = ("Health check timeout", "did not pass health check", "failed to become healthy")
"""What the provider itself writes of a service that is not well."""


def is_the_platforms(line: LogLine) -> bool:
    """Whether the provider wrote the line, and not the service: such lines have neither level nor instance."""
    return not line.label("instance") and not line.label("level")


def is_of_the_service(line: LogLine) -> bool:
    """Whether the running service wrote the line: not its build, and not the edge about a request."""
    return line.label("type") in ("", "app") and not is_the_platforms(line)


def severity(line: LogLine) -> str:
    """Return error, warning or quiet: by what the line says of itself, else how it begins, else by its label."""
    text = plain(line)
    if own := _own_severity(text):
        return own
    if text.startswith(_CRASHES) or (is_the_platforms(line) and any(sign in text for sign in _PLATFORMS)):
        return ERROR
    return _SEVERITIES.get(line.label("level").lower(), QUIET)


def said(line: LogLine) -> str:
    """Return what a line says, without what differs from one to the next."""
    text = plain(line)
    content = _content(text)
    told = [str(content[key]) for key in ("logger", "message") if content.get(key)]
    raised = [named for key in _EXCEPTIONS for named in _EXCEPTION.findall(str(content.get(key, "")))[-1:]]
    return excerpt(": ".join(told + raised) or text)


def plain(line: LogLine) -> str:
    """Return a line's text without colours and the space around it."""
    return _COLOURS.sub("", line.message).strip()


def _own_severity(text: str) -> str:
    if content := _content(text):
        record = content.get("record")
        holders = (content, record) if isinstance(record, dict) else (content,)
        named = (_named(holder.get(key)) for holder in holders for key in _KEYS)
        return next((one for one in named if one), "")
    first = _WORD.search(text[:_PREFIX])
    return _SEVERITIES[first.group().lower()] if first else ""


def _named(level: object) -> str:
    if isinstance(level, dict):
        return _named(level.get("name"))
    if isinstance(level, int | float):
        return ERROR if level >= 50 else WARNING if level >= 40 else QUIET
    return _SEVERITIES.get(str(level).lower(), "")


def _content(text: str) -> Mapping[str, Any]:
    """What a line of JSON holds; nothing of any other line."""
    try:
        content: Mapping[str, Any] = json.loads(text) if text.startswith("{") else {}
    except (ValueError, RecursionError):
        return {}
    return content
