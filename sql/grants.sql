-- What grants and revokes hang on: the extension's own objects, row security that holds, and
-- privileges that are not the extension's to take.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
CREATE ROLE regress_cdr_acme;
CREATE ROLE regress_cdr_import;
CREATE FUNCTION privileges(role regrole) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(privilege, ' ' ORDER BY privilege) FROM (
        SELECT relname || ':' || privilege_type AS privilege
        FROM pg_class, aclexplode(relacl)
        WHERE grantee = role AND relnamespace = 'public'::regnamespace
        UNION ALL
        SELECT proname || ':' || privilege_type FROM pg_proc, aclexplode(proacl)
        WHERE grantee = role AND pronamespace = 'public'::regnamespace) AS p $$;

-- Functions of the same name, which anybody may make who may create in the schema.
CREATE FUNCTION import_cdr(int) RETURNS int LANGUAGE sql AS 'SELECT $1';
CREATE PROCEDURE sync_cdr(int) LANGUAGE sql AS 'SELECT $1';
CREATE SCHEMA other;
CREATE FUNCTION other.import_cdr(text, text, text) RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT cdr_grant_import('regress_cdr_import');
SELECT cdr_grant_tenant('regress_cdr_acme', 'acme');
SELECT privileges('regress_cdr_import');
SELECT has_function_privilege('regress_cdr_import', 'import_cdr(text, text, text)', 'EXECUTE') AS imports;
SELECT cdr_revoke('regress_cdr_import');
SELECT privileges('regress_cdr_import') AS nothing;
DROP FUNCTION import_cdr(int);
DROP PROCEDURE sync_cdr(int);
DROP SCHEMA other CASCADE;

-- A grant takes nothing away.
GRANT INSERT, DELETE ON conferencecall2 TO regress_cdr_acme;
GRANT SELECT ON cdr_import TO regress_cdr_acme;
SELECT cdr_grant_tenant('regress_cdr_acme', 'beta');
SELECT privileges('regress_cdr_acme');
-- A revoke takes what came with the entries that go, and that no other entry needs.
SELECT cdr_revoke('regress_cdr_acme', 'beta');
SELECT privileges('regress_cdr_acme');
SELECT cdr_revoke('regress_cdr_acme');
SELECT privileges('regress_cdr_acme');
REVOKE ALL ON conferencecall2, cdr_import FROM regress_cdr_acme;
SELECT cdr_grant_import('regress_cdr_acme'), cdr_grant_tenant('regress_cdr_acme', 'acme');
DELETE FROM cdr_role_access WHERE access = 'import';
SELECT cdr_revoke('regress_cdr_acme', 'acme');
-- of an entry that was deleted by hand the privileges stay
SELECT privileges('regress_cdr_acme');
SELECT cdr_grant_import('regress_cdr_acme'), cdr_grant_tenant('regress_cdr_acme', 'acme');
SELECT cdr_revoke('regress_cdr_acme');
SELECT privileges('regress_cdr_acme') AS nothing;

-- Where row security does not hold, a grant would show everything.
BEGIN;
SAVEPOINT intact;
ALTER TABLE conferencecall2 DISABLE ROW LEVEL SECURITY;
SELECT cdr_grant_tenant('regress_cdr_acme', 'acme');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO intact;
DROP POLICY cdr_tenants ON conferencecall2;
SELECT cdr_grant_tenant('regress_cdr_acme', 'acme');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO intact;
ALTER POLICY cdr_tenants ON conferencecall2 USING (true);
SELECT cdr_grant_all_tenants('regress_cdr_acme');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO intact;
ALTER POLICY cdr_import_insert ON conferencecall2 RENAME TO renamed;
SELECT cdr_grant_import('regress_cdr_acme');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO intact;
ALTER TABLE conferencecall2 RENAME TO calls;
SELECT cdr_grant_tenant('regress_cdr_acme', 'acme');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO intact;
ALTER TABLE conferencecall2 RENAME TO calls;
CREATE TABLE conferencecall2 (LIKE calls);
SELECT cdr_grant_tenant('regress_cdr_acme', 'acme');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO intact;
ALTER TABLE cdr_role_access RENAME TO entries;
SELECT cdr_grant_tenant('regress_cdr_acme', 'acme');
\echo :LAST_ERROR_SQLSTATE
ROLLBACK TO intact;
-- Taking access away is always possible.
SELECT cdr_grant_tenant('regress_cdr_acme', 'acme');
ALTER TABLE conferencecall2 DISABLE ROW LEVEL SECURITY;
SELECT cdr_revoke('regress_cdr_acme');
ROLLBACK;

DROP FUNCTION privileges;
DROP OWNED BY regress_cdr_acme, regress_cdr_import;
DROP ROLE regress_cdr_acme, regress_cdr_import;
