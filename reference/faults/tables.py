"""Faults of tables: missing, elsewhere, or other than they seem."""

from functools import partial

from reference.faults.sql import sql_fault

_fault = partial(sql_fault, breaks={"MH-3": "failed"})

_fault("table-missing", "a table of the contract is gone", sql="DROP TABLE heatmap_data", says="heatmap_data")
_fault(
    "table-in-another-schema",
    "a table is in another schema, where no query of the application looks for it",
    sql="CREATE SCHEMA other; ALTER TABLE heatmap_data SET SCHEMA other",
    says="heatmap_data",
)
_fault(
    "table-hidden",
    "another table is found first, in a schema named like the role",
    sql="CREATE SCHEMA ecomdash; CREATE TABLE ecomdash.heatmap_data (LIKE public.heatmap_data INCLUDING ALL)",
    says="is found first: ecomdash.heatmap_data",
)
_fault(
    "table-unlogged",
    "a table is emptied by a crash: made fast by hand for an import, and left so",
    sql="ALTER TABLE heatmap_data SET UNLOGGED",
    says="unlogged",
)
_fault(
    "table-a-view",
    "a view stands where a table should, and even takes what is written",
    sql="ALTER TABLE heatmap_data RENAME TO heatmap; CREATE VIEW heatmap_data AS SELECT * FROM heatmap",
    says="a view",
)
_fault(
    "row-security",
    "row level security hides rows from every role but the owner",
    sql="ALTER TABLE heatmap_data ENABLE ROW LEVEL SECURITY",
    says="row level security",
)
_fault(
    "trigger-added",
    "a trigger drops what is written",
    sql="CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END';"
    " CREATE TRIGGER forget BEFORE INSERT ON heatmap_data FOR EACH ROW EXECUTE FUNCTION forget()",
    says="CREATE TRIGGER forget",
)
_fault(
    "rule-added",
    "a rule turns what is written into nothing",
    sql="CREATE RULE forget AS ON INSERT TO heatmap_data DO INSTEAD NOTHING",
    says="CREATE RULE forget",
)

sql_fault(
    "table-extra",
    "a table that nobody planned",
    breaks={"MH-3": "noted"},
    sql="CREATE TABLE orders_backup AS SELECT * FROM orders",
    says="orders_backup",
)
