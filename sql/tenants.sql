-- Tenants: what a grant lets a role see and do, itself or through membership, and that every change
-- of grants, roles and memberships counts at once.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
TRUNCATE conferencecall2 RESTART IDENTITY;
INSERT INTO conferencecall2
    (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, callstate,
     direction)
SELECT i::text, 'room', (ARRAY['acme', 'beta', 'gamma', ''])[1 + i % 4], 'C', 'D',
       '2026-01-01Z'::timestamptz + i * interval '1 min', 'IN PROGRESS', 'I'
FROM generate_series(1, 100) AS i;
CREATE ROLE regress_cdr_acme;
CREATE ROLE regress_cdr_two;
CREATE ROLE regress_cdr_all;
CREATE ROLE "regress_cdr Import";
CREATE ROLE regress_cdr_member IN ROLE regress_cdr_acme, regress_cdr_two;
CREATE ROLE regress_cdr_outsider NOINHERIT IN ROLE regress_cdr_acme;
CREATE ROLE regress_cdr_select;
GRANT SELECT ON conferencecall2 TO regress_cdr_select, regress_cdr_outsider;

-- What the current role sees, by every way to the records.
CREATE FUNCTION seen(OUT tenants text, OUT "table" bigint, OUT report bigint, OUT export bigint,
                     OUT lines bigint)
LANGUAGE plpgsql AS $$
BEGIN
    SELECT string_agg(DISTINCT quote_literal(tenantname), ' ' ORDER BY quote_literal(tenantname)),
           count(*) INTO tenants, "table" FROM public.conferencecall2;
    SELECT count(*) INTO report FROM public.cdr_report;
    SELECT count(*) INTO export FROM public.export_cdr();
    SELECT count(*) INTO lines
    FROM public.export_cdr_csv(header => false) AS chunk, string_to_table(chunk, E'\n') WHERE chunk <> '';
END $$;

SELECT cdr_grant_tenant('regress_cdr_acme', 'acme');
SELECT cdr_grant_tenant('regress_cdr_two', 'beta'), cdr_grant_tenant('regress_cdr_two', '');
SELECT cdr_grant_all_tenants('regress_cdr_all');
SELECT cdr_grant_import('"regress_cdr Import"');
-- A grant twice is one.
SELECT cdr_grant_tenant('regress_cdr_acme', 'acme');
SELECT * FROM cdr_role_access ORDER BY role::text COLLATE "C", tenant;
SELECT * FROM cdr_access WHERE role::text ~ 'regress_cdr' ORDER BY role::text, tenant;
SELECT access, through = role AS of_its_own FROM cdr_access WHERE role = current_user::regrole;

SELECT * FROM seen();
SET ROLE regress_cdr_acme;
SELECT * FROM seen();
SELECT cdr_sees_tenant('acme'), cdr_sees_tenant('beta'), cdr_sees_tenant(NULL), cdr_may_import();
SET ROLE regress_cdr_two;
SELECT * FROM seen();
SET ROLE regress_cdr_all;
SELECT * FROM seen();
SET ROLE "regress_cdr Import";
SELECT * FROM seen();
SELECT cdr_may_import();
SET ROLE regress_cdr_member;
SELECT * FROM seen();
-- SELECT on the table shows nothing without a grant, nor does a membership that is not inherited.
SET ROLE regress_cdr_select;
SELECT * FROM seen();
SET ROLE regress_cdr_outsider;
SELECT * FROM seen();

-- An export of several tenants has the table's order, and its tenant argument narrows it.
SET ROLE regress_cdr_member;
SELECT array_agg("CallID") = (SELECT array_agg(callid ORDER BY jointime, callid) FROM conferencecall2)
    AS in_order
FROM export_cdr();
SELECT "CallID", "TenantName" FROM export_cdr('2026-01-01 00:10Z', '2026-01-01 00:16Z');
SELECT tenant, (SELECT count(*) FROM export_cdr(tenant => tenant)) AS records
FROM unnest(ARRAY['acme', 'beta', 'gamma', '', NULL, 'ACME', 'acme ']) AS tenant;
RESET ROLE;

-- The limit counts what the caller sees, and the hint fits the caller.
\set VERBOSITY default
SET vidyo_cdr.export_limit = 25;
SET ROLE regress_cdr_acme;
SELECT count(*) FROM export_cdr();
SET ROLE regress_cdr_two;
SELECT count(*) FROM export_cdr();
SELECT count(*) FROM export_cdr(end_time => '2026-01-01 00:51:00+00');
RESET ROLE;
SET vidyo_cdr.export_limit = 24;
SET ROLE regress_cdr_acme;
SELECT count(*) FROM export_cdr();
SELECT count(*) FROM export_cdr(end_time => '2026-01-01 01:40:00+00');
RESET ROLE;
BEGIN;
UPDATE conferencecall2 SET jointime = '2026-01-01Z';
SET LOCAL ROLE regress_cdr_acme;
SELECT count(*) FROM export_cdr();
ROLLBACK;
BEGIN;
UPDATE conferencecall2 SET jointime = '2026-01-01Z';
SET LOCAL ROLE regress_cdr_two;
SELECT count(*) FROM export_cdr();
ROLLBACK;
RESET vidyo_cdr.export_limit;
\set VERBOSITY terse

-- Changes count at once, also within a transaction and when a savepoint takes them back.
BEGIN;
SET LOCAL ROLE regress_cdr_acme;
SELECT tenants FROM seen();
RESET ROLE;
SELECT cdr_grant_tenant('regress_cdr_acme', 'beta');
SET LOCAL ROLE regress_cdr_acme;
SELECT tenants FROM seen();
RESET ROLE;
SAVEPOINT before_revoke;
SELECT cdr_revoke('regress_cdr_acme', 'acme');
SET LOCAL ROLE regress_cdr_acme;
SELECT tenants FROM seen();
ROLLBACK TO before_revoke;
SET LOCAL ROLE regress_cdr_acme;
SELECT tenants FROM seen();
RESET ROLE;
SAVEPOINT before_dml;
INSERT INTO cdr_role_access VALUES ('regress_cdr_acme', 'tenant', 'gamma');
UPDATE cdr_role_access SET tenant = '' WHERE role = 'regress_cdr_acme'::regrole AND tenant = 'acme';
SET LOCAL ROLE regress_cdr_acme;
SELECT tenants FROM seen();
RESET ROLE;
DELETE FROM cdr_role_access WHERE tenant = 'gamma';
SET LOCAL ROLE regress_cdr_acme;
SELECT tenants FROM seen();
RESET ROLE;
TRUNCATE cdr_role_access;
SET LOCAL ROLE regress_cdr_acme;
SELECT tenants FROM seen();
ROLLBACK TO before_dml;
SET LOCAL ROLE regress_cdr_acme;
SELECT tenants FROM seen();
RESET ROLE;
-- Also while triggers rest, as in a restore or replication.
SET LOCAL session_replication_role = replica;
DELETE FROM cdr_role_access WHERE tenant = 'beta' AND role = 'regress_cdr_acme'::regrole;
SET LOCAL ROLE regress_cdr_acme;
SELECT tenants FROM seen();
ROLLBACK;

-- Membership.
BEGIN;
SET LOCAL ROLE regress_cdr_member;
SELECT tenants FROM seen();
RESET ROLE;
REVOKE regress_cdr_two FROM regress_cdr_member;
SET LOCAL ROLE regress_cdr_member;
SELECT tenants FROM seen();
RESET ROLE;
SAVEPOINT before_grant;
GRANT regress_cdr_all TO regress_cdr_member;
SET LOCAL ROLE regress_cdr_member;
SELECT tenants FROM seen();
ROLLBACK TO before_grant;
SET LOCAL ROLE regress_cdr_member;
SELECT tenants FROM seen();
ROLLBACK;
SET ROLE regress_cdr_member;
SELECT tenants FROM seen();
RESET ROLE;

-- One prepared statement, several roles.
PREPARE by_role AS SELECT string_agg(DISTINCT tenantname, ' ') AS "table",
    (SELECT string_agg(DISTINCT "TenantName", ' ') FROM export_cdr()) AS export
FROM conferencecall2;
EXECUTE by_role;
SET ROLE regress_cdr_acme;
EXECUTE by_role;
SET ROLE regress_cdr_two;
EXECUTE by_role;
SET ROLE regress_cdr_select;
EXECUTE by_role;
SET ROLE regress_cdr_acme;
EXECUTE by_role;
RESET ROLE;
EXECUTE by_role;
SET SESSION AUTHORIZATION regress_cdr_acme;
EXECUTE by_role;
RESET SESSION AUTHORIZATION;
EXECUTE by_role;
DEALLOCATE by_role;

-- Somebody's own policy lets in more, in the export as in the table.
CREATE POLICY open_house ON conferencecall2 FOR SELECT TO regress_cdr_acme USING (tenantname = 'gamma');
SET ROLE regress_cdr_acme;
SELECT * FROM seen();
SET ROLE regress_cdr_two;
SELECT * FROM seen();
RESET ROLE;
DROP POLICY open_house ON conferencecall2;

-- Import: brings in and completes records of any tenant; nobody else writes, and nobody deletes.
SET ROLE "regress_cdr Import";
INSERT INTO conferencecall2
    (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
     callstate, direction)
VALUES (1001, '1', 'room', 'new', 'C', 'D', '2026-02-01Z', 'IN PROGRESS', 'I');
INSERT INTO conferencecall2 AS c
    (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
     callstate, direction)
VALUES (1001, '1', 'room', 'new', 'C', 'D', '2026-02-01Z', 'COMPLETED', 'I')
ON CONFLICT (callid) DO UPDATE SET callstate = excluded.callstate
RETURNING callid, callstate;
SELECT setval('conferencecall2_callid_seq', 1001);
DELETE FROM conferencecall2;
RESET ROLE;
GRANT INSERT, UPDATE, DELETE ON conferencecall2 TO regress_cdr_acme;
SET ROLE regress_cdr_acme;
INSERT INTO conferencecall2
    (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
     callstate, direction)
VALUES (1002, '1', 'room', 'acme', 'C', 'D', '2026-02-01Z', 'IN PROGRESS', 'I');
UPDATE conferencecall2 SET callername = 'changed';
DELETE FROM conferencecall2;
RESET ROLE;
REVOKE INSERT, UPDATE, DELETE ON conferencecall2 FROM regress_cdr_acme;

-- Revoking: one tenant, then everything; the privileges go with the last entry, those for the import
-- with the import.
CREATE FUNCTION privileges(role text) RETURNS text LANGUAGE sql AS $$
    SELECT concat_ws(' ',
        (SELECT string_agg(p, ',') FROM unnest(ARRAY['SELECT', 'INSERT', 'UPDATE', 'DELETE']) AS p
         WHERE has_table_privilege(role, 'conferencecall2', p)),
        (SELECT 'sequence' WHERE has_sequence_privilege(role, 'conferencecall2_callid_seq', 'UPDATE')))
$$;
SELECT privileges('regress_cdr_two');
SELECT cdr_revoke('regress_cdr_two', 'beta');
SELECT privileges('regress_cdr_two');
SELECT cdr_revoke('regress_cdr_two', 'gamma');
SELECT cdr_revoke('regress_cdr_two', '');
SELECT privileges('regress_cdr_two');
SELECT privileges('regress_cdr Import');
SELECT cdr_grant_tenant('"regress_cdr Import"', 'beta');
SELECT cdr_revoke('"regress_cdr Import"', 'beta');
SELECT privileges('regress_cdr Import');
SELECT cdr_revoke('"regress_cdr Import"');
SELECT privileges('regress_cdr Import');
SELECT cdr_revoke('regress_cdr_all', 'acme');
SELECT cdr_revoke('regress_cdr_all');
TABLE cdr_role_access;

-- A rename is followed; a dropped role's entries go, and a later role of that name sees nothing.
ALTER ROLE regress_cdr_acme RENAME TO regress_cdr_renamed;
TABLE cdr_role_access;
SET ROLE regress_cdr_renamed;
SELECT tenants FROM seen();
RESET ROLE;
CREATE ROLE regress_cdr_acme;
GRANT SELECT ON conferencecall2 TO regress_cdr_acme;
SET ROLE regress_cdr_acme;
SELECT tenants FROM seen();
RESET ROLE;
-- A member cannot take away what its group was granted.
CREATE ROLE regress_cdr_group;
CREATE ROLE regress_cdr_one IN ROLE regress_cdr_group;
SELECT cdr_grant_tenant('regress_cdr_group', 'Acme');
SET ROLE regress_cdr_one;
SET client_min_messages = error; -- one warning for each column
DROP OWNED BY regress_cdr_group;
RESET client_min_messages;
RESET ROLE;
SELECT role, access, tenant FROM cdr_access WHERE role = 'regress_cdr_one'::regrole;
DROP OWNED BY regress_cdr_group;
SELECT role, access, tenant FROM cdr_access WHERE role = 'regress_cdr_one'::regrole;
DROP ROLE regress_cdr_one, regress_cdr_group;
DROP OWNED BY regress_cdr_acme;
DROP ROLE regress_cdr_acme;
DROP ROLE regress_cdr_renamed;
DROP OWNED BY regress_cdr_renamed;
TABLE cdr_role_access;
DROP ROLE regress_cdr_renamed;
CREATE ROLE regress_cdr_renamed;
GRANT SELECT ON conferencecall2 TO regress_cdr_renamed;
SET ROLE regress_cdr_renamed;
SELECT tenants FROM seen();
RESET ROLE;
-- An entry whose role has gone all the same means nothing, and the next grant removes it.
REVOKE SELECT ON conferencecall2 FROM regress_cdr_renamed;
INSERT INTO cdr_role_access SELECT oid, 'tenant', 'acme' FROM pg_roles WHERE rolname = 'regress_cdr_renamed';
DROP ROLE regress_cdr_renamed;
SELECT role::text = '' AS is_gone, access, tenant FROM cdr_role_access;
SELECT * FROM cdr_access WHERE tenant = 'acme';
SELECT cdr_grant_tenant('regress_cdr_two', 'acme');
TABLE cdr_role_access;
SELECT cdr_revoke('regress_cdr_two');

-- Invalid input: arguments
\set VERBOSITY default
SELECT cdr_grant_tenant('regress_cdr_two', NULL);
SELECT cdr_grant_tenant(NULL, 'acme');
SELECT cdr_grant_all_tenants('regress_cdr_unknown');
SELECT cdr_grant_import('-');
SELECT cdr_revoke('0');
-- Invalid input: entries by hand
INSERT INTO cdr_role_access VALUES ('regress_cdr_two', 'tenant', NULL);
INSERT INTO cdr_role_access VALUES ('regress_cdr_two', 'import', 'acme');
INSERT INTO cdr_role_access VALUES ('regress_cdr_two', 'delete', NULL);
INSERT INTO cdr_role_access VALUES (NULL, 'import', NULL);
INSERT INTO cdr_role_access VALUES ('regress_cdr_gone', 'import', NULL);
INSERT INTO cdr_role_access VALUES ('', 'import', NULL);
INSERT INTO cdr_role_access VALUES ('10', 'import', NULL);
TABLE cdr_role_access;

-- Those who are no superuser grant nothing.
SET ROLE regress_cdr_two;
SELECT cdr_grant_tenant('regress_cdr_two', 'acme');
SELECT cdr_grant_all_tenants('regress_cdr_two');
SELECT cdr_grant_import('regress_cdr_two');
SELECT cdr_revoke('regress_cdr_two');
TABLE cdr_access;
RESET ROLE;

DROP FUNCTION seen, privileges;
DROP OWNED BY regress_cdr_two, regress_cdr_all, "regress_cdr Import", regress_cdr_member,
    regress_cdr_outsider, regress_cdr_select;
DROP ROLE regress_cdr_two, regress_cdr_all, "regress_cdr Import", regress_cdr_member,
    regress_cdr_outsider, regress_cdr_select;
TRUNCATE conferencecall2 RESTART IDENTITY;
