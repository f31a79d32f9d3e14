-- import_cdr on calls that are stored already: open calls go on, nothing goes back, contradictions
-- are kept apart.
SET timezone = 'UTC';
CREATE FUNCTION pg_temp.import(state text, leave text, caller text DEFAULT '', router text DEFAULT '',
                               code text DEFAULT '0', tenant text DEFAULT 'Acme', unique_id text DEFAULT '7',
                               jointime text DEFAULT '2026-03-02 09:00:00')
RETURNS TABLE (inserted bigint, updated bigint, unchanged bigint, rejected bigint) AS $$
    SELECT inserted, updated, unchanged, rejected FROM import_cdr(format(
        E'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerName,JoinTime,LeaveTime,CallState,Direction,RouterID,CallCompletionCode\n'
        '1,%s,room,%s,C,D,%s,%s,%s,%s,I,%s,%s', unique_id, tenant, caller, jointime, leave, state, router, code))
$$ LANGUAGE sql;
CREATE VIEW pg_temp.stored AS
    SELECT callstate, leavetime, callername, routerid, callcompletioncode AS code, tenantname, uniquecallid, jointime
    FROM conferencecall2;

-- An open call takes what is further on, and what is behind brings only what was missing.
SELECT * FROM pg_temp.import('RINGING', '', 'Ann');
SELECT * FROM pg_temp.import('ALERTING', '', 'Ann');
SELECT * FROM pg_temp.import('RING ACCEPTED', '', 'Ann');
SELECT * FROM pg_temp.import('IN PROGRESS', '', 'Ann Lee');
SELECT * FROM pg_temp.stored;
SELECT * FROM pg_temp.import('ALERTING', '', 'Ann Lee');
SELECT * FROM pg_temp.import('RINGING', '', 'Ann Lee', 'router 1');
SELECT * FROM pg_temp.stored;
-- The same stage again takes other values, but loses none.
SELECT * FROM pg_temp.import('IN PROGRESS', '', '', 'router 2');
SELECT * FROM pg_temp.stored;
-- Behind, and with another value: refused.
SELECT * FROM pg_temp.import('RINGING', '', 'Bob');
-- A complete record goes before the open one, which loses no value.
SELECT * FROM pg_temp.import('COMPLETED', '2026-03-02 09:30:00', '', 'router 3', '1');
SELECT * FROM pg_temp.import('COMPLETED', '2026-03-02 09:30:00', '', 'router 3', '1');
SELECT * FROM pg_temp.stored;
-- From then on it only gains; earlier records of the call change nothing.
SELECT * FROM pg_temp.import('COMPLETED', '2026-03-02 09:30:00', 'Ann Lee', 'router 3', '1');
SELECT * FROM pg_temp.import('IN PROGRESS', '', 'Ann Lee', 'router 3');
SELECT * FROM pg_temp.import('RINGING', '', '', '');
SELECT * FROM pg_temp.stored;
-- Contradictions.
SELECT * FROM pg_temp.import('RING REJECTED', '2026-03-02 09:30:00', 'Ann Lee', 'router 3', '1');
SELECT * FROM pg_temp.import('COMPLETED', '2026-03-02 09:31:00', 'Bob', 'router 3', '2');
SELECT * FROM pg_temp.import('COMPLETED', '2026-03-02 09:30:00', 'Ann Lee', '', '1');
SELECT * FROM pg_temp.import('COMPLETED', '2026-03-02 09:30:00', 'Ann Lee', 'router 3', '1', 'Acme', '8');
SELECT * FROM pg_temp.import('COMPLETED', '2026-03-02 09:30:00', 'Ann Lee', 'router 3', '1', 'Acme', '8', '2026-03-02 08:00:00');
-- A tenant's new name is never taken over, and no reason to refuse.
SELECT * FROM pg_temp.import('COMPLETED', '2026-03-02 09:30:00', 'Ann Lee', 'router 3', '1', 'Renamed');
SELECT * FROM pg_temp.stored;
SELECT callid, uniquecallid, field, reason, contradicts, resolved_at FROM cdr_import_reject ORDER BY reject_id;

-- A call that ended without a LeaveTime gains it, and one with a LeaveTime is complete in any state.
TRUNCATE conferencecall2;
SELECT * FROM pg_temp.import('RING NO ANSWER', '');
SELECT * FROM pg_temp.import('RING NO ANSWER', '2026-03-02 09:01:00');
SELECT * FROM pg_temp.stored;
TRUNCATE conferencecall2;
SELECT * FROM pg_temp.import('IN PROGRESS', '2026-03-02 09:01:00');
SELECT * FROM pg_temp.import('COMPLETED', '2026-03-02 09:01:00');
SELECT * FROM pg_temp.stored;

-- A CallID several times in a file: its records take effect in their order.
TRUNCATE conferencecall2;
SELECT inserted, updated, unchanged, rejected FROM import_cdr(
'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction
1,7,r,t,C,D,2026-03-02 09:00:00,RINGING,I
1,7,r,t,C,D,2026-03-02 09:00:00,COMPLETED,I
1,7,r,t,C,D,2026-03-02 09:00:00,RINGING,I
2,7,r,t,C,D,2026-03-02 09:00:00,RINGING,I
1,7,r,t,C,D,2026-03-02 09:00:00,COMPLETED,I
');
SELECT callid, callstate FROM conferencecall2 ORDER BY callid;
-- Columns that a file does not have stay as they are.
UPDATE conferencecall2 SET callername = 'kept', callcompletioncode = 2 WHERE callid = 2;
SELECT inserted, updated, unchanged, rejected FROM import_cdr(
'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction
2,7,r,t,C,D,2026-03-02 09:00:00,COMPLETED,I
');
SELECT callid, callstate, callername, callcompletioncode FROM conferencecall2 WHERE callid = 2;
-- A stored record without a CallState, where the owner has allowed that, is open and gains one.
ALTER TABLE conferencecall2 ALTER callstate DROP NOT NULL;
UPDATE conferencecall2 SET callstate = NULL WHERE callid = 2;
SELECT inserted, updated, unchanged, rejected FROM import_cdr(
'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction
2,7,r,t,C,D,2026-03-02 09:00:00,COMPLETED,I
');
SELECT callid, callstate FROM conferencecall2 WHERE callid = 2;
ALTER TABLE conferencecall2 ALTER callstate SET NOT NULL;
TRUNCATE conferencecall2, cdr_import, cdr_import_reject;
