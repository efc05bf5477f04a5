"""What a process that gates are forked from has already done: imports, and what libraries keep once it was computed.

No plugin of pytest is imported: their assertions are rewritten as they are imported, which only pytest can see to.
"""

from __future__ import annotations

import gc

import _pytest.junitxml
import _pytest.terminal
import anyio._backends._asyncio
import execnet
import psycopg.errors
import pytest
import redis

import acceptance.embedded
import acceptance.measurements
import acceptance.registry
import acceptance.verify
from acceptance.contract import Contract
from acceptance.report import render_html, render_markdown
from proof.report.sample import go_on_reference

__all__ = ["_pytest", "acceptance", "anyio", "execnet", "psycopg", "pytest", "redis"]

Contract().check()
render_html(go_on_reference())
render_markdown(go_on_reference())
gc.freeze()  # none of this is garbage: the forked processes need not look through it
