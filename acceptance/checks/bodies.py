"""What a body holds: JSON as every reader reads it, not only Python's."""

from __future__ import annotations

import json
from typing import Any, NoReturn

from acceptance.probes.exchange import Exchange


def strict_json(exchange: Exchange) -> Any:  # noqa: ANN401 - a body may hold anything
    """Return the answer's body as JSON (RFC 8259), which knows no NaN and no Infinity.

    Raises:
        ValueError: it is no JSON, or nested too deep to be read.
    """
    try:
        return json.loads(exchange.body, parse_constant=_refuse)
    except RecursionError:
        raise ValueError("nested too deep to be read") from None


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
