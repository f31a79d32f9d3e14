-- Since 1.2: ConferenceCall2 that is no longer a plain table of this server: everything that reads or writes it
-- says so, instead of working on a part of the records.
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
INSERT INTO conferencecall2
    (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callername, jointime,
     callstate, direction)
VALUES ('1', 'room', 'acme', 'C', 'D', 'A', '2026-01-01Z', 'IN PROGRESS', 'I');
CREATE ROLE regress_cdr_acme;
SELECT cdr_grant_tenant('regress_cdr_acme', 'acme');
CREATE TABLE incoming AS SELECT string_agg(line, '') AS csv FROM export_cdr_csv() AS line;
\pset format unaligned
\pset tuples_only

-- Every entry point, each in a subtransaction of its own, and what it says.
CREATE FUNCTION try(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    hint text;
BEGIN
    EXECUTE statement;
    RETURN 'works';
EXCEPTION WHEN OTHERS THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN concat_ws(' | ', SQLSTATE, SQLERRM, hint);
END $$;
CREATE FUNCTION try_all() RETURNS TABLE (call text, result text) LANGUAGE plpgsql AS $$
BEGIN
    FOREACH call IN ARRAY ARRAY[
        'SELECT * FROM export_cdr()', 'SELECT export_cdr_csv()', 'EXPLAIN SELECT * FROM export_cdr()',
        'SELECT * FROM export_cdr_ranges()', 'SELECT import_cdr((SELECT csv FROM incoming))',
        'SELECT * FROM cdr_usage()', 'SELECT * FROM cdr_meetings()',
        'SELECT cdr_grant_tenant(''regress_cdr_acme'', ''acme'')',
        'SELECT cdr_grant_import(''regress_cdr_acme'')']
    LOOP
        result := try(call);
        RETURN NEXT;
    END LOOP;
    SET LOCAL ROLE regress_cdr_acme;
    call := 'SELECT FROM conferencecall2';
    result := try(call);
    RETURN NEXT;
    SET LOCAL ROLE NONE;
END $$;
SELECT * FROM try_all();

-- A parent of other tables, until it has no more children.
BEGIN;
CREATE TABLE later_calls () INHERITS (conferencecall2);
SELECT * FROM try_all();
ROLLBACK;
BEGIN;
CREATE TABLE later_calls () INHERITS (conferencecall2);
DROP TABLE later_calls;
SELECT DISTINCT result FROM try_all();
ROLLBACK;

-- A partition. PostgreSQL 17 and later refuse that themselves, for the identity of CallID.
SELECT current_setting('server_version_num')::int >= 170000 AS is_refused \gset
BEGIN;
CREATE TABLE all_calls (LIKE conferencecall2) PARTITION BY RANGE (callid);
\if :is_refused
\else
ALTER TABLE all_calls ATTACH PARTITION conferencecall2 DEFAULT;
\endif
SELECT call, :'is_refused' OR result LIKE '0A000 | % is a partition of another table,%' FROM try_all();
ROLLBACK;

-- Another relation in its place, as a member of the extension.
\set replace 'ALTER EXTENSION vidyo_cdr DROP TABLE conferencecall2; ALTER TABLE conferencecall2 RENAME TO calls'
BEGIN;
:replace;
CREATE TABLE conferencecall2 (LIKE calls) PARTITION BY RANGE (callid);
ALTER EXTENSION vidyo_cdr ADD TABLE conferencecall2;
SELECT * FROM try_all() WHERE call ~ 'FROM export_cdr|import|usage|grant';
ROLLBACK;
BEGIN;
:replace;
CREATE VIEW conferencecall2 AS TABLE calls;
ALTER EXTENSION vidyo_cdr ADD VIEW conferencecall2;
SELECT * FROM try_all() WHERE call ~ 'FROM export_cdr|import|usage|grant';
ROLLBACK;
BEGIN;
:replace;
CREATE FOREIGN DATA WRAPPER elsewhere;
CREATE SERVER elsewhere FOREIGN DATA WRAPPER elsewhere;
CREATE FOREIGN TABLE conferencecall2 (callid bigint, jointime timestamptz) SERVER elsewhere;
ALTER EXTENSION vidyo_cdr ADD FOREIGN TABLE conferencecall2;
SELECT * FROM try_all() WHERE call ~ 'FROM export_cdr|import|usage|grant';
ROLLBACK;

-- Tables that Citus manages: they are in a catalog of Citus's, which is made up here.
SET allow_system_table_mods = on;
\set install_citus 'CREATE TABLE pg_catalog.pg_dist_partition (logicalrelid regclass, partmethod "char", repmodel "char")'
BEGIN;
:install_citus;
INSERT INTO pg_dist_partition VALUES ('incoming', 'h', 's');
SELECT DISTINCT result FROM try_all();
-- Distributed without the help of cdr_distribute: the nodes do not know who may see what.
INSERT INTO pg_dist_partition VALUES ('conferencecall2', 'h', 's');
SELECT * FROM try_all();
-- A kind of table that cdr_distribute does not make.
UPDATE pg_dist_partition SET partmethod = 'n', repmodel = 't' WHERE logicalrelid = 'conferencecall2'::regclass;
SELECT DISTINCT result FROM try_all() WHERE call ~ 'export_cdr';
ROLLBACK;
-- As cdr_distribute leaves it, on a server that was started without Citus.
BEGIN;
:install_citus;
INSERT INTO pg_dist_partition VALUES ('conferencecall2', 'h', 's'), ('cdr_role_access', 'n', 't');
SET LOCAL citus.shard_count = 4;  -- whatever a session claims
SELECT DISTINCT result FROM try_all();
ROLLBACK;

-- The entries of access alone.
BEGIN;
CREATE TABLE more_access () INHERITS (cdr_role_access);
SELECT * FROM try_all() WHERE call ~ 'grant';
ROLLBACK;

DELETE FROM conferencecall2;
SELECT cdr_revoke('regress_cdr_acme');
DROP ROLE regress_cdr_acme;
