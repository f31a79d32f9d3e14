-- Since 1.2: a NOTICE tells that no record of a tenant is visible to the caller, and how its name is spelled.
\set SHOW_CONTEXT always
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SELECT count(*) FROM export_cdr(tenant => 'Acme');
INSERT INTO conferencecall2
    (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, callstate,
     direction)
SELECT i::text, 'room', (ARRAY['Acme', 'ACME', 'beta', 'Gamma', ''])[1 + i % 5], 'C', 'D',
       '2026-01-01Z'::timestamptz + i * interval '1 min', 'IN PROGRESS', 'I'
FROM generate_series(1, 100) AS i;
CREATE ROLE regress_cdr_beta;
CREATE ROLE regress_cdr_all;
CREATE ROLE regress_cdr_nobody;
SELECT cdr_grant_tenant('regress_cdr_beta', 'beta'), cdr_grant_tenant('regress_cdr_beta', 'Acme'),
       cdr_grant_all_tenants('regress_cdr_all');

-- Known tenants, also in a month without calls; all tenants; nothing at all.
SELECT count(*) FROM export_cdr(tenant => 'Acme');
SELECT count(*) FROM export_cdr(tenant => '');
SELECT count(*) FROM export_cdr('2027-01-01', NULL, 'Acme');
SELECT count(*) FROM export_cdr('2027-01-01');
SELECT count(*) FROM export_cdr('2027-01-01', '2027-01-01', NULL);

-- Unknown ones, by every way out: once for each export.
SELECT count(*) FROM export_cdr('2026-01-01', '2026-02-01', 'delta');
SELECT count(*) FROM export_cdr('2026-01-01', '2026-02-01', 'acme');
SELECT count(*) FROM export_cdr(tenant => 'Beta');
SELECT count(*) FROM export_cdr(tenant => 'GAMMA ');
SELECT export_cdr_csv(tenant => 'BETA', header => false);
COPY (SELECT * FROM export_cdr(tenant => 'BETA')) TO STDOUT WITH (FORMAT csv);
COPY (SELECT * FROM export_cdr(tenant => 'BETA')) TO STDOUT;
COPY (SELECT count(*) FROM export_cdr(tenant => 'BETA')) TO STDOUT WITH (FORMAT csv);
SELECT tenant, "CallID" FROM unnest(ARRAY['delta', 'BETA']) AS tenant LEFT JOIN LATERAL export_cdr(tenant => tenant) ON true;
-- Those who do not want to know.
SET client_min_messages = warning;
SELECT count(*) FROM export_cdr(tenant => 'delta');
RESET client_min_messages;

-- Others hear of what they see only.
SET ROLE regress_cdr_all;
SELECT count(*) FROM export_cdr(tenant => 'acme');
SET ROLE regress_cdr_beta;
SELECT count(*) FROM export_cdr(tenant => 'BETA');
SELECT count(*) FROM export_cdr(tenant => 'acme');
SELECT count(*) FROM export_cdr(tenant => 'ACME');
SELECT count(*) FROM export_cdr(tenant => 'delta');
SELECT count(*) FROM export_cdr(tenant => 'Gamma');
SELECT count(*) FROM export_cdr('2027-01-01', NULL, 'beta');
RESET ROLE;
-- ... also with a policy of somebody's own.
CREATE POLICY open_house ON conferencecall2 FOR SELECT TO regress_cdr_beta USING (tenantname = 'Gamma' AND jointime > '2026-01-01 01:00Z');
SET ROLE regress_cdr_beta;
SELECT count(*) FROM export_cdr(tenant => 'delta');
SELECT count(*) FROM export_cdr('2027-01-01', NULL, 'Gamma');
SELECT count(*) FROM export_cdr(tenant => 'ACME');
RESET ROLE;
DROP POLICY open_house ON conferencecall2;
-- ... and without the privilege to read there is nothing but the error.
SET ROLE regress_cdr_nobody;
SELECT count(*) FROM export_cdr(tenant => 'ACME');
RESET ROLE;

-- In a transaction that only reads.
BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
SELECT count(*) FROM export_cdr(tenant => 'Beta');
COMMIT;
-- With names in the search_path that a search by name would find.
CREATE SCHEMA hostile;
CREATE VIEW hostile.cdr_tenants AS SELECT 'BETA from elsewhere'::text AS tenantname;
CREATE FUNCTION hostile.lower(text) RETURNS text LANGUAGE sql AS $$ SELECT 'hostile' $$;
SET search_path = hostile, pg_catalog, public;
SELECT count(*) FROM export_cdr(tenant => 'BETA');
RESET search_path;
SET client_min_messages = warning;
DROP SCHEMA hostile CASCADE;
RESET client_min_messages;

-- A grant tells as much, of what the grantor sees, and grants all the same.
SELECT cdr_grant_tenant('regress_cdr_nobody', 'Acme');
SELECT cdr_grant_tenant('regress_cdr_nobody', 'delta');
SELECT cdr_grant_tenant('regress_cdr_nobody', 'Beta'), cdr_grant_all_tenants('regress_cdr_nobody');
SELECT access, tenant FROM cdr_role_access WHERE role = 'regress_cdr_nobody'::regrole ORDER BY 1, 2;

DROP OWNED BY regress_cdr_nobody, regress_cdr_beta, regress_cdr_all;
DROP ROLE regress_cdr_beta, regress_cdr_all, regress_cdr_nobody;
TRUNCATE conferencecall2 RESTART IDENTITY;
