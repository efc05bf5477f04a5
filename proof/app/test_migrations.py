"""The migrations produce the contract's schema, and nothing else."""

import os
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

from proof.app.catalogs import read_schema
from proof.app.serving import ROOT


def alembic(dsn: str, *words: str) -> str:
    """Runs Alembic as an operator does."""
    command = [sys.executable, "-m", "alembic", "-c", "reference/app/alembic.ini", *words]
    env = {"PATH": os.environ["PATH"], "DATABASE_URL": dsn}
    return subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=True).stdout


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
    """`upgrade head` leaves exactly the contract's tables, columns, keys and indexes."""
    alembic(empty_database, "upgrade", "head")
    assert read_schema(empty_database) == of_revisions(promised, "001", "002")


def test_nothing_is_pending(empty_database: str) -> None:
    """The declared tables equal the migrated ones, and 002 is the only head."""
    alembic(empty_database, "upgrade", "head")
    assert "No new upgrade operations detected" in alembic(empty_database, "check")
    assert alembic(empty_database, "heads").split() == ["002", "(head)"]
    assert alembic(empty_database, "current").split()[0] == "002"


def test_downgrade_takes_back_one_revision(empty_database: str, promised: dict[str, dict[str, Any]]) -> None:
    """`downgrade -1` leaves revision 001's schema, `downgrade base` nothing; both lead up again."""
    alembic(empty_database, "upgrade", "head")
    alembic(empty_database, "downgrade", "-1")
    assert read_schema(empty_database) == of_revisions(promised, "001")
    alembic(empty_database, "downgrade", "base")
    assert read_schema(empty_database) == {}
    alembic(empty_database, "upgrade", "head")
    assert read_schema(empty_database) == of_revisions(promised, "001", "002")


def test_preview_needs_no_database() -> None:
    """`upgrade --sql` prints what would be done."""
    preview = alembic("postgresql://nobody@nowhere.invalid/nothing", "upgrade", "head", "--sql")
    assert preview.count("CREATE TABLE") == 15  # Alembic's own is one of them
