-- Since 1.1: cdr_import tells when an import ended.
SET timezone = 'UTC';
\set header 'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerName,JoinTime,CallState,Direction'
CREATE TEMPORARY TABLE imported (step int, import_id bigint);

-- imported_at is one for a whole transaction, finished_at is not.
BEGIN;
INSERT INTO imported SELECT 1, import_id
FROM import_cdr(:'header' || E'\n21,1000000000000021,room,Acme,C,D,Ann,2026-03-02 09:00:00Z,IN PROGRESS,I');
INSERT INTO imported SELECT 2, import_id FROM import_cdr(:'header' || E'\nrefused');
SELECT step, imported_at = now() AS at_begin, finished_at > imported_at AS finished,
       finished_at > lag(finished_at) OVER (ORDER BY step) AS later, finished_at <= clock_timestamp() AS past
FROM cdr_import JOIN imported USING (import_id) ORDER BY step;
COMMIT;

-- A feed has one line, which tells of its last batch.
CREATE TABLE portal_calls (LIKE conferencecall2 INCLUDING DEFAULTS);
INSERT INTO portal_calls SELECT * FROM conferencecall2 WHERE callid = 21;
CALL sync_cdr('portal_calls', 'UTC');
SELECT import_id, imported_at AS began, finished_at AS finished FROM cdr_import WHERE kind = 'feed' \gset
UPDATE portal_calls SET leavetime = jointime + interval '1 hour', callstate = 'COMPLETED';
CALL sync_cdr('portal_calls', 'UTC');
SELECT imported_at = :'began' AS began_then, finished_at > :'finished' AS finished_later, updated
FROM cdr_import WHERE import_id = :import_id;

DROP TABLE portal_calls;
TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_feed, cdr_feed_gap;
RESET timezone;
