-- From version 1.0: cdr_import tells when an import ended.
\echo Use "ALTER EXTENSION vidyo_cdr UPDATE TO '1.1'" to load this file. \quit

ALTER TABLE @extschema@.cdr_import ADD COLUMN finished_at timestamptz;
COMMENT ON COLUMN @extschema@.cdr_import.finished_at IS
    'When the import ended; of a feed, when its last batch was stored. NULL for what version 1.0 imported';
