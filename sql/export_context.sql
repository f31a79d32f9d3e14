-- What a message tells of the export that it comes out of: the user's terms, never the query.
\set SHOW_CONTEXT always
SET timezone = 'UTC';
INSERT INTO conferencecall2
    (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
     callstate, direction)
SELECT i, i, 'room', 'acme', 'C', 'D', '2026-01-05 10:00', 'RINGING', 'I'
FROM generate_series(1, 3) AS i;
CREATE ROLE regress_cdr_divider;
SELECT cdr_grant_tenant('regress_cdr_divider', 'acme');
CREATE FUNCTION divide(callid bigint) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    RAISE NOTICE 'at %', callid;
    RETURN 1 / (callid - 2) < 2;
END $$;
CREATE POLICY divides ON conferencecall2 TO regress_cdr_divider USING (divide(callid));

SET ROLE regress_cdr_divider;
SELECT count(*) FROM export_cdr();
SET client_min_messages = warning;
SELECT export_cdr_csv('2026-01-01', '2026-02-01', E'ac\nme');
RESET client_min_messages;
COPY (SELECT * FROM export_cdr('2026-01-01')) TO STDOUT WITH (FORMAT csv);
RESET ROLE;
-- The privileges that a grant gives are missing, or something else is.
REVOKE SELECT ON conferencecall2 FROM regress_cdr_divider;
SET ROLE regress_cdr_divider;
SELECT count(*) FROM export_cdr();
RESET ROLE;
GRANT SELECT ON conferencecall2 TO regress_cdr_divider;
REVOKE EXECUTE ON FUNCTION divide FROM PUBLIC;
SET ROLE regress_cdr_divider;
SELECT count(*) FROM export_cdr();
RESET ROLE;

-- Another table in the place of the extension's is not exported, and neither is none.
BEGIN;
ALTER TABLE conferencecall2 RENAME TO calls;
SAVEPOINT renamed;
SELECT count(*) FROM export_cdr();
ROLLBACK TO renamed;
CREATE TABLE conferencecall2 (LIKE calls);
SAVEPOINT replaced;
SELECT count(*) FROM export_cdr();
ROLLBACK TO replaced;
COPY (SELECT * FROM export_cdr()) TO STDOUT WITH (FORMAT csv);
ROLLBACK TO replaced;
SELECT export_cdr_csv();
ROLLBACK;

DROP POLICY divides ON conferencecall2;
DROP FUNCTION divide;
SELECT cdr_revoke('regress_cdr_divider');
DROP ROLE regress_cdr_divider;
TRUNCATE conferencecall2;
