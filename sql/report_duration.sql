-- Since 1.2: duration_seconds is exact, and can be as long as two times can be apart; and what else report
-- writers compute.
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
                             leavetime, callstate, direction)
SELECT '1', '', '', 'C', 'D', jointime, leavetime, 'COMPLETED', 'I'
FROM (VALUES
    ('4714-11-24 00:00:00 BC Z'::timestamptz, '294276-12-31 23:59:59.999999 Z'::timestamptz),
    ('2026-03-02 09:00:00 Z', '2026-03-05 09:30:00.000001 Z'),
    ('2026-03-02 09:00:00 Z', '2026-03-02 09:00:00 Z'),
    ('2026-03-02 09:00:00 Z', NULL)) AS call (jointime, leavetime);
SELECT duration_seconds, pg_typeof(duration_seconds) FROM cdr_report ORDER BY callid;

-- Where the local time may be none that a timestamp can show, it is NULL, and the report has the record.
SET datestyle = 'ISO, YMD';
SET timezone = 'America/New_York';
SELECT jointime_local, leavetime_local, join_date FROM cdr_report WHERE callid = 1;
SET timezone = 'Asia/Kathmandu';
SELECT jointime_local, leavetime_local, join_date FROM cdr_report WHERE callid = 1;
DELETE FROM conferencecall2 WHERE extract(year FROM jointime) <> 2026;

SELECT attnum, attname, format_type(atttypid, atttypmod) AS type
FROM pg_attribute WHERE attrelid = 'cdr_report'::regclass AND attnum > 36 ORDER BY attnum;
SELECT jointime, jointime_local, leavetime_local, join_date FROM cdr_report ORDER BY callid;
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
                             callstate, direction)
SELECT callstate.code, '', '', 'C', endpoint.code, '2026-03-02 20:00 Z', callstate.code, 'I'
FROM cdr_codes AS callstate, cdr_codes AS endpoint
WHERE callstate.field = 'CallState' AND endpoint.field = 'EndpointType';
SELECT is_connected, string_agg(DISTINCT callstate, ', ' ORDER BY callstate) AS states FROM cdr_report GROUP BY 1 ORDER BY 1;
SELECT is_person, string_agg(DISTINCT endpointtype, ', ' ORDER BY endpointtype) AS types FROM cdr_report GROUP BY 1 ORDER BY 1;
TRUNCATE conferencecall2 RESTART IDENTITY;
