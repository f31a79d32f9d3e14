-- export_cdr: bounds, order, ties, tenants.
SET client_min_messages = warning;
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

-- Inserted out of order; CallIDs 4 and 5 share a JoinTime, as do 2 and 6.
INSERT INTO conferencecall2
    (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
     callstate, direction)
SELECT callid, 'u' || callid, 'room', tenant, 'C', 'D', jointime, 'IN PROGRESS', 'I'
FROM (VALUES
    (6, 'acme', '2026-01-02 00:00:00'::timestamptz),
    (5, 'beta', '2026-01-03 12:00:00'),
    (1, 'acme', '2026-01-01 00:00:00'),
    (4, 'acme', '2026-01-03 12:00:00'),
    (3, 'Acme', '2026-01-02 00:00:00.000001'),
    (2, 'beta', '2026-01-02 00:00:00'),
    (7, 'acme', '0044-03-15 00:00:00 BC'),
    (8, '', '294276-12-31 23:59:59.999999')) AS r (callid, tenant, jointime);

-- All records, in order of JoinTime and CallID.
SELECT "CallID", "JoinTime", "TenantName" FROM export_cdr();

CREATE FUNCTION pg_temp.exported(start_time timestamptz, end_time timestamptz, tenant text)
RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg("CallID"::text, ' '), 'none') FROM export_cdr($1, $2, $3)
$$;

-- start_time is in the export, end_time is not; no bound is NULL, a start_time of -infinity or an
-- end_time of infinity.
SELECT start_time, end_time, pg_temp.exported(start_time, end_time, NULL)
FROM (VALUES
    (1, '2026-01-01'::timestamptz, '2026-01-02'::timestamptz),
    (2, '2026-01-02', '2026-01-03 12:00'),
    (3, '2026-01-02', '2026-01-03 12:00:00.000001'),
    (4, '2026-01-02 00:00:00.000001', '2026-01-03'),
    (5, NULL, '2026-01-02'),
    (6, '2026-01-03 12:00', NULL),
    (7, '-infinity', '2026-01-02'),
    (8, '2026-01-03 12:00', 'infinity'),
    (9, '-infinity', 'infinity'),
    (10, NULL, 'infinity'),
    (11, '-infinity', NULL),
    (12, NULL, NULL),
    (13, '2026-01-02', '2026-01-02'),
    (14, 'infinity', NULL),
    (15, NULL, '-infinity'),
    (16, 'infinity', 'infinity'),
    (17, '2027-01-01', '2028-01-01')) AS range (n, start_time, end_time)
ORDER BY n;

-- Adjoining ranges give each record once.
SELECT pg_temp.exported(NULL, '2026-01-02', NULL) || ' | '
    || pg_temp.exported('2026-01-02', '2026-01-03 12:00', NULL) || ' | '
    || pg_temp.exported('2026-01-03 12:00', NULL, NULL) AS three_exports;

-- Tenants: exact name, case counts, '' is a name, an unknown one has no records.
SELECT tenant, pg_temp.exported(NULL, NULL, tenant) AS all_times,
       pg_temp.exported('2026-01-01', '2026-01-03', tenant) AS some_days
FROM unnest(ARRAY['acme', 'Acme', 'beta', '', 'nobody', 'acme''; DROP TABLE x', NULL]) AS tenant;

-- Named arguments, in any order, any of them.
SELECT count(*) FROM export_cdr(tenant => 'beta', start_time => '2026-01-03');
SELECT count(*) FROM export_cdr(end_time => '2026-01-02');

-- Times without offset are taken in the session's zone.
SET timezone = 'America/New_York';
SELECT pg_temp.exported('2025-12-31 19:00', '2026-01-01 19:00', NULL);
SET timezone = 'UTC';

-- The same in every call of a session, prepared or not, and beside other settings.
PREPARE export (timestamptz, timestamptz, text) AS SELECT "CallID" FROM export_cdr($1, $2, $3);
EXECUTE export('2026-01-02', '2026-01-04', 'acme');
EXECUTE export('2026-01-02', '2026-01-04', NULL);
EXECUTE export(NULL, NULL, 'beta');
EXECUTE export(NULL, NULL, 'beta');
EXECUTE export(NULL, NULL, 'beta');
EXECUTE export('2026-01-02', '2026-01-04', 'acme');
EXECUTE export('2026-01-02', '2026-01-04', NULL);
DEALLOCATE export;
SET enable_indexscan = off;
SET plan_cache_mode = force_custom_plan;
SELECT "CallID" FROM export_cdr();
SHOW enable_indexscan;
SHOW enable_seqscan;
SHOW plan_cache_mode;
RESET enable_indexscan;
RESET plan_cache_mode;

-- As part of larger queries.
SELECT t.tenant, e."CallID"
FROM unnest(ARRAY['beta', 'nobody', 'acme']) WITH ORDINALITY AS t (tenant, n)
LEFT JOIN LATERAL export_cdr('2026-01-01', '2026-02-01', t.tenant) AS e ON true
ORDER BY t.n, e."JoinTime", e."CallID";
SELECT (export_cdr('2026-01-01', '2026-01-02'))."CallID";
SELECT "CallID" FROM export_cdr() LIMIT 2;
BEGIN;
DECLARE c SCROLL CURSOR FOR SELECT "CallID" FROM export_cdr();
FETCH 2 FROM c;
FETCH LAST FROM c;
FETCH BACKWARD 1 FROM c;
COMMIT;

-- A row written earlier in the transaction belongs to the export, in a read-only one nothing breaks.
BEGIN;
INSERT INTO conferencecall2 SELECT 9, 'u9', 'room', 'gamma', 'C', 'D', '', NULL, '2026-05-05',
    NULL, 'RINGING', 'O';
SELECT "CallID" FROM export_cdr(tenant => 'gamma');
ROLLBACK;
BEGIN READ ONLY;
SELECT count(*) FROM export_cdr();
COMMIT;

-- A statement that inserts does not see its own rows.
WITH new AS (
    INSERT INTO conferencecall2 SELECT 10, 'u10', 'room', 'gamma', 'C', 'D', '', NULL,
        '2026-05-05', NULL, 'RINGING', 'O'
    RETURNING callid)
SELECT (SELECT count(*) FROM new) AS inserted, (SELECT count(*) FROM export_cdr()) AS exported;

-- The columns are the documented field names, in their order, with the table's types.
SELECT string_agg(column_name, ',' ORDER BY n) AS header
FROM (SELECT proargnames[n] AS column_name, n
      FROM pg_proc, generate_subscripts(proargnames, 1) AS n
      WHERE oid = 'export_cdr'::regproc AND proargmodes[n] = 't') AS columns;
CREATE TEMP TABLE exported AS SELECT * FROM export_cdr();
SELECT e.attname, format_type(e.atttypid, -1) AS exported, format_type(t.atttypid, -1) AS stored
FROM pg_attribute AS e FULL JOIN (
    SELECT * FROM pg_attribute WHERE attrelid = 'conferencecall2'::regclass AND attnum > 0) AS t
  USING (attnum)
WHERE e.attrelid = 'exported'::regclass AND e.attnum > 0
  AND (lower(e.attname), e.atttypid) IS DISTINCT FROM (t.attname::text, t.atttypid);
SELECT count(*) AS differing FROM (
    (TABLE exported EXCEPT TABLE conferencecall2)
    UNION ALL (TABLE conferencecall2 EXCEPT TABLE exported)) AS d;
TRUNCATE conferencecall2 RESTART IDENTITY;
