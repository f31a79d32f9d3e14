-- Since 1.2: duration_seconds is exact, and can be as long as two times can be apart.
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
                             leavetime, callstate, direction)
SELECT '1', '', '', 'C', 'D', jointime, leavetime, 'COMPLETED', 'I'
FROM (VALUES
    ('4714-11-24 00:00:00 BC Z'::timestamptz, '294276-12-31 23:59:59.999999 Z'::timestamptz),
    ('2026-03-02 09:00:00 Z', '2026-03-05 09:30:00.000001 Z'),
    ('2026-03-02 09:00:00 Z', '2026-03-02 09:00:00 Z'),
    ('2026-03-02 09:00:00 Z', NULL)) AS call (jointime, leavetime);
SELECT duration_seconds, pg_typeof(duration_seconds) FROM cdr_report ORDER BY callid;
TRUNCATE conferencecall2 RESTART IDENTITY;
