"""What PostgreSQL's catalogs say of the tables of the schema public."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, LiteralString

import psycopg

from acceptance.probes.schema import Column, Index, Schema, Table

# Whatever could stand where a table should.
_KINDS = {
    "r": "an ordinary table",
    "p": "a partitioned table",
    "v": "a view",
    "m": "a materialized view",
    "f": "a foreign table",
}
_PERSISTENCE = {"p": "permanent", "u": "unlogged", "t": "temporary"}

# Triggers that fire on replicas alone are as good as disabled.
_RELATIONS: LiteralString = """
    SELECT c.relname AS table_name, c.relkind::text AS kind, c.relpersistence::text AS persistence,
           concat_ws(' and ', CASE WHEN c.relrowsecurity THEN 'enabled' END,
                              CASE WHEN c.relforcerowsecurity THEN 'forced' END) AS row_security,
           ARRAY(SELECT concat(pg_get_triggerdef(g.oid, true),
                               CASE WHEN g.tgenabled IN ('D', 'R') THEN ', disabled' END)
                 FROM pg_trigger g WHERE g.tgrelid = c.oid AND NOT g.tgisinternal ORDER BY g.tgname) AS triggers,
           ARRAY(SELECT pg_get_ruledef(w.oid, true)
                 FROM pg_rewrite w WHERE w.ev_class = c.oid AND c.relkind IN ('r', 'p')
                 ORDER BY w.rulename) AS rules
    FROM pg_class c
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    ORDER BY c.relname
"""
# From PostgreSQL 18 on a column counts as NOT NULL although what it holds was not validated.
_COLUMNS: LiteralString = """
    SELECT c.relname AS table_name, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
           NOT a.attnotnull OR EXISTS (
               SELECT FROM pg_constraint n WHERE n.conrelid = c.oid AND n.contype = 'n'
                                             AND n.conkey = ARRAY[a.attnum] AND NOT n.convalidated) AS nullable,
           CASE WHEN a.attcollation <> t.typcollation THEN l.collname END AS collation,
           CASE WHEN a.attidentity <> '' THEN 'an identity column'
                WHEN a.attgenerated <> '' THEN 'a generated column' END AS generated
    FROM pg_class c
    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    JOIN pg_type t ON t.oid = a.atttypid
    LEFT JOIN pg_collation l ON l.oid = a.attcollation
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
    ORDER BY c.relname, a.attnum
"""
# Positions in indkey beyond indnkeyatts only ride along; position 0 is an expression. By way of JSON what an older
# server lacks reads as null.
_INDEXES: LiteralString = """
    SELECT t.relname AS table_name, i.relname AS name, am.amname AS method, x.indisprimary AS is_primary,
           x.indisunique AS is_unique, x.indisvalid AS valid, x.indisready AND x.indislive AS ready,
           NOT x.indimmediate AS deferrable, 0 = ANY (x.indkey) AS expression,
           coalesce(NOT (to_jsonb(x) ->> 'indnullsnotdistinct')::boolean, true) AS nulls_distinct,
           pg_get_expr(x.indpred, x.indrelid) AS predicate, x.indnkeyatts AS keys, key.*
    FROM pg_index x
    JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_class t ON t.oid = x.indrelid
    JOIN pg_am am ON am.oid = i.relam
    CROSS JOIN LATERAL (
        SELECT array_agg(k.name ORDER BY k.position) AS columns,
               array_agg(k.name || ' COLLATE ' || quote_ident(l.collname) ORDER BY k.position)
                   FILTER (WHERE k.collation_id <> k.usual_collation) AS collations,
               array_agg(k.name || ' ' || o.opcname ORDER BY k.position)
                   FILTER (WHERE NOT o.opcdefault OR o.opcnamespace <> 'pg_catalog'::regnamespace) AS operator_classes,
               array_agg(k.name || (ARRAY[' DESC NULLS LAST', ' NULLS FIRST', ' DESC'])[k.option] ORDER BY k.position)
                   FILTER (WHERE k.option <> 0) AS orderings
        FROM (
            SELECT u.*, a.attcollation AS usual_collation,
                   coalesce(a.attname, pg_get_indexdef(x.indexrelid, u.position::int, true))::text AS name
            FROM unnest(x.indkey::int2[], x.indcollation::oid[], x.indclass::oid[], x.indoption::int2[])
                 WITH ORDINALITY AS u (number, collation_id, class_id, option, position)
            LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = u.number
        ) k
        LEFT JOIN pg_collation l ON l.oid = k.collation_id
        LEFT JOIN pg_opclass o ON o.oid = k.class_id
    ) key
    WHERE t.relnamespace = 'public'::regnamespace
"""
# The constraints that show neither by an index nor by a column. The definition says itself whether one is not valid or
# not enforced. A foreign key whose triggers are disabled checks nothing.
_CONSTRAINTS: LiteralString = """
    SELECT t.relname AS table_name, c.contype = 'f' AS is_foreign_key,
           concat(pg_get_constraintdef(c.oid), CASE WHEN EXISTS (
               SELECT FROM pg_trigger g WHERE g.tgconstraint = c.oid AND g.tgenabled IN ('D', 'R')
           ) THEN ', disabled by its triggers' END) AS definition
    FROM pg_constraint c
    JOIN pg_class t ON t.oid = c.conrelid
    WHERE t.relnamespace = 'public'::regnamespace AND c.contype IN ('f', 'c', 'x')
    ORDER BY c.conname
"""
# Our own session's search_path is pinned, so that of the others is put together from what is set for them: for a role
# in this database, a role, this database, everyone, in this order. The roles are ours and the owners of the tables.
_HIDDEN: LiteralString = """
    WITH roles AS (
        SELECT r.oid, r.rolname FROM pg_roles r
        WHERE r.rolname = session_user
           OR r.oid IN (SELECT relowner FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r')
    ), paths AS (
        SELECT r.*, coalesce((
            SELECT substr(s.setting, length('search_path=') + 1)
            FROM (SELECT setrole, setdatabase, unnest(setconfig) AS setting FROM pg_db_role_setting) s
            WHERE split_part(s.setting, '=', 1) = 'search_path' AND s.setrole IN (r.oid, 0)
              AND s.setdatabase IN (0, (SELECT oid FROM pg_database WHERE datname = current_database()))
            ORDER BY s.setrole = 0, s.setdatabase = 0 LIMIT 1
        ), '"$user", public') AS path
        FROM roles r
    ), places AS (
        SELECT p.*, n.oid AS namespace, n.nspname, m.position
        FROM paths p
        CROSS JOIN regexp_matches(p.path, '"((?:[^"]|"")+)"|([^,[:space:]"]+)', 'g')
                   WITH ORDINALITY AS m (parts, position)
        JOIN pg_namespace n
          ON n.nspname = coalesce(nullif(replace(m.parts[1], '""', '"'), '$user'), m.parts[2], p.rolname)
         AND has_schema_privilege(p.oid, n.oid, 'USAGE')
    ), first AS (
        SELECT DISTINCT ON (p.oid, c.relname) c.relname AS table_name, p.*
        FROM places p JOIN pg_class c ON c.relnamespace = p.namespace AND c.relkind IN ('r', 'p', 'v', 'm', 'f')
        ORDER BY p.oid, c.relname, p.position
    )
    SELECT f.table_name,
           format('%I.%I (role %s, search_path %s)', f.nspname, f.table_name, f.rolname, f.path) AS hidden_by
    FROM first f WHERE f.nspname <> 'public' ORDER BY f.rolname
"""
_QUERIES = (_RELATIONS, _COLUMNS, _INDEXES, _CONSTRAINTS, _HIDDEN)


def read_schema(connection: psycopg.Connection[Any]) -> Schema:
    """Read the tables of the schema public, and what stands in their place, in one round trip.

    Args:
        connection: gives its rows as named tuples; its search_path is public.

    Raises:
        psycopg.Error: the catalogs can't be read.
    """
    with connection.pipeline():
        cursors = [connection.execute(query) for query in _QUERIES]
    relations, *others = (cursor.fetchall() for cursor in cursors)
    columns, indexes, constraints, hidden = map(_by_table, others)
    return Schema(
        {
            row.table_name: Table(
                columns={column.name: _column(column) for column in columns[row.table_name]},
                primary_key=next((_index(index) for index in indexes[row.table_name] if index.is_primary), None),
                indexes={index.name: _index(index) for index in indexes[row.table_name] if not index.is_primary},
                foreign_keys=tuple(c.definition for c in constraints[row.table_name] if c.is_foreign_key),
                checks=tuple(c.definition for c in constraints[row.table_name] if not c.is_foreign_key),
                kind=_KINDS[row.kind],
                persistence=_PERSISTENCE[row.persistence],
                row_security=row.row_security or "off",
                triggers=tuple(row.triggers),
                rules=tuple(row.rules),
                hidden_by=tuple(other.hidden_by for other in hidden[row.table_name]),
            )
            for row in relations
        }
    )


def _by_table(rows: Iterable[Any]) -> Mapping[str, list[Any]]:
    found: Mapping[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.table_name].append(row)
    return found


def _column(row: Any) -> Column:  # noqa: ANN401 - a row of the query above
    return Column(row.type, row.nullable, row.collation or "default", row.generated or "a plain column")


def _index(row: Any) -> Index:  # noqa: ANN401 - a row of the query above
    return Index(
        columns=tuple(row.columns[: row.keys]),
        unique=row.is_unique,
        valid=row.valid,
        ready=row.ready,
        method=row.method,
        predicate=row.predicate,
        expression=row.expression,
        included=tuple(row.columns[row.keys :]),
        collations=tuple(row.collations or ()),
        operator_classes=tuple(row.operator_classes or ()),
        orderings=tuple(row.orderings or ()),
        nulls_distinct=row.nulls_distinct,
        deferrable=row.deferrable,
    )
