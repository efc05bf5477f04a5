"""The migrations produce the contract's schema, and nothing else."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config

from proof.app.catalogs import read_schema
from reference.paths import ROOT

Alembic = Callable[..., str]


@pytest.fixture
def alembic(monkeypatch: pytest.MonkeyPatch) -> Alembic:
    """Runs one of Alembic's commands on a database and gives what it prints."""

    def run(dsn: str, action: Callable[..., Any], *words: str, **options: bool) -> str:
        printed = StringIO()
        monkeypatch.setenv("DATABASE_URL", dsn)
        action(Config(ROOT / "reference/app/alembic.ini", stdout=printed, output_buffer=printed), *words, **options)
        return printed.getvalue()

    return run


@pytest.fixture
def promised(contract: Path) -> dict[str, dict[str, Any]]:
    """The contract's tables."""
    tables = tomllib.loads((contract / "schema.toml").read_text())["tables"]
    return {name: {"indexes": {}, "unique_indexes": {}} | table for name, table in tables.items()}


def of_revisions(tables: dict[str, dict[str, Any]], *revisions: str) -> dict[str, dict[str, Any]]:
    """Gives the tables that these revisions create, without that note."""
    return {
        name: {key: value for key, value in table.items() if key != "revision"}
        for name, table in tables.items()
        if table["revision"] in revisions
    }


def test_head_is_the_contract(empty_database: str, promised: dict[str, dict[str, Any]]) -> None:
    """`alembic upgrade head`, as operators run it, leaves exactly the contract's tables, columns, keys and indexes."""
    words = [sys.executable, "-m", "alembic", "-c", "reference/app/alembic.ini", "upgrade", "head"]
    env = {"PATH": os.environ["PATH"], "DATABASE_URL": empty_database}
    subprocess.run(words, cwd=ROOT, env=env, check=True)
    assert read_schema(empty_database) == of_revisions(promised, "001", "002")


def test_nothing_is_pending(alembic: Alembic, empty_database: str) -> None:
    """The declared tables equal the migrated ones, and 002 is the only head."""
    alembic(empty_database, command.upgrade, "head")
    assert "No new upgrade operations detected" in alembic(empty_database, command.check)
    assert alembic(empty_database, command.heads).split() == ["002", "(head)"]
    assert alembic(empty_database, command.current).split()[0] == "002"


def test_downgrade_takes_back_one_revision(
    alembic: Alembic, empty_database: str, promised: dict[str, dict[str, Any]]
) -> None:
    """`downgrade -1` leaves revision 001's schema, `downgrade base` nothing; both lead up again."""
    alembic(empty_database, command.upgrade, "head")
    alembic(empty_database, command.downgrade, "-1")
    assert read_schema(empty_database) == of_revisions(promised, "001")
    alembic(empty_database, command.downgrade, "base")
    assert read_schema(empty_database) == {}
    alembic(empty_database, command.upgrade, "head")
    assert read_schema(empty_database) == of_revisions(promised, "001", "002")


def test_preview_needs_no_database(alembic: Alembic) -> None:
    """`upgrade --sql` prints what would be done."""
    preview = alembic("postgresql://nobody@nowhere.invalid/nothing", command.upgrade, "head", sql=True)
    assert preview.count("CREATE TABLE") == 15  # Alembic's own is one of them
