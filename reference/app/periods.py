"""Dates in queries: ISO 8601, with an offset that is honoured or without one (then UTC)."""

from dataclasses import dataclass
from datetime import UTC, datetime

from fastapi.exceptions import RequestValidationError


@dataclass(frozen=True)
class Period:
    """A stretch of time, both ends included; naive UTC like the stored times."""

    start: datetime
    end: datetime


def parse_period(date_from: str, date_to: str) -> Period:
    """Reads a period's two ends.

    Raises:
        RequestValidationError: an end is no ISO 8601 date, or the end lies before the start.
    """
    period = Period(_parse("date_from", date_from), _parse("date_to", date_to))
    if period.end < period.start:
        raise _refusal("date_to", "must not be before date_from")
    return period


def _parse(name: str, value: str) -> datetime:
    """Reads one end; beyond the years 1 to 9999 an offset can't be honoured."""
    try:
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is not None:
            moment = moment.astimezone(UTC).replace(tzinfo=None)
    except (ValueError, OverflowError) as error:
        raise _refusal(name, "must be an ISO 8601 date and time, with or without an offset") from error
    return moment


def _refusal(name: str, message: str) -> RequestValidationError:
    return RequestValidationError([{"loc": ("query", name), "msg": message, "type": "value_error"}])
