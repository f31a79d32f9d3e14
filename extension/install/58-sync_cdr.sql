-- Records from a running portal: what a feed has read so far, and what is still missing.

CREATE TABLE @extschema@.cdr_feed (
    source_schema   text NOT NULL,
    source_name     text NOT NULL,
    highest_call_id bigint NOT NULL DEFAULT 0,
    synced_at       timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT cdr_feed_pkey PRIMARY KEY (source_schema, source_name)
);

CREATE TABLE @extschema@.cdr_feed_gap (
    source_schema text NOT NULL,
    source_name   text NOT NULL,
    first_call_id bigint NOT NULL,
    last_call_id  bigint NOT NULL,
    seen_at       timestamptz NOT NULL DEFAULT pg_catalog.now(),
    CONSTRAINT cdr_feed_gap_pkey PRIMARY KEY (source_schema, source_name, first_call_id),
    CONSTRAINT cdr_feed_gap_feed_fkey FOREIGN KEY (source_schema, source_name)
        REFERENCES @extschema@.cdr_feed (source_schema, source_name) ON DELETE CASCADE
);

SELECT pg_catalog.pg_extension_config_dump('@extschema@.cdr_feed', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.cdr_feed_gap', '');

COMMENT ON TABLE @extschema@.cdr_feed IS
    'The position of each feed. A foreign table that is recreated under the same name continues there; delete the row to start over';
COMMENT ON COLUMN @extschema@.cdr_feed.source_schema IS 'Schema of the feed''s relation';
COMMENT ON COLUMN @extschema@.cdr_feed.source_name IS 'Name of the feed''s relation';
COMMENT ON COLUMN @extschema@.cdr_feed.highest_call_id IS
    'All CallIDs up to this one have been requested; 0 before the first sync';
COMMENT ON COLUMN @extschema@.cdr_feed.synced_at IS 'When the feed''s last batch was committed';
COMMENT ON CONSTRAINT cdr_feed_pkey ON @extschema@.cdr_feed IS 'A feed has one position';
COMMENT ON INDEX @extschema@.cdr_feed_pkey IS 'Finds the position of a feed';

COMMENT ON TABLE @extschema@.cdr_feed_gap IS
    'CallIDs that a feed has not received: the portal can commit a call later than one with a higher CallID, so they are requested again until they have been missing for a day';
COMMENT ON COLUMN @extschema@.cdr_feed_gap.source_schema IS 'Schema of the feed''s relation';
COMMENT ON COLUMN @extschema@.cdr_feed_gap.source_name IS 'Name of the feed''s relation';
COMMENT ON COLUMN @extschema@.cdr_feed_gap.first_call_id IS 'The first CallID that is missing';
COMMENT ON COLUMN @extschema@.cdr_feed_gap.last_call_id IS 'The last CallID that is missing; all between are missing too';
COMMENT ON COLUMN @extschema@.cdr_feed_gap.seen_at IS 'When they were found missing';
COMMENT ON CONSTRAINT cdr_feed_gap_pkey ON @extschema@.cdr_feed_gap IS 'Gaps do not overlap';
COMMENT ON CONSTRAINT cdr_feed_gap_feed_fkey ON @extschema@.cdr_feed_gap IS
    'A gap is deleted with its feed';
COMMENT ON INDEX @extschema@.cdr_feed_gap_pkey IS 'Finds the gaps of a feed in order';

CREATE PROCEDURE @extschema@.sync_cdr(
    source regclass,
    time_zone text,
    batch_size integer DEFAULT 10000)
LANGUAGE c
AS 'MODULE_PATHNAME', 'vidyo_cdr_sync';
COMMENT ON PROCEDURE @extschema@.sync_cdr(regclass, text, integer) IS
    'Imports what is new in a relation with the portal''s columns, such as a foreign table of mysql_fdw: calls above the highest CallID that was read before, CallIDs that were missing, records that were rejected, and changes to calls that are open here. Times without an offset are read in time_zone. Commits after each batch_size CallIDs, 1 to 1000000 (NULL: 10000); raises 25001 inside a transaction block.';
REVOKE ALL ON PROCEDURE @extschema@.sync_cdr(regclass, text, integer) FROM PUBLIC;
