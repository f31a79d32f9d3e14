-- Importing as a role that is no superuser: cdr_grant_import is all that it needs, and nobody else
-- gets in.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET client_min_messages = warning;
ALTER SEQUENCE conferencecall2_callid_seq RESTART;
CREATE ROLE regress_cdr_importer;
CREATE ROLE regress_cdr_acme;
SELECT cdr_grant_import('regress_cdr_importer'), cdr_grant_tenant('regress_cdr_acme', 'acme');
\set header 'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,LeaveTime,CallState,Direction' '\n'
\set import 'SELECT inserted, updated, unchanged, rejected FROM import_cdr'

SET ROLE regress_cdr_importer;
-- New ones, the same again, one that has ended since, and one that is refused.
:import(:'header' || E'1,7,room,acme,C,D,2026-01-01 10:00:00,,IN PROGRESS,I\n2,7,room,beta,C,D,2026-01-01 10:01:00,2026-01-01 11:00:00,COMPLETED,I', 'UTC');
:import(:'header' || E'1,7,room,acme,C,D,2026-01-01 10:00:00,,IN PROGRESS,I\n2,7,room,beta,C,D,2026-01-01 10:01:00,2026-01-01 11:00:00,COMPLETED,I', 'UTC');
:import(:'header' || E'1,7,room,acme,C,D,2026-01-01 10:00:00,2026-01-01 10:30:00,COMPLETED,I\n3,8,room,gamma,C,D,yesterday,,COMPLETED,I', 'UTC');
:import(:'header' || E'3,8,room,gamma,C,D,2026-01-02 10:00:00,2026-01-02 10:30:00,COMPLETED,I\n2,9,room,beta,C,D,2026-01-01 10:01:00,,COMPLETED,I', 'UTC');
SELECT callid, tenantname, leavetime, callstate FROM conferencecall2 ORDER BY callid;
SELECT count(*) AS imports FROM cdr_import;
SELECT line, field FROM cdr_import_reject ORDER BY reject_id;
-- The identity went on, which takes the sequence.
SELECT last_value FROM conferencecall2_callid_seq;
COPY (SELECT callid, tenantname FROM conferencecall2 ORDER BY callid) TO STDOUT (FORMAT csv);
RESET ROLE;

-- The live feed, from a table that the importer may read.
CREATE TABLE portal_records AS
SELECT (10 + i) AS callid, '9'::text AS uniquecallid, 'room'::text AS conferencename,
       (ARRAY['acme', 'beta'])[1 + i % 2] AS tenantname, 'C'::text AS conferencetype, 'D'::text AS endpointtype,
       ''::text AS callerid, ''::text AS callername, '2026-01-03 10:00:00'::text AS jointime,
       CASE WHEN i > 1 THEN '2026-01-03 10:30:00' END AS leavetime,
       CASE WHEN i > 1 THEN 'COMPLETED' ELSE 'IN PROGRESS' END AS callstate, 'I'::text AS direction
FROM generate_series(1, 4) AS i;
GRANT SELECT ON portal_records TO regress_cdr_importer;
SET ROLE regress_cdr_importer;
CALL sync_cdr('portal_records', 'UTC');
SELECT count(*), count(leavetime) FROM conferencecall2 WHERE callid > 10;
RESET ROLE;
UPDATE portal_records SET leavetime = '2026-01-03 10:31:00', callstate = 'COMPLETED' WHERE callid = 11;
SET ROLE regress_cdr_importer;
CALL sync_cdr('portal_records', 'UTC');
SELECT count(*), count(leavetime) FROM conferencecall2 WHERE callid > 10;
RESET ROLE;

-- A tenant's admin gets the same answer whatever is there, and sees neither imports nor rejects.
\set VERBOSITY default
SET ROLE regress_cdr_acme;
SELECT import_cdr(:'header' || E'1,7,room,acme,C,D,2026-01-01 10:00:00,,IN PROGRESS,I', 'UTC');
SELECT import_cdr(:'header' || E'2,7,room,acme,C,D,2026-01-01 10:00:00,,IN PROGRESS,I', 'UTC');
SELECT import_cdr(:'header' || E'99,7,room,acme,C,D,2026-01-01 10:00:00,,IN PROGRESS,I', 'UTC');
SELECT import_cdr_file('/etc/passwd');
CALL sync_cdr('conferencecall2', 'UTC');
SELECT * FROM cdr_import;
SELECT * FROM cdr_import_reject;
SELECT * FROM cdr_feed;
SELECT * FROM cdr_feed_gap;
SELECT count(*), count(DISTINCT tenantname) FROM conferencecall2;
RESET ROLE;

-- With EXECUTE by hand, but without the grant, the tables hold.
GRANT EXECUTE ON FUNCTION import_cdr TO regress_cdr_acme;
SET ROLE regress_cdr_acme;
SELECT import_cdr(:'header' || E'2,7,room,acme,C,D,2026-01-01 10:00:00,,IN PROGRESS,I', 'UTC');
RESET ROLE;

-- What was granted is taken back as a whole.
SELECT cdr_revoke('regress_cdr_importer');
SELECT relname FROM pg_class
WHERE relname ~ '^(cdr_|conferencecall2)' AND relacl::text ~ 'regress_cdr_importer';
SELECT proname FROM pg_proc WHERE proacl::text ~ 'regress_cdr_importer';
SET ROLE regress_cdr_importer;
SELECT import_cdr(:'header' || E'99,7,room,acme,C,D,2026-01-01 10:00:00,,IN PROGRESS,I', 'UTC');
RESET ROLE;
DROP TABLE portal_records;
DROP OWNED BY regress_cdr_importer, regress_cdr_acme;
DROP ROLE regress_cdr_importer, regress_cdr_acme;
TRUNCATE cdr_import, cdr_import_reject, cdr_feed, cdr_feed_gap;
TRUNCATE conferencecall2 RESTART IDENTITY;
