-- Since 1.2: usage figures by example, edge by edge, and what is refused.
SET timezone = 'America/New_York';
SET datestyle = 'ISO, YMD';
\pset null '~'

CREATE FUNCTION pg_temp.add(
    meeting text, endpoint text, caller text, joined timestamptz, left_at timestamptz,
    state text DEFAULT 'COMPLETED', tenant text DEFAULT 'acme')
RETURNS void LANGUAGE sql AS $$
    INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callerid,
                                 jointime, leavetime, callstate, direction, roomtype, roomowner)
    VALUES (meeting, 'room' || meeting, tenant, 'C', endpoint, caller, joined, left_at, state, 'I',
            CASE WHEN endpoint = 'D' THEN 'M' END, 'owner') $$;

-- No records: one row for each bucket of a range, and none where a bound is missing.
SELECT * FROM cdr_usage('2026-03-02', '2026-03-04');
SELECT * FROM cdr_usage('2026-03-02', '2026-03-04', NULL);
SELECT * FROM cdr_usage();
SELECT * FROM cdr_usage('2026-03-02');
SELECT * FROM cdr_usage('2026-03-02', '2026-03-04', group_by => 'TenantName');
SELECT * FROM cdr_usage('2026-03-02', '2026-03-02');
SELECT * FROM cdr_usage('infinity');
SELECT * FROM cdr_usage(end_time => '-infinity');
SELECT * FROM cdr_meetings();

-- Two calls of two people and three minutes each: 12 minutes.
SELECT pg_temp.add(m, 'D', c, '2026-03-02 09:00', '2026-03-02 09:03')
FROM (VALUES ('1', 'ann'), ('1', 'ben'), ('2', 'cyd'), ('2', 'dan')) AS v (m, c);
SELECT peak_participants, peak_time, participant_minutes, meetings, peak_meetings, unique_callers, joins
FROM cdr_usage('2026-03-02', '2026-03-03');
SELECT uniquecallid, duration_minutes, peak_participants, participant_minutes FROM cdr_meetings();
TRUNCATE conferencecall2;

-- Who leaves when another joins was not there with him; a reconnect is a join, and one caller.
SELECT pg_temp.add('1', 'D', 'ann', '2026-03-02 09:00', '2026-03-02 09:10'),
       pg_temp.add('1', 'D', 'ann', '2026-03-02 09:10', '2026-03-02 09:20'),
       pg_temp.add('1', 'L', '', '2026-03-02 09:05', '2026-03-02 09:10'),
       pg_temp.add('1', 'C', 'recorder', '2026-03-02 09:00', '2026-03-02 09:20'),
       pg_temp.add('1', 'G', 'Guest', '2026-03-02 09:10', '2026-03-02 09:10'),
       pg_temp.add('2', 'D', 'ben', '2026-03-02 09:00', '2026-03-02 09:01', 'RING NO ANSWER'),
       pg_temp.add('2', 'D', 'cyd', '2026-03-02 09:00', '2026-03-02 09:01', 'ALERT CANCELLED'),
       pg_temp.add('3', 'R', 'dan', '2026-03-02 23:50', '2026-03-03 00:15', tenant => 'beta'),
       pg_temp.add('4', 'R', 'eve', '2026-03-03 11:00', NULL, tenant => 'beta');
SELECT * FROM cdr_usage();
SELECT * FROM cdr_usage('2026-03-02 09:05', '2026-03-03 00:10', '1 day');
SELECT * FROM cdr_usage(bucket => NULL);
SELECT * FROM cdr_usage('2026-03-02', '2026-03-04', '1 day', group_by => 'tenantNAME');
SELECT group_value, joins, attempts FROM cdr_usage(bucket => NULL, group_by => 'RoomType');
SELECT group_value, joins, attempts FROM cdr_usage(bucket => NULL, group_by => 'CallState', endpoint_types => NULL);
SELECT group_value, participant_minutes FROM cdr_usage(NULL, NULL, NULL, group_by => 'UniqueCallID');
SELECT joins, legacy_minutes, participant_minutes FROM cdr_usage(bucket => NULL, endpoint_types => '{L}');
SELECT joins FROM cdr_usage(bucket => NULL, endpoint_types => '{C}', tenant => 'acme');
SELECT count(*) FROM cdr_usage(endpoint_types => '{}');
SELECT count(*), sum(joins) FROM cdr_usage('2026-03-02', '2026-03-04', endpoint_types => '{}');
SELECT sum(joins) FROM cdr_usage(tenant => 'Acme');
SELECT * FROM cdr_meetings();
SELECT uniquecallid, joins FROM cdr_meetings('2026-03-02 09:00', '2026-03-02 23:50');
SELECT uniquecallid FROM cdr_meetings('2026-03-02 09:00:01');
SELECT uniquecallid FROM cdr_meetings(NULL, '2026-03-02 09:00:01', endpoint_types => NULL);
SELECT count(*) FROM cdr_meetings(tenant => 'beta', endpoint_types => '{R}');

-- A column that somebody has added is in nobody's way, whatever its name.
BEGIN;
ALTER TABLE conferencecall2 ADD COLUMN met text, ADD COLUMN started timestamptz, ADD COLUMN meetings text, ADD COLUMN records text;
SELECT count(*) FROM cdr_meetings('2026-03-02 09:00');
SELECT count(*) FROM cdr_usage('2026-03-02 09:00', '2026-03-03');
ROLLBACK;

-- In other zones the same moments fall on other days; the hour that comes twice is two buckets.
SELECT bucket_start AT TIME ZONE 'Asia/Kathmandu' AS local, joins FROM cdr_usage(time_zone => 'Asia/Kathmandu');
SELECT count(*) FROM cdr_usage('2024-11-03', '2024-11-04', '1 hour');
SELECT count(*) FROM cdr_usage('2024-03-10', '2024-03-11', '1 hour');
SELECT bucket_start FROM cdr_usage('2026-02-15', '2026-03-10', '1 week');
SELECT bucket_start, bucket_end FROM cdr_usage('2026-02-15', '2026-08-10', '3 months');
SELECT bucket_start, bucket_end FROM cdr_usage('2024-11-02', '2024-11-05', time_zone => 'America/Havana');
SELECT count(*) FROM cdr_usage('2026-03-02', '2026-03-03', '00:01');
SELECT count(*) FROM cdr_usage('2026-03-02', '2026-03-03', '24:00');
SELECT count(*) FROM cdr_usage('2026-03-02', '2026-03-17', '7 days');

-- Columns that a query does not name are not computed, wherever it names the others.
SELECT max(peak_meetings), sum(unique_callers) FROM cdr_usage();
SELECT sum(joins) FROM cdr_usage() WHERE meetings > 0;
SELECT u FROM cdr_usage('2026-03-02', '2026-03-03') AS u;
SELECT a.meetings, b.unique_callers, n FROM ROWS FROM (cdr_usage('2026-03-02', '2026-03-03'), generate_series(1, 1), cdr_usage('2026-03-02', '2026-03-03'))
    AS a (s1, e1, g1, p1, t1, v1, m1, l1, pm1, meetings, c1, j1, a1, u1, n, s2, e2, g2, p2, t2, v2, m2, l2, pm2, m2b, c2, j2, a2, u2),
    cdr_usage('2026-03-02', '2026-03-03') AS b;
CREATE VIEW pg_temp.daily AS SELECT * FROM cdr_usage('2026-03-02', '2026-03-03');
SELECT unique_callers FROM pg_temp.daily;
SELECT (SELECT meetings FROM cdr_usage(d, d + interval '1 day')) FROM (VALUES ('2026-03-02'::timestamptz)) AS v (d);
SELECT d.n, (u).meetings FROM (SELECT 1 AS n, cdr_usage('2026-03-02', '2026-03-03') AS u) AS d;
PREPARE figures AS SELECT bucket_start, meetings FROM cdr_usage($1::timestamptz, $1::timestamptz + interval '1 day');
EXECUTE figures ('2026-03-02');
SET plan_cache_mode = force_generic_plan;
EXECUTE figures ('2026-03-03');
RESET plan_cache_mode;
DEALLOCATE figures;

-- Open calls: alive, dead, and from a clock that runs ahead.
TRUNCATE conferencecall2;
SELECT pg_temp.add('1', 'D', 'ann', now() - interval '10 min', NULL, 'IN PROGRESS'),
       pg_temp.add('1', 'C', 'recorder', now() - interval '9 min', NULL, 'IN PROGRESS'),
       pg_temp.add('1', 'D', 'ben', now() + interval '5 min', NULL, 'IN PROGRESS'),
       pg_temp.add('2', 'D', 'cyd', now() - interval '25 hours', NULL, 'IN PROGRESS'),
       pg_temp.add('3', 'D', 'dan', now() - interval '10 min', NULL, 'RINGING'),
       pg_temp.add('3', 'D', 'eve', now() - interval '10 min', now() - interval '5 min', 'IN PROGRESS');
BEGIN;
SELECT callerid, endpointtype, round(open_seconds) IN (0, 540, 600) AS since, is_open, is_connected, is_person
FROM cdr_live ORDER BY callerid;
SELECT joins, attempts, unknown_end, peak_participants FROM cdr_usage(bucket => NULL);
SELECT uniquecallid, ended_at IS NULL AS goes_on, participants_now, joins, unknown_end FROM cdr_meetings();
SET LOCAL vidyo_cdr.stale_after = '2d';
SELECT joins, attempts, unknown_end, peak_participants FROM cdr_usage(bucket => NULL);
SELECT count(*) FROM cdr_live WHERE is_person;
SELECT now() - cdr_live_since() AS stale_after;
SET LOCAL vidyo_cdr.stale_after = 1;
SELECT now() - cdr_live_since() AS stale_after;
COMMIT;
\set VERBOSITY sqlstate
SET vidyo_cdr.stale_after = 0;
SET vidyo_cdr.stale_after = '366d';
\set VERBOSITY default
SET enable_seqscan = off;
EXPLAIN (COSTS off) SELECT callid FROM cdr_live;
RESET enable_seqscan;

-- Invalid input: one thing after the other.
SELECT * FROM cdr_usage('2026-03-03', '2026-03-02');
SELECT * FROM cdr_meetings('2026-03-03', '2026-03-02');
SELECT * FROM cdr_usage(bucket => '7 min');
SELECT * FROM cdr_usage(bucket => '-1 hour');
SELECT * FROM cdr_usage(bucket => '0');
SELECT * FROM cdr_usage(bucket => '00:00:30');
SELECT * FROM cdr_usage(bucket => '1 month 1 day');
SELECT * FROM cdr_usage(bucket => '2 months');
SELECT * FROM cdr_usage(time_zone => 'Mars/Olympus');
SELECT * FROM cdr_usage(group_by => 'JoinTime');
SELECT * FROM cdr_usage(group_by => 'TenantName; DROP TABLE x');
SELECT * FROM cdr_usage(endpoint_types => '{R,X}');
SELECT * FROM cdr_usage(endpoint_types => '{r}');
SELECT * FROM cdr_usage(endpoint_types => '{R,NULL}');
SELECT * FROM cdr_meetings(endpoint_types => '{""}');
\set VERBOSITY sqlstate
SELECT * FROM cdr_usage(group_by => 'no field');
SELECT * FROM cdr_usage(bucket => '2 days');
SELECT * FROM cdr_usage(endpoint_types => '{X}');
SELECT * FROM cdr_usage(time_zone => '');
\set VERBOSITY default
SELECT * FROM cdr_usage('2000-01-01', '2026-01-01', '1 minute');
SELECT * FROM cdr_usage('2000-01-01', '9000-01-01', '1 minute', group_by => 'CallerID');

-- A tenant without records.
SELECT count(*) FROM cdr_usage(tenant => 'ACME');
SELECT count(*) FROM cdr_meetings(tenant => 'ACME');

-- Times at the ends of what timestamps can be.
TRUNCATE conferencecall2;
SET timezone = 'UTC';
SELECT pg_temp.add('1', 'D', 'ann', '4714-11-24 00:00:00 BC Z', '294276-12-31 23:59:59.999999 Z');
SELECT bucket_start, bucket_end, participant_minutes, peak_time FROM cdr_usage(bucket => NULL);
SELECT * FROM cdr_usage(bucket => '1 year');
SELECT bucket_start, participant_minutes FROM cdr_usage('2026-01-01', '2026-01-03');
SELECT * FROM cdr_usage('294276-12-01 Z');
SELECT duration_minutes FROM cdr_meetings();

-- Memory: groups beyond work_mem are refused, with what their rows need (1 MB has room for the groups alone).
TRUNCATE conferencecall2;
SELECT count(pg_temp.add(n::text, 'D', 'caller' || n, '2026-03-02', '2026-03-03')) FROM generate_series(1, 3000) AS n;
SET work_mem = '64kB';
SET hash_mem_multiplier = 1;
SELECT count(*) FROM cdr_usage(group_by => 'CallerID');
SET work_mem = '1MB';
SELECT count(joins) FROM cdr_usage(group_by => 'CallerID');
SET work_mem = '64kB';
SELECT sum(meetings) FROM cdr_usage();
SELECT sum(joins) FROM cdr_usage();
RESET work_mem;
RESET hash_mem_multiplier;
SELECT count(*) FROM cdr_usage(group_by => 'CallerID');
TRUNCATE conferencecall2 RESTART IDENTITY;
