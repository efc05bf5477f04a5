"""Whether a database stands at the contract's head revision, and whether its tables agree with that stamp."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from acceptance.checks.schema import structure_differences
from acceptance.contract import DatabaseContract
from acceptance.findings import Finding
from acceptance.probes.schema import Schema, Table

_TABLE = "alembic_version"
_WHERE = f"table {_TABLE}"
_REPRODUCE = "psql \"$DATABASE_URL\" -c 'SELECT version_num FROM alembic_version'"


def revision_problems(contract: DatabaseContract, versions: Sequence[str] | None, found: Schema) -> tuple[Finding, ...]:
    """Return what is wrong with the stamped revision, and the revisions that are stamped but were not migrated.

    Args:
        contract: the head, the chain, and the tables that each revision creates.
        versions: the rows of alembic_version; None when the table or its column is missing.
        found: the schema that the database has.
    """
    stamp = _wrong_stamp(contract.head, contract.revisions, versions, found.version_table)
    wrong = [Finding(f"exactly one row, {contract.head}", stamp, _WHERE, _REPRODUCE)] if stamp else []
    return (*wrong, *_untrue(found.version_table), *_unapplied(contract, versions or (), found))


def _untrue(table: Table | None) -> Iterator[Finding]:
    """Why the row may not be what Alembic reads and writes: a view, another table that is found first, a rule."""
    if table:
        plain = Table({}, primary_key=table.primary_key)
        for difference in structure_differences(Schema({_TABLE: plain}), Schema({_TABLE: table})):
            yield difference.finding


def _unapplied(contract: DatabaseContract, versions: Sequence[str], found: Schema) -> Iterator[Finding]:
    """The revisions up to the stamped one of which not a single table exists."""
    stamped = max((contract.revisions.index(v) for v in versions if v in contract.revisions), default=-1)
    for name in contract.revisions[: stamped + 1]:
        tables = contract.tables_of[name]
        if tables and not set(tables) & set(found.tables):
            wanted = f"the tables of revision {name}: {', '.join(tables)}"
            yield Finding(wanted, "none of them: the revision is stamped, but was not migrated", _WHERE)


def _wrong_stamp(head: str, revisions: Sequence[str], versions: Sequence[str] | None, table: Table | None) -> str:
    if versions is None:
        other = "a table without a column version_num: it is not Alembic's"
        return other if table else "no such table: no migration ever ran here"
    if not versions:
        return "no row: the revision is not stamped"
    if len(versions) > 1:
        return f"{len(versions)} rows ({', '.join(versions)}): two branches are current at once"
    version = versions[0]
    if version == head:
        return ""
    if version not in revisions:
        return f"{version}: a revision that the contract does not know (another branch, or newer than the contract)"
    behind = revisions.index(version) < revisions.index(head)
    guess = "did its migration not run?" if behind else "is a newer application deployed?"
    return f"{version}: {'behind' if behind else 'ahead of'} the head; {guess}"
