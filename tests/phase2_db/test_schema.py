"""Phase 2, database: what the migrations left behind."""

from __future__ import annotations

from acceptance.checks.revision import revision_problems
from acceptance.checks.schema import column_differences, extra_tables, structure_differences
from acceptance.contract import Contract
from acceptance.plugin import Evidence, criterion
from acceptance.probes.database import DatabaseReading


@criterion("MH-3")
def test_every_table_stands_with_its_keys_and_indexes(
    database: DatabaseReading, contract: Contract, evidence: Evidence
) -> None:
    """All tables of the contract exist with primary keys, unique constraints and valid indexes on the right columns."""
    tables = contract.schema.tables
    evidence.add(f"{len(tables)} tables and {sum(len(table.indexes) for table in tables.values())} indexes compared")
    for name in extra_tables(contract.schema, database.schema):
        evidence.note(f"Table {name} stands beside the contract's; nobody planned it.")
    assert structure_differences(contract.schema, database.schema) == ()


@criterion("MH-4")
def test_alembic_stands_at_the_contract_s_head(
    database: DatabaseReading, contract: Contract, evidence: Evidence
) -> None:
    """One row in alembic_version, the head, and the tables that this revision stands for."""
    evidence.add(f"PostgreSQL {database.server_version}, alembic_version {', '.join(database.alembic_versions or ())}")
    assert revision_problems(contract.database, database.alembic_versions, database.schema) == ()


@criterion("MH-4")
def test_the_live_columns_are_those_of_the_head(database: DatabaseReading, contract: Contract) -> None:
    """Columns, types, nullability and foreign keys of every table are the head revision's, not only its stamp."""
    assert column_differences(contract.schema, database.schema) == ()
