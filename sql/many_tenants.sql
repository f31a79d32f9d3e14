-- A role with more tenants than a query could name one by one exports as any other.
\set SHOW_CONTEXT never
SET client_min_messages = warning;
SET timezone = 'UTC';
INSERT INTO conferencecall2
    (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, callstate,
     direction)
SELECT i, 'room', 'tenant' || i * 7 % 3000, 'C', 'D',
       '2026-01-05 10:00'::timestamptz + (i * 37 % 500) * interval '1 min', 'RINGING', 'I'
FROM generate_series(1, 4000) AS i;
CREATE ROLE regress_cdr_many;
SELECT cdr_grant_tenant('regress_cdr_many', 'tenant0');
INSERT INTO cdr_role_access (role, access, tenant)
SELECT 'regress_cdr_many'::regrole::oid, 'tenant', 'tenant' || 2 * i
FROM generate_series(1, 9999) AS i;

SET ROLE regress_cdr_many;
CREATE TEMPORARY TABLE exported AS
SELECT row_number() OVER () AS place, * FROM export_cdr();
SELECT count(*), count(DISTINCT "TenantName"),
       bool_and(substr("TenantName", 7)::int % 2 = 0) AS only_granted
FROM exported;
SELECT bool_and(in_order) AS in_order
FROM (SELECT row_number() OVER (ORDER BY "JoinTime", "CallID") = place AS in_order FROM exported) AS e;
SELECT count(*) FROM export_cdr('2026-01-05 12:00', '2026-01-05 13:00');
SELECT count(*) FROM export_cdr(tenant => 'tenant2');
SELECT count(*) FROM export_cdr(tenant => 'tenant3');
RESET ROLE;
SELECT count(*) FROM conferencecall2
WHERE substr(tenantname, 7)::int % 2 = 0 AND jointime >= '2026-01-05 12:00' AND jointime < '2026-01-05 13:00';
-- over the limit
SET vidyo_cdr.export_limit = 100;
SET ROLE regress_cdr_many;
SELECT count(*) FROM export_cdr();
RESET ROLE;
-- a tenant that is taken away is gone from the next export
RESET vidyo_cdr.export_limit;
SELECT cdr_revoke('regress_cdr_many', 'tenant2');
SET ROLE regress_cdr_many;
SELECT count(*), count(*) FILTER (WHERE "TenantName" = 'tenant2') AS revoked FROM export_cdr();
RESET ROLE;

SELECT cdr_revoke('regress_cdr_many');
DROP TABLE exported;
DROP ROLE regress_cdr_many;
TRUNCATE conferencecall2;
