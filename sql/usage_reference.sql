-- Since 1.2: usage figures against a second implementation in plain SQL, which asks for each bucket and
-- moment who was there: on the sample file and on random records with every edge.
SET timezone = 'America/New_York';
SET datestyle = 'ISO, YMD';
SET client_min_messages = 'warning';

-- When buckets begin: each quarter of an hour, or minute, is asked what the clock shows.
CREATE FUNCTION pg_temp.begins(bucket interval, day date) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE
        WHEN bucket = '1 day' THEN true
        WHEN bucket = '7 days' THEN extract(isodow FROM day) = 1
        ELSE extract(day FROM day) = 1
            AND (extract(month FROM day)::int - 1) % (extract(year FROM bucket) * 12 + extract(month FROM bucket))::int = 0
    END $$;
CREATE FUNCTION pg_temp.boundaries(lo timestamptz, hi timestamptz, bucket interval, zone text)
RETURNS SETOF timestamptz LANGUAGE sql STABLE AS $$
    WITH clock AS (
        SELECT m, m AT TIME ZONE zone AS shown,
               max((m AT TIME ZONE zone)::date) OVER (
                   ORDER BY m ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS last_day
        FROM generate_series(
                 date_trunc('hour', lo) - CASE WHEN bucket >= '1 month' THEN interval '400 days' ELSE '9 days' END,
                 hi + CASE WHEN bucket >= '1 month' THEN interval '400 days' ELSE '9 days' END,
                 CASE WHEN bucket < '15 min' THEN interval '1 min' ELSE '15 min' END) AS m
    )
    SELECT m FROM clock
    WHERE CASE
        WHEN bucket < '1 day'
        THEN extract(epoch FROM shown::time)::int % extract(epoch FROM bucket)::int = 0 OR shown::date > last_day
        ELSE shown::date > last_day AND EXISTS (
            SELECT FROM generate_series(last_day + 1, shown::date, interval '1 day') AS day
            WHERE pg_temp.begins(bucket, day::date))
    END $$;

CREATE FUNCTION pg_temp.reference_usage(
    from_time timestamptz, to_time timestamptz, bucket interval, zone text, tenant text, group_by text, types text[])
RETURNS TABLE (
    bucket_start timestamptz, bucket_end timestamptz, group_value text, peak_participants bigint,
    peak_time timestamptz, average_participants numeric, participant_minutes numeric, legacy_minutes numeric,
    peak_meetings bigint, meetings bigint, unique_callers bigint, joins bigint, attempts bigint, unknown_end bigint)
LANGUAGE sql STABLE AS $$
    WITH known AS (
        SELECT jointime, leavetime, endpointtype, uniquecallid, tenantname, callerid, callstate,
               to_jsonb(c) ->> lower(group_by) AS g, callstate IN ('IN PROGRESS', 'COMPLETED') AS connected,
               leavetime IS NULL AND NOT (callstate = 'IN PROGRESS'
                   AND jointime >= now() - current_setting('vidyo_cdr.stale_after')::interval) AS dead
        FROM conferencecall2 AS c
        WHERE callstate NOT IN ('ALERTING', 'ALERT CANCELLED')
          AND (tenant IS NULL OR tenantname = tenant)
          AND (types IS NULL OR endpointtype = ANY (types))
    ), lasting AS (
        SELECT *, CASE
            WHEN NOT connected OR dead THEN jointime
            WHEN leavetime IS NULL THEN greatest(jointime, now())
            ELSE leavetime
        END AS ends
        FROM known
    ), counted AS (
        SELECT * FROM lasting
        WHERE jointime < coalesce(to_time, 'infinity')
          AND (jointime >= coalesce(from_time, '-infinity') OR ends > from_time)
    ), extent AS (
        SELECT count(*) > 0 OR (from_time IS NOT NULL AND to_time IS NOT NULL) AS has_rows,
               coalesce(from_time, min(jointime)) AS lo,
               coalesce(to_time, greatest(max(jointime), max(ends))) AS hi,
               max(jointime) AS last_join, max(ends) AS last_end
        FROM counted
    ), whole AS (
        SELECT b AS s, lead(b) OVER (ORDER BY b) AS e
        FROM extent, pg_temp.boundaries(lo, hi, bucket, coalesce(zone, current_setting('timezone'))) AS b
        WHERE has_rows AND bucket IS NOT NULL
    ), buckets AS (
        SELECT greatest(s, from_time) AS s, least(e, to_time) AS e, false AS closed
        FROM whole, extent
        WHERE e > lo AND (CASE WHEN to_time IS NOT NULL THEN s < to_time ELSE s < last_end OR s <= last_join END)
        UNION ALL
        SELECT lo, hi, to_time IS NULL FROM extent WHERE has_rows AND bucket IS NULL
    ), groups AS (
        SELECT DISTINCT g FROM counted WHERE group_by IS NOT NULL
        UNION ALL
        SELECT NULL WHERE group_by IS NULL
    ), there AS (
        SELECT s, cells.g, connected, dead, endpointtype, uniquecallid, tenantname, callerid,
               jointime >= s AND (jointime < e OR (closed AND jointime = e)) AS joins_here,
               greatest(jointime, s) AS a, least(ends, e) AS z
        FROM (SELECT s, e, closed, g FROM buckets, groups) AS cells
        JOIN counted ON counted.g IS NOT DISTINCT FROM cells.g
            AND (jointime >= s AND (jointime < e OR (closed AND jointime = e))
                 OR connected AND jointime < e AND ends > s)
    ), moments AS (
        SELECT m.s, m.g, m.a, count(*) AS participants, count(DISTINCT uniquecallid) AS meetings
        FROM (SELECT DISTINCT s, g, a FROM there) AS m
        JOIN there AS t ON t.s = m.s AND t.g IS NOT DISTINCT FROM m.g AND connected AND t.a <= m.a AND z > m.a
        GROUP BY 1, 2, 3
    ), peaks AS (
        SELECT DISTINCT ON (s, g) s, g, participants, a, max(meetings) OVER (PARTITION BY s, g) AS meetings
        FROM moments ORDER BY s, g, participants DESC, a
    ), sums AS (
        SELECT s, g,
               sum(extract(epoch FROM z - a)) FILTER (WHERE connected AND z > a) AS seconds,
               sum(extract(epoch FROM z - a)) FILTER (WHERE connected AND z > a AND endpointtype = 'L') AS legacy,
               count(DISTINCT uniquecallid) FILTER (WHERE connected) AS meetings,
               count(DISTINCT (tenantname, callerid)) FILTER (WHERE connected AND callerid NOT IN ('', 'Guest')) AS callers,
               count(*) FILTER (WHERE connected AND joins_here) AS joins,
               count(*) FILTER (WHERE joins_here) AS attempts,
               count(*) FILTER (WHERE connected AND dead AND joins_here) AS unknown
        FROM there GROUP BY 1, 2
    )
    SELECT b.s, b.e, c.g, coalesce(p.participants, 0), p.a,
           coalesce(t.seconds, 0) / nullif(extract(epoch FROM b.e) - extract(epoch FROM b.s), 0),
           coalesce(t.seconds, 0) / 60, coalesce(t.legacy, 0) / 60, coalesce(p.meetings, 0), coalesce(t.meetings, 0),
           coalesce(t.callers, 0), coalesce(t.joins, 0), coalesce(t.attempts, 0), coalesce(t.unknown, 0)
    FROM buckets AS b
    CROSS JOIN groups AS c
    LEFT JOIN peaks AS p ON p.s = b.s AND p.g IS NOT DISTINCT FROM c.g
    LEFT JOIN sums AS t ON t.s = b.s AND t.g IS NOT DISTINCT FROM c.g
    ORDER BY b.s, c.g COLLATE "C" NULLS LAST $$;

-- Rows in which the two differ: 0, and how many they have. Their order counts as well.
CREATE FUNCTION pg_temp.compare(
    from_time timestamptz, to_time timestamptz, bucket interval, zone text, tenant text, group_by text, types text[],
    OUT rows_differ bigint, OUT rows_of_both bigint)
LANGUAGE sql STABLE AS $$
    WITH a AS (
        SELECT row_number() OVER () AS n, bucket_start, bucket_end, group_value, peak_participants, peak_time,
               round(average_participants::numeric, 6), round(participant_minutes::numeric, 6),
               round(legacy_minutes::numeric, 6), peak_meetings, meetings, unique_callers, joins, attempts, unknown_end
        FROM cdr_usage(from_time, to_time, bucket, zone, tenant, group_by, types)
    ), b AS (
        SELECT row_number() OVER () AS n, bucket_start, bucket_end, group_value, peak_participants, peak_time,
               round(average_participants, 6), round(participant_minutes, 6),
               round(legacy_minutes, 6), peak_meetings, meetings, unique_callers, joins, attempts, unknown_end
        FROM pg_temp.reference_usage(from_time, to_time, bucket, zone, tenant, group_by, types)
    )
    SELECT (SELECT count(*) FROM ((TABLE a EXCEPT TABLE b) UNION ALL (TABLE b EXCEPT TABLE a)) AS d),
           (SELECT count(*) FROM a) $$;

-- The same for meetings.
CREATE FUNCTION pg_temp.compare_meetings(
    from_time timestamptz, to_time timestamptz, tenant text, types text[], OUT rows_differ bigint, OUT rows_of_both bigint)
LANGUAGE sql STABLE AS $$
    WITH known AS (
        SELECT c.*, leavetime IS NULL AND NOT (callstate = 'IN PROGRESS'
                   AND jointime >= now() - current_setting('vidyo_cdr.stale_after')::interval) AS dead
        FROM conferencecall2 AS c
        WHERE callstate IN ('IN PROGRESS', 'COMPLETED')
          AND (compare_meetings.tenant IS NULL OR tenantname = compare_meetings.tenant)
          AND (types IS NULL OR endpointtype = ANY (types))
    ), lasting AS (
        SELECT *, CASE WHEN dead THEN jointime ELSE coalesce(leavetime, greatest(jointime, now())) END AS ends
        FROM known
    ), met AS (
        SELECT uniquecallid, min(jointime) AS started, max(ends) AS ended,
               count(*) FILTER (WHERE leavetime IS NULL AND NOT dead) AS there_now,
               count(DISTINCT (tenantname, callerid)) FILTER (WHERE callerid NOT IN ('', 'Guest')) AS callers,
               count(*) AS joins, sum(extract(epoch FROM ends) - extract(epoch FROM jointime)) / 60 AS minutes,
               count(*) FILTER (WHERE dead) AS unknown
        FROM lasting GROUP BY 1
        HAVING min(jointime) >= coalesce(from_time, '-infinity') AND min(jointime) < coalesce(to_time, 'infinity')
    ), moments AS (
        SELECT m.uniquecallid, m.jointime AS moment, count(*) AS participants
        FROM (SELECT DISTINCT uniquecallid, jointime FROM lasting) AS m
        JOIN lasting AS l ON l.uniquecallid = m.uniquecallid AND l.jointime <= m.jointime AND l.ends > m.jointime
        GROUP BY 1, 2
    ), a AS (
        SELECT row_number() OVER () AS n, uniquecallid, conferencename, tenantname, conferencetype, roomtype, roomowner,
               started_at, ended_at, round(duration_minutes::numeric, 6), participants_now, peak_participants, peak_time,
               unique_callers, joins, round(participant_minutes::numeric, 6), unknown_end
        FROM cdr_meetings(from_time, to_time, compare_meetings.tenant, types)
    ), b AS (
        SELECT row_number() OVER (ORDER BY started, met.uniquecallid COLLATE "C") AS n, met.uniquecallid, f.conferencename,
               f.tenantname, f.conferencetype::text, f.roomtype::text, f.roomowner, started,
               CASE WHEN there_now = 0 THEN ended END,
               round((extract(epoch FROM ended) - extract(epoch FROM started)) / 60, 6), there_now,
               coalesce(p.participants, 0), p.moment, callers, joins, round(minutes, 6), unknown
        FROM met
        CROSS JOIN LATERAL (SELECT * FROM lasting AS l WHERE l.uniquecallid = met.uniquecallid
                            ORDER BY jointime, callid LIMIT 1) AS f
        LEFT JOIN LATERAL (SELECT * FROM moments AS m WHERE m.uniquecallid = met.uniquecallid
                           ORDER BY participants DESC, moment LIMIT 1) AS p ON true
    )
    SELECT (SELECT count(*) FROM ((TABLE a EXCEPT TABLE b) UNION ALL (TABLE b EXCEPT TABLE a)) AS d),
           (SELECT count(*) FROM a) $$;

-- The sample file's records.
\getenv srcdir PG_ABS_SRCDIR
\set csv `cat :'srcdir'/sample/portal.csv`
SELECT count(*) FROM import_cdr(:'csv', 'America/New_York');
SELECT sum(rows_differ) AS rows_differ, sum(rows_of_both) AS rows_of_both
FROM (VALUES (NULL, NULL), ('2026-03-22', NULL), (NULL, '2026-03-24 10:00'), ('2026-03-21 10:05:00', '2026-03-29 12:00')) AS r (a, b),
     (VALUES (NULL), ('1 hour'), ('1 day'), ('7 days')) AS l (bucket),
     (VALUES (NULL), ('TenantName'), ('endpointtype'), ('RoomType'), ('CallCompletionCode')) AS g (field),
     LATERAL pg_temp.compare(a::timestamptz, b::timestamptz, bucket::interval, NULL, NULL, field, '{R,D,G,L}');
SELECT sum(rows_differ) AS rows_differ, sum(rows_of_both) AS rows_of_both
FROM (VALUES (NULL), ('UniqueCallID'), ('CallerID'), ('EndpointPublicIPAddress'), ('DeviceModel'), ('CallState')) AS g (field),
     LATERAL pg_temp.compare('2026-03-22', '2026-03-29', '1 day', NULL, NULL, field, NULL);
SELECT sum(rows_differ) AS rows_differ, sum(rows_of_both) AS rows_of_both
FROM (VALUES (NULL, NULL), ('2026-03-22', NULL), (NULL, '2026-03-24 10:00'), ('2026-03-24', '2026-03-26')) AS r (a, b),
     LATERAL pg_temp.compare_meetings(a::timestamptz, b::timestamptz, NULL, '{R,D,G,L}');
TRUNCATE conferencecall2, cdr_import, cdr_import_reject;

-- Random records around a moment, with what portals write and worse: many at one moment, of no length, over
-- days, still open, without an end, attempts with and without LeaveTime, and fields that are NULL.
CREATE FUNCTION pg_temp.insert_random(around timestamptz, days int, records int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callerid,
                                 jointime, leavetime, callstate, direction, roomtype, endpointpublicipaddress)
    SELECT (random() * records / 4)::int::text, 'room', (ARRAY['acme', 'Acme', 'acme.example.com'])[1 + floor(random() * 3)],
           'C', (ARRAY['R', 'D', 'D', 'G', 'L', 'C'])[1 + floor(random() * 6)],
           (ARRAY['', 'Guest', 'guest', 'a', 'b', 'c', 'd'])[1 + floor(random() * 7)],
           jointime,
           CASE WHEN random() < 0.2 THEN NULL
                WHEN random() < 0.1 THEN jointime
                WHEN random() < 0.1 THEN jointime + random() * 100 * interval '1 hour'
                WHEN random() < 0.05 THEN jointime + interval '24 hours'
                WHEN random() < 0.3 THEN jointime + floor(random() * 5) * interval '30 min'
                ELSE jointime + random() * interval '2 hours' END,
           (ARRAY['COMPLETED', 'COMPLETED', 'COMPLETED', 'COMPLETED', 'IN PROGRESS', 'IN PROGRESS', 'RINGING', 'RING ACCEPTED',
                  'RING REJECTED', 'RING NO ANSWER', 'RING CANCELLED', 'ALERTING', 'ALERT CANCELLED'])[1 + floor(random() * 13)],
           'I', (ARRAY['M', 'P', NULL])[1 + floor(random() * 3)],
           (ARRAY['192.0.2.1', '192.0.2.0/24', '2001:db8::1', NULL]::inet[])[1 + floor(random() * 4)]
    FROM (SELECT CASE WHEN random() < 0.6
                      THEN date_trunc('hour', around) + floor((random() - 0.5) * days * 48) * interval '30 min'
                      ELSE around + (random() - 0.5) * days * interval '1 day' END AS jointime
          FROM generate_series(1, records) OFFSET 0) AS j $$;

-- A bounded range of each bucket, in zones of which some change within it. A year that is over: rules of
-- zones for later ones may change.
SELECT setseed(0.25);
SELECT pg_temp.insert_random('2024-11-03 05:30Z', 6, 250);
SELECT zone, sum(rows_differ) AS rows_differ, sum(rows_of_both) AS rows_of_both
FROM (VALUES ('America/New_York'), ('America/Havana'), ('Africa/Cairo'), ('Asia/Kathmandu')) AS z (zone),
     (VALUES ('1 min', 4), ('15 min', 30), ('1 hour', 60), ('90 min', 60), ('12 hours', 72), ('24 hours', 80), ('7 days', 90), ('1 month', 60)) AS l (bucket, hours),
     (VALUES (NULL), ('RoomType')) AS g (field),
     LATERAL pg_temp.compare('2024-11-03 05:37:11Z'::timestamptz - hours / 2 * interval '1 hour',
                             '2024-11-03 06:12:00.5Z'::timestamptz + hours / 2 * interval '1 hour',
                             bucket::interval, zone, NULL, field, '{R,D,G,L}')
GROUP BY 1 ORDER BY 1;

-- Ranges without a bound, tenants, endpoint types, and groups.
SELECT sum(rows_differ) AS rows_differ, sum(rows_of_both) AS rows_of_both
FROM (VALUES (NULL, NULL), ('2024-11-03', NULL), (NULL, '2024-11-03 01:30-05'), ('2024-11-07', NULL), (NULL, '2024-10-30'),
             ('2024-11-22', NULL), (NULL, '2024-10-03'), ('2024-12-01', '2024-12-03')) AS r (a, b),
     (VALUES (NULL), ('1 day'), ('7 days')) AS l (bucket),
     (VALUES (NULL, NULL, '{R,D,G,L}'), ('acme', NULL, NULL), ('nobody', 'TenantName', NULL), (NULL, 'EndpointPublicIPAddress', '{C,L}'),
             ('Acme', 'CallerID', '{D,G}'), (NULL, NULL, '{}'), (NULL, 'callstate', NULL), (NULL, 'TENANTNAME', '{L}')) AS g (tenant, field, types),
     LATERAL pg_temp.compare(a::timestamptz, b::timestamptz, bucket::interval, NULL, tenant, field, types::text[]);

SELECT sum(rows_differ) AS rows_differ, sum(rows_of_both) AS rows_of_both
FROM (VALUES ('1 month'), ('3 months'), ('6 months'), ('1 year')) AS l (bucket),
     (VALUES (NULL::timestamptz), ('2024-11-03 02:00')) AS r (a),
     LATERAL pg_temp.compare(a, NULL, bucket::interval, 'Australia/Lord_Howe', NULL, NULL, NULL);

SELECT sum(rows_differ) AS rows_differ, sum(rows_of_both) AS rows_of_both
FROM (VALUES (NULL, NULL), ('2024-11-03', NULL), (NULL, '2024-11-03 01:30-05'), ('2024-11-02', '2024-11-04'), ('2024-11-07', '2024-11-07')) AS r (a, b),
     (VALUES (NULL, NULL), ('acme', NULL), (NULL, '{R,D,G,L}'), ('Acme', '{D,C}'), (NULL, '{}')) AS t (tenant, types),
     LATERAL pg_temp.compare_meetings(a::timestamptz, b::timestamptz, tenant, types::text[]);

-- The same along indexes.
ANALYZE conferencecall2;
SET enable_seqscan = off;
SELECT sum(rows_differ) AS rows_differ, sum(rows_of_both) AS rows_of_both
FROM generate_series('2024-10-30 00:00Z'::timestamptz, '2024-11-08 00:00Z', '7 hours') AS a,
     LATERAL pg_temp.compare(a, a + interval '5 hours', '30 min', 'UTC', NULL, NULL, NULL);
RESET enable_seqscan;
TRUNCATE conferencecall2;

-- Around now: calls that go on, or are taken for dead, and portals whose clocks run ahead.
SELECT setseed(0.75);
SELECT pg_temp.insert_random(now(), 4, 250);
SELECT stale, sum(rows_differ) AS rows_differ
FROM (VALUES ('1d'), ('1min'), ('3h'), ('365d')) AS s (stale),
     LATERAL (SELECT set_config('vidyo_cdr.stale_after', stale, false) OFFSET 0) AS set_so,
     (VALUES (NULL, NULL), (NULL, interval '-5 h'), ('-30 h', '1 h'), ('-2 h', NULL), ('5 min', '2 h'), ('-1 min', '0'), ('0', NULL)) AS r (a, b),
     (VALUES (NULL), ('1 hour'), ('1 day')) AS l (bucket),
     LATERAL pg_temp.compare(now() + a::interval, now() + b, bucket::interval, 'UTC', NULL, NULL, NULL)
GROUP BY 1 ORDER BY 1;
SELECT stale, sum(rows_differ) AS rows_differ
FROM (VALUES ('1d'), ('1min'), ('3h'), ('365d')) AS s (stale),
     LATERAL (SELECT set_config('vidyo_cdr.stale_after', stale, false) OFFSET 0) AS set_so,
     LATERAL pg_temp.compare_meetings(NULL, NULL, NULL, NULL)
GROUP BY 1 ORDER BY 1;
RESET vidyo_cdr.stale_after;
TRUNCATE conferencecall2 RESTART IDENTITY;
