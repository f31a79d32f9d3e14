-- import_cdr: what is refused as a whole, before anything is written.
\set SHOW_CONTEXT never
-- Invalid input: no CSV with a header.
SELECT import_cdr('');
SELECT import_cdr(E'\n\r\n');
SELECT import_cdr('hello world');
SELECT import_cdr('1,7,room,Acme,C,D,2026-03-02 09:00:00,,IN PROGRESS,I');
SELECT import_cdr('"CallID,UniqueCallID');
-- Invalid input: columns that are missing or given twice.
SELECT import_cdr('CallID,UniqueCallID,ConferenceName,ConferenceType,EndpointType,JoinTime,Direction');
SELECT import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction,Call State');
-- Invalid input: arguments.
SELECT import_cdr(NULL);
SELECT import_cdr('CallID', 'Nowhere');
SELECT import_cdr('CallID', 'UTC', 'excel');
SELECT import_cdr_file(NULL);
SELECT import_cdr_file('/nonexistent/file.csv');
SELECT import_cdr_file('/');
SELECT import_cdr_file('/dev/null', encoding => 'EBCDIC');
SELECT import_cdr_file('/dev/null');
SELECT import_cdr_file('/dev/null', NULL, NULL, NULL);
-- The SQLSTATEs.
\set VERBOSITY sqlstate
SELECT import_cdr('hello world');
SELECT import_cdr('CallID,CallID');
SELECT import_cdr(NULL);
SELECT import_cdr('CallID', 'Nowhere');
SELECT import_cdr('CallID', 'UTC', 'excel');
SELECT import_cdr_file('/nonexistent/file.csv');
SELECT import_cdr_file('/' || repeat('a', 300));
SELECT import_cdr_file('/dev/null', encoding => 'EBCDIC');
SELECT import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction
1,7,r,t,C,D,01/02/2026 09:00:00,COMPLETED,I');
\set VERBOSITY default

-- Not in a read-only transaction.
BEGIN READ ONLY;
SELECT import_cdr('CallID');
ROLLBACK;
BEGIN READ ONLY;
SELECT import_cdr_file('/dev/null');
ROLLBACK;
-- Nothing was written.
SELECT count(*) FROM cdr_import;

-- Who may import.
CREATE ROLE regress_cdr_importer;
SET ROLE regress_cdr_importer;
SELECT import_cdr('CallID');
SELECT import_cdr_file('/dev/null');
RESET ROLE;
GRANT EXECUTE ON FUNCTION import_cdr, import_cdr_file TO regress_cdr_importer;
SET ROLE regress_cdr_importer;
-- The rest as the caller: privileges of the tables hold.
SELECT import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction');
RESET ROLE;
DROP OWNED BY regress_cdr_importer;
DROP ROLE regress_cdr_importer;
-- An empty file with a header is a file.
SELECT inserted, updated, unchanged, rejected
FROM import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction');
-- A trigger that keeps records out is no reason to go round in circles.
CREATE FUNCTION pg_temp.keep_out() RETURNS trigger AS 'BEGIN RETURN NULL; END' LANGUAGE plpgsql;
CREATE TRIGGER keep_out BEFORE INSERT ON conferencecall2 FOR EACH ROW EXECUTE FUNCTION pg_temp.keep_out();
SELECT import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction
1,7,r,t,C,D,2026-03-02 09:00:00,COMPLETED,I
2,7,r,t,C,D,2026-03-02 09:00:00,COMPLETED,I', 'UTC');
DROP TRIGGER keep_out ON conferencecall2;
TRUNCATE conferencecall2, cdr_import, cdr_import_reject;

-- Invalid state: a rule in the place of the import's statement.
CREATE RULE instead AS ON UPDATE TO cdr_import DO INSTEAD NOTHING;
\set VERBOSITY sqlstate
SELECT import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction');
\set VERBOSITY default
DROP RULE instead ON cdr_import;

-- Invalid state: another relation stands in the place of the extension's, or none does.
\set empty_file 'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction'
BEGIN;
ALTER TABLE conferencecall2 RENAME TO kept;
CREATE TABLE conferencecall2 (LIKE kept INCLUDING ALL);
SELECT import_cdr(:'empty_file');
ROLLBACK;
BEGIN;
ALTER TABLE cdr_import RENAME TO kept;
CREATE TABLE cdr_import (LIKE kept INCLUDING ALL);
SELECT import_cdr(:'empty_file');
ROLLBACK;
BEGIN;
ALTER TABLE cdr_import_reject RENAME TO kept;
CREATE TABLE cdr_import_reject (LIKE kept INCLUDING ALL);
SELECT import_cdr(:'empty_file');
ROLLBACK;
BEGIN;
ALTER SEQUENCE conferencecall2_callid_seq RENAME TO kept;
CREATE SEQUENCE conferencecall2_callid_seq;
SELECT import_cdr(:'empty_file');
ROLLBACK;
BEGIN;
ALTER TABLE cdr_import RENAME TO kept;
SELECT import_cdr(:'empty_file');
ROLLBACK;
ALTER TABLE cdr_feed RENAME TO kept;
CREATE TABLE cdr_feed (LIKE kept INCLUDING ALL);
CALL sync_cdr('conferencecall2', 'UTC');
DROP TABLE cdr_feed;
ALTER TABLE kept RENAME TO cdr_feed;
ALTER TABLE cdr_feed_gap RENAME TO kept;
CALL sync_cdr('conferencecall2', 'UTC');
ALTER TABLE kept RENAME TO cdr_feed_gap;
SELECT count(*) FROM cdr_import;
