"""Log lines: one JSON object a line on standard output, uvicorn's own included."""

import json
import logging
import sys
from contextvars import ContextVar
from dataclasses import asdict, dataclass
from datetime import UTC, datetime


@dataclass
class RequestFacts:
    """What every line written while a request is served says about it."""

    request_id: str
    method: str
    path: str
    status: int | None = None
    duration_ms: float | None = None


CURRENT_REQUEST: ContextVar[RequestFacts | None] = ContextVar("current_request", default=None)


class JsonFormatter(logging.Formatter):
    """Renders a record as one JSON object; times are UTC, ISO 8601."""

    def __init__(self, instance: str | None) -> None:
        super().__init__()
        self._instance = instance

    def format(self, record: logging.LogRecord) -> str:
        """Gives the line, with the current request's facts when there is one."""
        line: dict[str, object] = {
            "timestamp": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        if request := CURRENT_REQUEST.get():
            line |= {name: value for name, value in asdict(request).items() if value is not None}
        if self._instance:
            line["instance"] = self._instance
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line)


def configure(level: str, instance: str | None = None) -> None:
    """Sends every logger's lines to standard output.

    Args:
        level: name of the lowest level that is written.
        instance: the running instance's name, added to each line.
    """
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter(instance))
    logging.basicConfig(handlers=[handler], level=level, force=True)
