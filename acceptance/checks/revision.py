"""Whether a database stands at the contract's head revision, and whether its tables agree with that stamp."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from acceptance.findings import Finding
from acceptance.probes.schema import Schema

_WHERE = "table alembic_version"
_REPRODUCE = "psql -c 'SELECT version_num FROM alembic_version'"


def revision_problems(head: str, revisions: Sequence[str], versions: Sequence[str] | None) -> tuple[Finding, ...]:
    """Return what is wrong with the stamped revision.

    Args:
        head: the revision that must be current.
        revisions: the chain, oldest first.
        versions: the rows of alembic_version; None when the table is missing.
    """
    found = _wrong_stamp(head, revisions, versions)
    return (Finding(f"exactly one row, {head}", found, _WHERE, _REPRODUCE),) if found else ()


def _wrong_stamp(head: str, revisions: Sequence[str], versions: Sequence[str] | None) -> str:
    if versions is None:
        return "no such table: no migration ever ran here"
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


def unapplied_revisions(
    tables_of: Mapping[str, Sequence[str]], revisions: Sequence[str], versions: Sequence[str] | None, found: Schema
) -> tuple[Finding, ...]:
    """Return the revisions that are stamped as applied although not one of their tables exists.

    Args:
        tables_of: the tables that each revision creates.
        revisions: the chain, oldest first.
        versions: the rows of alembic_version; None when the table is missing.
        found: the schema that the database has.
    """
    stamped = max((revisions.index(v) for v in versions or () if v in revisions), default=-1)
    return tuple(
        Finding(f"the tables of revision {name}: {', '.join(tables)}", "none of them: stamped, not migrated", _WHERE)
        for name in revisions[: stamped + 1]
        if (tables := tables_of.get(name, ())) and not set(tables) & set(found.tables)
    )
