-- Since 1.2: what has been purged does not come back with an import or a feed.
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_feed, cdr_feed_gap, cdr_purge RESTART IDENTITY;

-- A file with calls of two tenants, one a minute from CallID 1 on.
CREATE FUNCTION pg_temp.file(first int, last int, state text DEFAULT 'COMPLETED') RETURNS text LANGUAGE sql AS $$
    SELECT 'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,LeaveTime,CallState,Direction'
        || string_agg(format(E'\n%s,%s,room,%s,C,D,%s,%s,%s,I', i, i, (ARRAY['acme', 'beta'])[1 + i % 2],
            timestamptz '2026-01-01 00:00Z' + i * interval '1 min',
            CASE state WHEN 'COMPLETED' THEN timestamptz '2026-01-01 01:00Z' + i * interval '1 min' END, state), '' ORDER BY i)
    FROM generate_series(first, last) i
$$;
CREATE FUNCTION pg_temp.stored() RETURNS text LANGUAGE sql AS
    'SELECT string_agg(callid::text, '' '' ORDER BY callid) FROM conferencecall2';

-- Without a purge everything comes in.
SELECT inserted, updated, unchanged, rejected FROM import_cdr(pg_temp.file(1, 6));
DELETE FROM conferencecall2 WHERE callid <> 3;

-- A finished purge: what joined before it and is not stored is left out, what is stored is merged as ever.
INSERT INTO cdr_purge (before, purged_to, finished_at) VALUES ('2026-01-01 00:05Z', '2026-01-01 00:05Z', now());
SELECT inserted, updated, unchanged, rejected FROM import_cdr(pg_temp.file(1, 6));
SELECT pg_temp.stored();
UPDATE conferencecall2 SET leavetime = NULL, callstate = 'IN PROGRESS' WHERE callid = 3;
SELECT inserted, updated, unchanged, rejected FROM import_cdr(pg_temp.file(1, 6));
SELECT callid, leavetime, callstate FROM conferencecall2 ORDER BY callid;
SELECT inserted, updated, unchanged, rejected, purged FROM cdr_import ORDER BY import_id;
SELECT count(*) FROM cdr_import_reject;
-- A purge that is forgotten lets them in again.
UPDATE cdr_purge SET forgotten_at = now();
SELECT inserted, updated, unchanged, rejected FROM import_cdr(pg_temp.file(1, 6));

-- An interrupted purge of one tenant: up to a moment, and of that up to a CallID.
TRUNCATE conferencecall2, cdr_purge;
INSERT INTO cdr_purge (before, tenant, purged_to, purged_to_callid) VALUES ('2026-02-01Z', 'acme', '2026-01-01 00:04Z', 4);
SELECT inserted, updated, unchanged, rejected FROM import_cdr(pg_temp.file(1, 7));
SELECT pg_temp.stored();
TRUNCATE conferencecall2;
UPDATE cdr_purge SET purged_to_callid = 3;
SELECT inserted, updated, unchanged, rejected FROM import_cdr(pg_temp.file(1, 7));
SELECT pg_temp.stored();

-- A fault is a fault, whatever has been purged; and CallIDs that are left out count as read.
TRUNCATE conferencecall2, cdr_purge, cdr_import, cdr_import_reject;
INSERT INTO cdr_purge (before, purged_to, finished_at) VALUES ('2026-01-01 00:05Z', '2026-01-01 00:05Z', now());
SELECT inserted, updated, unchanged, rejected FROM import_cdr(pg_temp.file(1, 2) || replace(replace(
    substr(pg_temp.file(3, 3), strpos(pg_temp.file(3, 3), E'\n')), ',I', ',X'), ',room', ',room 3'));
SELECT callid, field, reason FROM cdr_import_reject;

-- A feed: nothing is asked for twice, and a batch says what was left out.
CREATE TABLE portal_calls AS
SELECT i AS callid, i::text AS uniquecallid, 'room' AS conferencename, 'acme' AS tenantname, 'C' AS conferencetype,
    'D' AS endpointtype, timestamptz '2026-01-01 00:00Z' + i * interval '1 min' AS jointime, 'COMPLETED' AS callstate,
    'I' AS direction
FROM generate_series(1, 6) i;
CALL sync_cdr('portal_calls', 'UTC');
CALL sync_cdr('portal_calls', 'UTC');
SELECT pg_temp.stored();
SELECT highest_call_id FROM cdr_feed;
SELECT count(*) FROM cdr_feed_gap;
SELECT inserted, purged FROM cdr_import WHERE kind = 'feed';

-- A purge between two batches of a feed counts for the second.
TRUNCATE conferencecall2, cdr_feed, cdr_feed_gap, cdr_purge;
CREATE FUNCTION purge_meanwhile() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO cdr_purge (before, purged_to, finished_at) VALUES ('2026-01-01 00:05Z', '2026-01-01 00:05Z', now());
    RETURN NULL;
END $$;
CREATE TRIGGER purge_meanwhile AFTER INSERT ON conferencecall2 FOR EACH ROW WHEN (NEW.callid = 2)
    EXECUTE FUNCTION purge_meanwhile();
CALL sync_cdr('portal_calls', 'UTC', 2);
SELECT pg_temp.stored();
DROP TRIGGER purge_meanwhile ON conferencecall2;
DROP FUNCTION purge_meanwhile;

-- Without the table it is not known what was purged.
ALTER TABLE cdr_purge RENAME TO renamed;
SELECT inserted, updated, unchanged, rejected FROM import_cdr(pg_temp.file(1, 7));
ALTER TABLE renamed RENAME TO cdr_purge;

-- Who may import need not see the purges.
CREATE ROLE regress_cdr_importer;
SELECT cdr_grant_import('regress_cdr_importer');
SET ROLE regress_cdr_importer;
SELECT inserted, updated, unchanged, rejected FROM import_cdr(pg_temp.file(1, 7));
-- Invalid input: no privilege
SELECT count(*) FROM cdr_purge;
RESET ROLE;
DROP OWNED BY regress_cdr_importer;
DROP ROLE regress_cdr_importer;
DROP TABLE portal_calls;
TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_feed, cdr_feed_gap, cdr_purge RESTART IDENTITY;
