-- Since 1.2: purge_cdr removes old records, and remembers what it removed.
SET timezone = 'UTC';
SET datestyle = 'SQL, DMY'; -- must not matter
TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_purge RESTART IDENTITY;

-- A call a minute from 2020 on, of two tenants in turn.
CREATE FUNCTION add_calls(first int, last int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO conferencecall2 (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
                                 leavetime, callstate, direction)
    SELECT i, i, 'room', (ARRAY['acme', 'beta'])[1 + i % 2], 'C', 'D', timestamptz '2020-01-01Z' + i * interval '1 min',
           timestamptz '2020-01-02Z' + i * interval '1 min', 'COMPLETED', 'I'
    FROM generate_series(first, last) i
$$;
CREATE FUNCTION stored() RETURNS text LANGUAGE sql AS
    'SELECT string_agg(callid::text, '' '' ORDER BY callid) FROM conferencecall2';
CREATE VIEW purges AS
SELECT purge_id, before, tenant, purged_to, purged_to_callid AS callid, records, oldest, newest, rejects, still_open,
       purged_by = current_user AS by_me, finished_at > started_at AS finished, forgotten_at IS NOT NULL AS forgotten
FROM cdr_purge ORDER BY purge_id;

-- What joined before the moment goes, whatever the size of the batches; a dry run counts the same and does nothing.
SELECT add_calls(1, 12);
CALL purge_cdr('2020-01-01 00:05Z', dry_run => true);
SELECT stored(), (SELECT count(*) FROM cdr_purge) AS purges;
CALL purge_cdr('2020-01-01 00:05Z');
SELECT stored();
CALL purge_cdr('2020-01-01 00:08Z', batch_size => 1);
SELECT stored();
CALL purge_cdr('2020-01-01 00:10Z', batch_size => 2);
SELECT stored();
CALL purge_cdr('2020-01-01 00:13Z', batch_size => NULL, dry_run => NULL, with_rejects => NULL);
SELECT stored();
-- Again, there is nothing to do.
CALL purge_cdr('2020-01-01 00:13Z');
SELECT * FROM purges;
-- One tenant's; an unknown one has none.
TRUNCATE cdr_purge RESTART IDENTITY;
SELECT add_calls(1, 8);
CALL purge_cdr('2020-01-01 00:06Z', 'acme', batch_size => 1);
SELECT stored();
CALL purge_cdr('2020-01-01 00:08Z', tenant => 'Beta');
CALL purge_cdr('2020-01-01 00:08Z', tenant => 'nobody', dry_run => true);
-- Many at the same moment, more than a batch.
UPDATE conferencecall2 SET jointime = '2020-01-01Z';
CALL purge_cdr('2020-01-01 00:00:00.000001Z', batch_size => 2);
SELECT stored();

-- Open calls stay until they are stale, and are found by their state as imports find them.
SELECT add_calls(1, 8);
UPDATE conferencecall2 SET jointime = now() - interval '30 min', leavetime = NULL WHERE callid <= 6;
UPDATE conferencecall2 SET callstate = 'IN PROGRESS' WHERE callid IN (1, 2);
UPDATE conferencecall2 SET callstate = 'RINGING' WHERE callid = 3;
UPDATE conferencecall2 SET callstate = 'RING NO ANSWER' WHERE callid = 4;
UPDATE conferencecall2 SET callstate = 'IN PROGRESS', leavetime = now() WHERE callid = 5;
UPDATE conferencecall2 SET callstate = 'IN PROGRESS', jointime = '2020-01-01Z' WHERE callid IN (2, 6);
SET vidyo_cdr.stale_after = '1 h';
CALL purge_cdr(now(), dry_run => true, oldest => '2020-01-01Z', still_open => 7) \gset dry_
SELECT :dry_records AS records, :'dry_oldest' AS oldest, :dry_still_open AS still_open;
CALL purge_cdr(now(), batch_size => 1) \gset
SELECT :records AS records, :'oldest' AS oldest, :still_open AS still_open;
SELECT stored();
SET vidyo_cdr.stale_after = '20 min';
CALL purge_cdr(now()) \gset
SELECT :records AS records, :still_open AS still_open, stored();
RESET vidyo_cdr.stale_after;

-- Rejects go when asked for, by when they were rejected, in batches as well.
INSERT INTO cdr_import (kind, header, delimiter, time_zone, profile) VALUES ('text', 'CallID', ',', 'UTC', 'raw');
INSERT INTO cdr_import_reject (import_id, callid, raw_text, reason, contradicts, rejected_at)
SELECT 1, i, i, 'is odd', false, timestamptz '2020-01-01Z' + i * interval '1 min' FROM generate_series(1, 6) i;
CALL purge_cdr('2020-01-01 00:04Z');
SELECT count(*) FROM cdr_import_reject;
CALL purge_cdr('2020-01-01 00:04Z', dry_run => true, with_rejects => true);
CALL purge_cdr('2020-01-01 00:04Z', with_rejects => true, batch_size => 2);
SELECT callid FROM cdr_import_reject ORDER BY callid;
SELECT records, rejects, purged_to FROM cdr_purge ORDER BY purge_id DESC LIMIT 1;

-- What was purged is left out of imports until the purge is forgotten; a purge that covers it still counts.
TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_purge RESTART IDENTITY;
SELECT add_calls(1, 6);
SET datestyle = 'ISO, YMD';
SELECT string_agg(chunk, E'\n' ORDER BY number) AS csv FROM export_cdr_csv() WITH ORDINALITY AS c (chunk, number) \gset
CALL purge_cdr('2020-01-01 00:05Z', 'acme');
CALL purge_cdr('2020-01-01 00:03Z');
SELECT inserted, unchanged, rejected FROM import_cdr(:'csv');
SELECT cdr_forget_purge(1);
SELECT inserted, unchanged, rejected FROM import_cdr(:'csv');
SELECT stored();
SELECT cdr_forget_purge(2);
SELECT inserted, unchanged, rejected FROM import_cdr(:'csv');
SELECT stored();
SELECT purge_id, purged_by = current_user AS by_me, forgotten_at = now() AS now, forgotten_by = current_user AS forgotten_by_me
FROM cdr_purge ORDER BY purge_id;
SELECT cdr_forget_purge(2);
-- Invalid input: no such purge
SELECT cdr_forget_purge(3);
SELECT cdr_forget_purge(NULL);

-- A foreign key that refuses ends the purge; earlier batches stay, and are remembered, and no more than these.
TRUNCATE conferencecall2, cdr_purge RESTART IDENTITY;
SELECT add_calls(1, 6);
CREATE TABLE note (callid bigint REFERENCES conferencecall2);
INSERT INTO note VALUES (5);
\set SHOW_CONTEXT never
CALL purge_cdr('2020-01-01 00:07Z', batch_size => 2);
SELECT stored();
SELECT purged_to, purged_to_callid, records, oldest, newest, finished_at IS NULL AS unfinished FROM cdr_purge;
DELETE FROM conferencecall2 WHERE callid = 6; -- by hand, and so not remembered
SELECT inserted, unchanged, rejected FROM import_cdr(:'csv');
SELECT stored();
-- With the cause gone, it goes on where it was.
DROP TABLE note;
CALL purge_cdr('2020-01-01 00:07Z', batch_size => 2);
SELECT inserted, unchanged, rejected FROM import_cdr(:'csv');

-- The user's triggers fire, and one that keeps a record is believed.
SELECT add_calls(1, 6);
CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.callid = 3 THEN RETURN NULL; END IF;
    RAISE NOTICE 'call % goes', old.callid;
    RETURN old;
END $$;
CREATE TRIGGER keep BEFORE DELETE ON conferencecall2 FOR EACH ROW EXECUTE FUNCTION keep();
CALL purge_cdr('2020-01-01 00:05Z', batch_size => 3);
SELECT stored();
-- A purge whose row is taken away ends.
CREATE OR REPLACE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF old.callid = 5 THEN UPDATE cdr_purge SET forgotten_at = now() WHERE finished_at IS NULL; END IF;
    RETURN old;
END $$;
CALL purge_cdr('2020-01-01 00:07Z', batch_size => 1);
SELECT stored();
DROP TRIGGER keep ON conferencecall2;
DROP FUNCTION keep;

-- Where nothing can be committed, a dry run still works.
BEGIN;
CALL purge_cdr('2020-01-01 00:07Z', dry_run => true);
CALL purge_cdr('2020-01-01 00:07Z');
ROLLBACK;
CREATE FUNCTION purge() RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    a bigint; b timestamptz; c timestamptz; d bigint; e bigint;
BEGIN
    CALL purge_cdr('2020-01-01 00:07Z', NULL, false, 1, false, a, b, c, d, e);
END $$;
SELECT purge();
DO $$ BEGIN PERFORM purge(); EXCEPTION WHEN others THEN RAISE NOTICE '%: %', sqlstate, sqlerrm; END $$;
DROP FUNCTION purge;
BEGIN TRANSACTION READ ONLY;
CALL purge_cdr('2020-01-01 00:07Z', dry_run => true);
ROLLBACK;
SET default_transaction_read_only = on;
CALL purge_cdr('2020-01-01 00:07Z');
RESET default_transaction_read_only;
-- At the top of a DO block it can be committed.
DO $$
DECLARE
    moment timestamptz;
    a bigint; b timestamptz; c timestamptz; d bigint; e bigint;
BEGIN
    FOR moment IN SELECT timestamptz '2020-01-01Z' + i * interval '1 min' FROM generate_series(4, 7, 3) i LOOP
        CALL purge_cdr(moment, NULL, false, 1, false, a, b, c, d, e);
        RAISE NOTICE '% before %, % to %', a, moment, b, c;
    END LOOP;
END $$;
SELECT stored();

-- Invalid input: moments
CALL purge_cdr(NULL);
CALL purge_cdr('infinity');
CALL purge_cdr('-infinity', dry_run => true);
CALL purge_cdr('9999-12-31Z');
-- Invalid input: batches
CALL purge_cdr('2020-01-01Z', batch_size => 0);
CALL purge_cdr('2020-01-01Z', batch_size => 1000001);
-- Invalid input: rejects have no tenant
CALL purge_cdr('2020-01-01Z', 'acme', with_rejects => true);
-- The smallest moment there is.
CALL purge_cdr('4714-11-24 00:00:00Z BC');
-- Invalid input: the memory of purges holds no infinite times
\set VERBOSITY terse
INSERT INTO cdr_purge (before, purged_to) VALUES ('2020-01-01Z', '-infinity');
\set VERBOSITY default

-- A hostile search_path.
SELECT add_calls(1, 4);
CREATE SCHEMA hostile;
CREATE TABLE hostile.conferencecall2 (LIKE conferencecall2);
CREATE TABLE hostile.cdr_purge (LIKE cdr_purge);
CREATE FUNCTION hostile.lt(timestamptz, timestamptz) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR hostile.< (FUNCTION = hostile.lt, LEFTARG = timestamptz, RIGHTARG = timestamptz);
CREATE OPERATOR hostile.<= (FUNCTION = hostile.lt, LEFTARG = timestamptz, RIGHTARG = timestamptz);
CREATE FUNCTION hostile.count() RETURNS bigint LANGUAGE sql AS 'SELECT 7::bigint';
SET search_path = hostile, pg_catalog, public;
CALL public.purge_cdr('2020-01-01 00:03Z', batch_size => 1);
RESET search_path;
SELECT stored();
\set VERBOSITY terse
DROP SCHEMA hostile CASCADE;
\set VERBOSITY default

DROP VIEW purges;
DROP FUNCTION add_calls, stored;
TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_purge RESTART IDENTITY;
