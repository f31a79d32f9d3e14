-- import_cdr and times: zones, offsets, the hours that clocks repeat and skip.
SET timezone = 'America/New_York';
CREATE FUNCTION pg_temp.import(jointime text, leavetime text, zone text DEFAULT 'America/New_York')
RETURNS TABLE (inserted bigint, rejected bigint, ambiguous bigint) AS $$
    TRUNCATE conferencecall2;
    WITH result AS MATERIALIZED (
        SELECT * FROM import_cdr(format(
            E'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,LeaveTime,CallState,Direction\n'
            '1,7,room,Acme,C,D,%s,%s,COMPLETED,I', jointime, leavetime), zone))
    SELECT inserted, rejected, ambiguous_times FROM result
$$ LANGUAGE sql;

-- The zone is the session's, unless one is given that is not NULL; an offset in the file goes before both.
SELECT inserted FROM import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,LeaveTime,CallState,Direction
1,7,r,t,C,D,2026-07-01 12:00:00,2026-07-01 12:00:00.25,COMPLETED,I
2,7,r,t,C,D,2026-07-01 12:00:00+05:30,2026-07-01T12:00:00Z,COMPLETED,I
3,7,r,t,C,D,0044-03-15 12:00:00+00 BC,12026-01-01 00:00:00-05,COMPLETED,I
');
SELECT inserted FROM import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction
4,7,r,t,C,D,2026-07-01 12:00:00,COMPLETED,I
', 'Europe/Zurich');
SELECT inserted FROM import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction
5,7,r,t,C,D,2026-07-01 12:00:00,COMPLETED,I
', NULL, NULL);
SELECT time_zone, profile FROM cdr_import ORDER BY import_id;
SELECT callid, jointime, leavetime FROM conferencecall2 ORDER BY callid;

-- The hour that is repeated: the reading in which nobody leaves before joining, or the first.
SELECT 'both times in it, either way' AS what, * FROM pg_temp.import('2026-11-01 01:10:00', '2026-11-01 01:50:00');
SELECT jointime, leavetime FROM conferencecall2;
SELECT 'leaves in its second run' AS what, * FROM pg_temp.import('2026-11-01 01:50:00', '2026-11-01 01:10:00');
SELECT jointime, leavetime FROM conferencecall2;
SELECT 'joins before' AS what, * FROM pg_temp.import('2026-11-01 00:50:00', '2026-11-01 01:10:00');
SELECT jointime, leavetime FROM conferencecall2;
SELECT 'leaves after' AS what, * FROM pg_temp.import('2026-11-01 01:50:00', '2026-11-01 02:10:00');
SELECT jointime, leavetime FROM conferencecall2;
SELECT 'joins in its second run by the offset' AS what, * FROM pg_temp.import('2026-11-01 01:20:00-05', '2026-11-01 01:50:00');
SELECT jointime, leavetime FROM conferencecall2;
SELECT 'still open' AS what, * FROM pg_temp.import('2026-11-01 01:20:00', '');
SELECT jointime, leavetime FROM conferencecall2;
SELECT 'another zone' AS what, * FROM pg_temp.import('2026-11-01 01:20:00', '2026-11-01 01:50:00', 'UTC');

-- The hour that is skipped.
SELECT 'last second before' AS what, * FROM pg_temp.import('2026-03-08 01:59:59', '2026-03-08 03:00:00');
SELECT jointime, leavetime FROM conferencecall2;
SELECT 'in it' AS what, * FROM pg_temp.import('2026-03-08 02:00:00', '2026-03-08 03:00:00');
SELECT 'leaves in it' AS what, * FROM pg_temp.import('2026-03-08 01:00:00', '2026-03-08 02:59:59');
SELECT field, reason FROM cdr_import_reject ORDER BY reject_id;

-- Invalid input: a zone that does not exist, and dates of other styles.
SELECT * FROM pg_temp.import('2026-03-08 02:00:00', '', 'Mars/Olympus');
SELECT * FROM pg_temp.import('03/08/2026 02:00:00 EST', '');
SELECT * FROM pg_temp.import('08.03.2026 02:00:00 EST', '');
SELECT * FROM pg_temp.import('Sun Mar 08 02:00:00 2026 EST', '');
-- Not when other records have been read: then it is that record's fault.
SELECT inserted, rejected FROM import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,LeaveTime,CallState,Direction
1,7,r,t,C,D,2026-07-01 12:00:00,,COMPLETED,I
2,7,r,t,C,D,07/01/2026 12:00:00,,COMPLETED,I
');
TRUNCATE conferencecall2, cdr_import, cdr_import_reject;
RESET timezone;
