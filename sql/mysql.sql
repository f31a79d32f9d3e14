-- The queries that docs/mysql.md shows as rewritten from MySQL: they run and give what they say.
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
INSERT INTO ConferenceCall2
    (CallID, UniqueCallID, ConferenceName, TenantName, ConferenceType, EndpointType, JoinTime,
     LeaveTime, CallState, Direction, EndpointPublicIPAddress, CallerName)
VALUES
    (1, 'u1', 'room', 'Acme', 'C', 'D', '2026-01-05 10:00', '2026-01-05 11:30', 'COMPLETED', 'I',
     '192.0.2.1', NULL),
    (2, 'u1', 'room', 'acme', 'C', 'D', '2026-01-05 10:00:30', '2026-01-05 10:02', 'COMPLETED',
     'I', NULL, 'Ann'),
    (3, 'u2', 'room', 'beta', 'C', 'D', now() - interval '1 hour', NULL, 'IN PROGRESS', 'I', NULL,
     'Bob');

-- Text compares with regard to case.
SELECT CallID FROM ConferenceCall2 WHERE TenantName = 'ACME' ORDER BY CallID;
SELECT CallID FROM ConferenceCall2 WHERE CallState = 'in progress';
SELECT CallID FROM ConferenceCall2 WHERE CallState = upper('in progress');

-- Invalid input: EndpointPublicIPAddress = ''
SELECT CallID FROM ConferenceCall2 WHERE EndpointPublicIPAddress = '';
SELECT CallID FROM ConferenceCall2 WHERE EndpointPublicIPAddress IS NULL ORDER BY CallID;

-- TIMESTAMPDIFF
SELECT CallID, TIMESTAMPDIFF(SECOND, JoinTime, LeaveTime) FROM ConferenceCall2;
SELECT CallID, EXTRACT(EPOCH FROM LeaveTime - JoinTime)::bigint AS seconds
FROM ConferenceCall2 ORDER BY CallID;
SELECT CallID, floor(EXTRACT(EPOCH FROM LeaveTime - JoinTime) / 60) AS minutes
FROM ConferenceCall2 ORDER BY CallID;

-- Live calls of the last two days.
SELECT CallID FROM ConferenceCall2
WHERE CallState = 'IN PROGRESS' AND JoinTime > now() - interval '2 days';

-- IFNULL, DATE(), GROUP_CONCAT, LIMIT offset, count
SELECT CallID, coalesce(CallerName, 'unknown') FROM ConferenceCall2 ORDER BY CallID;
SELECT JoinTime::date AS day, count(*) FROM ConferenceCall2 WHERE CallID < 3
GROUP BY JoinTime::date;
SELECT UniqueCallID, string_agg(CallID::text, ',' ORDER BY CallID) AS participants
FROM ConferenceCall2 GROUP BY UniqueCallID ORDER BY UniqueCallID;
SELECT CallID FROM ConferenceCall2 ORDER BY CallID LIMIT 2 OFFSET 1;
TRUNCATE ConferenceCall2 RESTART IDENTITY;
