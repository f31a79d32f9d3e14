-- Who may read: an export reads the table as its caller, with the caller's privileges and policies.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
INSERT INTO conferencecall2
    (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, callstate,
     direction)
SELECT i::text, 'room', CASE WHEN i <= 3 THEN 'acme' ELSE 'beta' END, 'C', 'D',
       '2026-01-01Z'::timestamptz + i * interval '1 min', 'IN PROGRESS', 'I'
FROM generate_series(1, 10) AS i;

CREATE ROLE regress_cdr_nobody;
CREATE ROLE regress_cdr_reader;
CREATE ROLE regress_cdr_acme;
GRANT SELECT ON conferencecall2 TO regress_cdr_acme;
SELECT cdr_grant_all_tenants('regress_cdr_reader');

-- A role without SELECT cannot export, nor read the report, nor write.
SET ROLE regress_cdr_nobody;
SELECT * FROM export_cdr();
SELECT * FROM export_cdr(tenant => 'acme');
COPY (SELECT * FROM export_cdr()) TO STDOUT WITH (FORMAT csv);
SELECT * FROM conferencecall2;
SELECT * FROM cdr_report;
INSERT INTO conferencecall2 (uniquecallid) VALUES ('1');
\set VERBOSITY sqlstate
SELECT * FROM export_cdr();
\set VERBOSITY default
-- The codes are for everybody.
SELECT count(*) FROM cdr_codes;

-- With a grant it can, though it cannot write.
SET ROLE regress_cdr_reader;
SELECT count(*) FROM export_cdr();
SELECT count(*) FROM cdr_report;
DELETE FROM conferencecall2;
-- A server file is for the roles that PostgreSQL allows it to; its wording differs by version.
\set VERBOSITY sqlstate
COPY (SELECT * FROM export_cdr()) TO '/nowhere/cdr.csv' WITH (FORMAT csv);
COPY (SELECT * FROM export_cdr()) TO PROGRAM 'cat' WITH (FORMAT csv);
\set VERBOSITY default

-- One session, several roles: the prepared query follows the role, both ways.
SET ROLE regress_cdr_nobody;
SELECT count(*) FROM export_cdr();
SET ROLE regress_cdr_reader;
SELECT count(*) FROM export_cdr();
RESET ROLE;
SELECT count(*) FROM export_cdr();

-- SELECT on some columns is not enough.
GRANT SELECT (callid, jointime) ON conferencecall2 TO regress_cdr_nobody;
SET ROLE regress_cdr_nobody;
SELECT callid FROM conferencecall2 WHERE callid = 1;
SELECT "CallID" FROM export_cdr();
RESET ROLE;

-- Row security holds in the export and its limit, and follows the role within one session.
CREATE POLICY acme_only ON conferencecall2 TO regress_cdr_acme USING (tenantname = 'acme');
SET vidyo_cdr.export_limit = 3;
SET ROLE regress_cdr_acme;
SELECT count(*) FROM export_cdr();
SELECT count(*) FROM export_cdr(tenant => 'beta');
SELECT count(*) FROM cdr_report;
SET row_security = off;
SELECT count(*) FROM export_cdr();
RESET row_security;
RESET ROLE;
GRANT SELECT ON conferencecall2 TO regress_cdr_nobody;
SET ROLE regress_cdr_nobody;
SELECT count(*) FROM export_cdr();
RESET ROLE;
SELECT count(*) FROM export_cdr();
RESET vidyo_cdr.export_limit;
SELECT count(*) FROM export_cdr();
SET ROLE regress_cdr_acme;
SELECT count(*) FROM export_cdr();
RESET ROLE;
DROP POLICY acme_only ON conferencecall2;

-- What a policy's function does during the export is planned with the session's own settings.
CREATE FUNCTION pg_temp.note_settings() RETURNS boolean LANGUAGE sql VOLATILE AS $$
    SELECT set_config('probe.settings', current_setting('enable_seqscan') || ' '
        || current_setting('enable_sort') || ' ' || current_setting('jit'), false) IS NOT NULL
$$;
SET jit = on;
CREATE POLICY noting ON conferencecall2 TO regress_cdr_acme USING (pg_temp.note_settings());
SET ROLE regress_cdr_acme;
SELECT count(*) FROM export_cdr();
RESET ROLE;
SHOW probe.settings;
RESET jit;
DROP POLICY noting ON conferencecall2;

-- EXECUTE can be taken away.
REVOKE EXECUTE ON FUNCTION export_cdr FROM PUBLIC;
SET ROLE regress_cdr_reader;
SELECT count(*) FROM export_cdr();
RESET ROLE;
GRANT EXECUTE ON FUNCTION export_cdr TO PUBLIC;

DROP OWNED BY regress_cdr_nobody, regress_cdr_reader, regress_cdr_acme;
DROP ROLE regress_cdr_nobody, regress_cdr_reader, regress_cdr_acme;
TRUNCATE conferencecall2 RESTART IDENTITY;
