"""Faults of columns and their constraints: the revision is stamped, and somebody changed by hand what it made."""

from functools import partial

from reference.faults.sql import sql_fault

_fault = partial(sql_fault, breaks={"MH-4": "failed"})

_fault(
    "column-missing",
    "a column is gone",
    sql="ALTER TABLE heatmap_data DROP COLUMN attention_map",
    says="column attention_map",
)
_fault(
    "column-renamed",
    "a column has another name",
    sql="ALTER TABLE heatmap_data RENAME COLUMN move_map TO movement_map",
    says="column move_map",
)
_fault(
    "column-added",
    "a column that nobody planned refuses every row of the application",
    sql="ALTER TABLE heatmap_data ADD COLUMN reviewed_by text NOT NULL",
    says="column reviewed_by",
)
_fault(
    "column-retyped",
    "a column has another type: an integer became a bigint",
    sql="ALTER TABLE heatmap_data ALTER COLUMN sample_size TYPE bigint",
    says="sample_size",
)
_fault(
    "column-shortened",
    "a column is shorter, so that longer titles are refused",
    sql="ALTER TABLE insights ALTER COLUMN title TYPE varchar(50)",
    says="character varying(50)",
)
_fault(
    "column-of-another-precision",
    "an amount of money is rounded to whole units",
    sql="ALTER TABLE orders ALTER COLUMN total_price TYPE numeric(10,0)",
    says="numeric(10,0)",
)
_fault(
    "column-without-time-zone",
    "a moment has lost its time zone",
    sql="ALTER TABLE orders ALTER COLUMN processed_at TYPE timestamp",
    says="column processed_at, type",
)
_fault(
    "column-nullable",
    "a column that must not be NULL may be",
    sql="ALTER TABLE shops ALTER COLUMN access_token_encrypted DROP NOT NULL",
    says="access_token_encrypted",
)
_fault(
    "column-not-nullable",
    "a column that may be NULL must not be",
    sql="ALTER TABLE products ALTER COLUMN vendor SET NOT NULL",
    says="column vendor, nullability",
)
_fault(
    "column-generated",
    "a column fills itself and refuses what the application writes",
    sql="ALTER TABLE heatmap_data ALTER COLUMN viewport_width ADD GENERATED ALWAYS AS IDENTITY",
    says="an identity column",
)
_fault(
    "column-of-another-collation",
    "a column sorts by other rules",
    sql='ALTER TABLE shops ALTER COLUMN scopes TYPE text COLLATE "C"',
    says="column scopes, collation",
)
_fault(
    "foreign-key-missing",
    "a foreign key is gone: orders may belong to no shop",
    sql="ALTER TABLE orders DROP CONSTRAINT orders_shop_id_fkey",
    says="FOREIGN KEY (shop_id)",
)
_fault(
    "foreign-key-to-another-table",
    "a foreign key leads to another table",
    sql="ALTER TABLE orders DROP CONSTRAINT orders_shop_id_fkey,"
    " ADD FOREIGN KEY (shop_id) REFERENCES products (id) ON DELETE CASCADE",
    says="REFERENCES products(id)",
)
_fault(
    "foreign-key-without-cascade",
    "a shop can't be deleted: its insights hold it back",
    sql="ALTER TABLE insights DROP CONSTRAINT insights_shop_id_fkey, ADD FOREIGN KEY (shop_id) REFERENCES shops (id)",
    says="FOREIGN KEY (shop_id) REFERENCES shops(id)",
)
_fault(
    "foreign-key-setting-null",
    "deleting a shop keeps its preferences and forgets whose they were",
    sql="ALTER TABLE notification_preferences DROP CONSTRAINT notification_preferences_shop_id_fkey,"
    " ADD FOREIGN KEY (shop_id) REFERENCES shops (id) ON DELETE SET NULL",
    says="ON DELETE SET NULL",
)
_fault(
    "foreign-key-added",
    "a foreign key that nobody planned refuses events of users that are not stored here",
    sql="ALTER TABLE session_replays ADD FOREIGN KEY (session_id) REFERENCES analytics_sessions (session_id)",
    says="REFERENCES analytics_sessions(session_id)",
)
_fault(
    "foreign-key-disabled",
    "a foreign key checks nothing: its triggers were disabled for an import, and never enabled again",
    sql="ALTER TABLE orders DISABLE TRIGGER ALL",
    says="disabled by its triggers",
    superuser=True,
)
_fault(
    "foreign-key-not-valid",
    "a foreign key was never validated: what is in the table already may break it",
    sql="ALTER TABLE orders DROP CONSTRAINT orders_shop_id_fkey,"
    " ADD FOREIGN KEY (shop_id) REFERENCES shops (id) ON DELETE CASCADE NOT VALID",
    says="NOT VALID",
)
_fault(
    "check-added",
    "a CHECK constraint that nobody planned refuses what the application writes",
    sql="ALTER TABLE heatmap_data ADD CHECK (viewport_width > 1024)",
    says="CHECK ((viewport_width > 1024))",
)
_fault(
    "exclusion-added",
    "an exclusion constraint that nobody planned refuses the second row of a day",
    sql="ALTER TABLE heatmap_data ADD EXCLUDE (date_from WITH =)",
    says="EXCLUDE USING btree (date_from WITH =)",
)
