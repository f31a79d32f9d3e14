-- sync_cdr over a plain table that stands for the portal's; the real one is in the whole-server tests.
SET timezone = 'UTC';
SET datestyle = 'SQL, DMY'; -- must not matter
TRUNCATE conferencecall2 RESTART IDENTITY; -- whatever was numbered before
CREATE SCHEMA portal;
-- Columns in the portal's spelling, times without an offset.
CREATE TABLE portal.calls (
    callid int, uniquecallid text, conferencename text, tenantname text, conferencetype text, endpointtype text,
    callerid text, callername text, jointime timestamp, leavetime timestamp, "Call State" text, direction text,
    routerid text, gwprefix text, gwid text, shoe_size int, "ApplicationOs" text, callcompletioncode text,
    endpointpublicipaddress text);
CREATE FUNCTION portal.add(first int, last int, state text DEFAULT 'COMPLETED') RETURNS void AS $$
    INSERT INTO portal.calls
    SELECT i, (1000 + i / 4)::text, 'room', 'Acme', 'c', 'D', '', 'Caller, "' || i || '"', timestamp '2026-04-01' + i * interval '10 s',
           CASE state WHEN 'COMPLETED' THEN timestamp '2026-04-01' + i * interval '10 s' + interval '5 min' END,
           state, 'I', NULL, '', NULL, 44, 'Mac OS', '0', '192.0.2.7'
    FROM generate_series(first, last) i
$$ LANGUAGE sql;
SELECT portal.add(1001, 3000);

-- Everything, a batch at a time.
CALL sync_cdr('portal.calls', 'America/New_York', 900);
SELECT count(*), min(callid), max(callid), min(jointime AT TIME ZONE 'UTC'), count(*) FILTER (WHERE callername = 'Caller, "' || callid || '"')
FROM conferencecall2;
SELECT source_schema, source_name, highest_call_id FROM cdr_feed;
SELECT first_call_id, last_call_id FROM cdr_feed_gap ORDER BY 1;
SELECT kind, source, header, delimiter, time_zone, profile, inserted, rejected FROM cdr_import;

-- Nothing new, and then new calls, some of which come late. NULL stands for the default.
CALL sync_cdr('portal.calls', 'America/New_York', NULL);
SELECT portal.add(3001, 3005, 'IN PROGRESS'), portal.add(3008, 3010), portal.add(3015, 3015);
CALL sync_cdr('portal.calls', 'America/New_York');
SELECT first_call_id, last_call_id FROM cdr_feed_gap ORDER BY 1;
SELECT portal.add(3006, 3006), portal.add(3012, 3013), portal.add(7, 7);
UPDATE portal.calls SET "Call State" = 'Completed', leavetime = jointime + interval '1 h' WHERE callid IN (3001, 3004);
CALL sync_cdr('portal.calls', 'America/New_York');
SELECT first_call_id, last_call_id FROM cdr_feed_gap ORDER BY 1;
SELECT callid, callstate, leavetime - jointime AS duration FROM conferencecall2 WHERE callid > 3000 OR callid < 1000 ORDER BY callid;
-- A gap is forgotten when it has been asked for until it was a day old.
UPDATE cdr_feed_gap SET seen_at = now() - interval '25 hours' WHERE first_call_id > 3000;
SELECT portal.add(3007, 3007);
CALL sync_cdr('portal.calls', 'America/New_York');
SELECT first_call_id, last_call_id FROM cdr_feed_gap ORDER BY 1;
SELECT count(*) FROM conferencecall2 WHERE callid = 3007;
-- The table's own numbering goes on above the portal's.
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, callstate, direction)
VALUES ('1', 'r', 't', 'C', 'D', '2026-03-04', 'COMPLETED', 'I') RETURNING callid;
DELETE FROM conferencecall2 WHERE callid > 3015;

-- Rejects are kept, asked for again, and resolved.
SELECT portal.add(3016, 3019);
UPDATE portal.calls SET direction = 'X' WHERE callid = 3017;
UPDATE portal.calls SET jointime = NULL WHERE callid = 3018;
CALL sync_cdr('portal.calls', 'America/New_York');
SELECT callid, uniquecallid, line, field, reason, raw_text, resolved_at FROM cdr_import_reject ORDER BY callid;
UPDATE portal.calls SET direction = 'O' WHERE callid = 3017;
CALL sync_cdr('portal.calls', 'America/New_York');
SELECT callid, resolved_at IS NOT NULL AS resolved FROM cdr_import_reject ORDER BY callid;
SELECT direction FROM conferencecall2 WHERE callid = 3017;
-- A reject of a feed is imported like that of a file.
SELECT i.inserted, i.rejected
FROM cdr_import_reject r JOIN cdr_import c USING (import_id),
     import_cdr(c.header || E'\n' || replace(r.raw_text, ',,2026-04-01 08:28', ',2026-04-01 08:23:00,2026-04-01 08:28'), c.time_zone, c.profile) i
WHERE r.callid = 3018;
SELECT raw_text FROM cdr_import_reject WHERE callid = 3018;

-- File and feed agree: the same calls by file change nothing.
SELECT string_agg(line, E'\n') AS file FROM (
    SELECT header AS line FROM (SELECT header FROM cdr_import WHERE kind = 'feed') h
    UNION ALL
    SELECT * FROM (SELECT format('%s,%s,room,Acme,C,D,,"Caller, ""%s""",%s,%s,%s,%s,,"",,Mac OS,0,192.0.2.7', callid, uniquecallid, callid,
        to_char(jointime, 'YYYY-MM-DD HH24:MI:SS'), to_char(leavetime, 'YYYY-MM-DD HH24:MI:SS'), "Call State", direction)
    FROM portal.calls WHERE jointime IS NOT NULL ORDER BY callid) calls) lines \gset
SELECT inserted, updated, unchanged, rejected FROM import_cdr(:'file', 'America/New_York');
DELETE FROM cdr_feed;
CALL sync_cdr('portal.calls', 'America/New_York');
SELECT inserted, updated, unchanged, rejected FROM import_cdr(:'file', 'America/New_York');

-- Open calls that the portal no longer has, and a portal that begins anew.
SELECT portal.add(3020, 3022, 'RINGING');
CALL sync_cdr('portal.calls', 'America/New_York');
DELETE FROM portal.calls WHERE callid >= 3015;
CALL sync_cdr('portal.calls', 'America/New_York');
TRUNCATE portal.calls;
CALL sync_cdr('portal.calls', 'America/New_York');

-- A value that the source cannot deliver: the others come all the same.
DELETE FROM cdr_feed;
TRUNCATE conferencecall2, cdr_import, cdr_import_reject;
SELECT portal.add(1, 100);
CREATE VIEW portal.broken AS SELECT callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype,
    jointime + CASE WHEN callid IN (7, 50, 51, 100) THEN ('bad value ' || callid)::interval ELSE '0'::interval END AS jointime, "Call State", direction FROM portal.calls;
CALL sync_cdr('portal.broken', 'America/New_York', 60);
SELECT count(*) FROM conferencecall2;
SELECT callid, raw_text, field, reason FROM cdr_import_reject ORDER BY callid;

-- Somebody removes the position, or a gap, while a sync runs.
CREATE FUNCTION portal.wipe(name text) RETURNS text LANGUAGE plpgsql AS $$
BEGIN EXECUTE current_setting('portal.wipe'); RETURN name; END $$;
CREATE VIEW portal.wiping AS SELECT callid, uniquecallid, conferencename, portal.wipe(tenantname) AS tenantname, conferencetype,
    endpointtype, jointime, "Call State", direction FROM portal.calls;
SET portal.wipe = 'SELECT';
SELECT portal.add(103, 103);
CALL sync_cdr('portal.wiping', 'America/New_York');
SELECT portal.add(102, 102);
\set SHOW_CONTEXT never
SET portal.wipe = 'DELETE FROM cdr_feed_gap';
CALL sync_cdr('portal.wiping', 'America/New_York');
SET portal.wipe = $$DELETE FROM cdr_feed WHERE source_name = 'wiping'$$;
SELECT portal.add(104, 104);
CALL sync_cdr('portal.wiping', 'America/New_York');
\set VERBOSITY sqlstate
CALL sync_cdr('portal.wiping', 'America/New_York');
\set VERBOSITY default
RESET portal.wipe;

-- Invalid input
\set SHOW_CONTEXT never
CALL sync_cdr(NULL, 'UTC');
CALL sync_cdr('portal.calls', NULL);
CALL sync_cdr('portal.calls', 'Mars/Olympus');
CALL sync_cdr('portal.calls', 'UTC', 0);
CALL sync_cdr('portal.calls', 'UTC', 1000001);
CALL sync_cdr('portal.nothing', 'UTC');
CALL sync_cdr('cdr_import_pkey', 'UTC');
CALL sync_cdr('cdr_import', 'UTC');
ALTER TABLE portal.calls ADD "CallState" text;
CALL sync_cdr('portal.calls', 'UTC');
ALTER TABLE portal.calls DROP "CallState";
BEGIN;
CALL sync_cdr('portal.calls', 'UTC');
ROLLBACK;
DO $$ BEGIN CALL sync_cdr('portal.calls', 'UTC'); EXCEPTION WHEN division_by_zero THEN NULL; END $$;
SET default_transaction_read_only = on;
CALL sync_cdr('portal.calls', 'UTC');
RESET default_transaction_read_only;
-- A trigger that keeps the import's own row out.
CREATE FUNCTION portal.keep_out() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
CREATE TRIGGER keep_out BEFORE INSERT ON cdr_import FOR EACH ROW EXECUTE FUNCTION portal.keep_out();
CALL sync_cdr('portal.calls', 'Asia/Tokyo');
DROP TRIGGER keep_out ON cdr_import;
\set VERBOSITY sqlstate
CALL sync_cdr(NULL, 'UTC');
CALL sync_cdr('portal.calls', 'UTC', 0);
CALL sync_cdr('cdr_import_pkey', 'UTC');
CALL sync_cdr('cdr_import', 'UTC');
CALL sync_cdr('4294967295', 'UTC');
BEGIN;
CALL sync_cdr('portal.calls', 'UTC');
ROLLBACK;
CREATE ROLE regress_cdr_syncer;
SET ROLE regress_cdr_syncer;
CALL sync_cdr('portal.calls', 'UTC');
RESET ROLE;
DROP ROLE regress_cdr_syncer;
\set VERBOSITY default

-- The highest CallID that there can be, with a gap before it: it is refused, and numbering goes on.
TRUNCATE portal.calls;
SELECT portal.add(1, 2);
CREATE VIEW portal.far AS SELECT CASE callid WHEN 2 THEN 9223372036854775807 ELSE callid END AS callid,
    uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, leavetime, "Call State", direction FROM portal.calls;
SET statement_timeout = '60s'; -- instead of an endless loop
CALL sync_cdr('portal.far', 'UTC');
CALL sync_cdr('portal.far', 'UTC');
SELECT first_call_id, last_call_id FROM cdr_feed_gap WHERE source_name = 'far' ORDER BY 1;
SELECT field, reason FROM cdr_import_reject WHERE raw_text LIKE '9223372036854775807,%';
RESET statement_timeout;
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, callstate, direction)
VALUES ('1', 'r', 't', 'C', 'D', '2026-03-04', 'COMPLETED', 'I');
ALTER SEQUENCE conferencecall2_callid_seq RESTART;

DROP SCHEMA portal CASCADE;
TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_feed, cdr_feed_gap;
RESET timezone;
RESET datestyle;
