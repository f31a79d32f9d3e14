-- Since 1.2: the view cdr_tenants shows the tenants whose records the reader sees.
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SELECT * FROM cdr_tenants;
INSERT INTO conferencecall2
    (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, callstate,
     direction)
SELECT i::text, 'room', (ARRAY['Acme', 'acme', 'beta', ''])[1 + i % 4], 'C', 'D',
       '2026-01-01Z'::timestamptz + i * interval '1 min', 'IN PROGRESS', 'I'
FROM generate_series(1, 100) AS i;
CREATE ROLE regress_cdr_two;
CREATE ROLE regress_cdr_all;
CREATE ROLE regress_cdr_import;
CREATE ROLE regress_cdr_member IN ROLE regress_cdr_two;
CREATE ROLE regress_cdr_open;
CREATE ROLE regress_cdr_select;
CREATE ROLE regress_cdr_nobody;
SET client_min_messages = warning;
SELECT cdr_grant_tenant('regress_cdr_two', 'acme'), cdr_grant_tenant('regress_cdr_two', ''),
       cdr_grant_tenant('regress_cdr_two', 'without records'),
       cdr_grant_tenant('regress_cdr_open', 'acme'), cdr_grant_all_tenants('regress_cdr_all'),
       cdr_grant_import('regress_cdr_import');
RESET client_min_messages;
GRANT SELECT ON conferencecall2 TO regress_cdr_select;

SELECT * FROM cdr_tenants ORDER BY tenantname COLLATE "C";
-- The same as by reading the whole table, for every kind of reader.
CREATE FUNCTION differs() RETURNS SETOF record LANGUAGE sql AS $$
    (TABLE public.cdr_tenants EXCEPT ALL
     SELECT tenantname, min(jointime), max(jointime) FROM public.conferencecall2 GROUP BY 1)
    UNION ALL
    (SELECT tenantname, min(jointime), max(jointime) FROM public.conferencecall2 GROUP BY 1
     EXCEPT ALL TABLE public.cdr_tenants)
$$;
CREATE FUNCTION tenants(OUT tenants text, OUT differences bigint) LANGUAGE sql AS $$
    SELECT (SELECT string_agg(quote_literal(tenantname), ' ' ORDER BY tenantname COLLATE "C") FROM public.cdr_tenants),
           (SELECT count(*) FROM public.differs() AS d (a text, b timestamptz, c timestamptz))
$$;
SELECT * FROM tenants();
SET ROLE regress_cdr_two;
SELECT * FROM tenants();
SET ROLE regress_cdr_member;
SELECT * FROM tenants();
SET ROLE regress_cdr_all;
SELECT * FROM tenants();
SET ROLE regress_cdr_import;
SELECT * FROM tenants();
SET ROLE regress_cdr_select;
SELECT * FROM tenants();
SET ROLE regress_cdr_open;
SELECT * FROM tenants();
RESET ROLE;
-- ... of whom a policy of somebody's own shows more, or less.
CREATE POLICY open_house ON conferencecall2 FOR SELECT TO regress_cdr_open USING (tenantname = 'beta' AND jointime > '2026-01-01 01:00Z');
SET ROLE regress_cdr_open;
SELECT * FROM tenants();
RESET ROLE;
DROP POLICY open_house ON conferencecall2;
CREATE POLICY late ON conferencecall2 AS RESTRICTIVE USING (jointime > '2026-01-01 01:38Z');
SET ROLE regress_cdr_two;
SELECT * FROM tenants();
SET ROLE regress_cdr_all;
SELECT * FROM tenants();
RESET ROLE;
DROP POLICY late ON conferencecall2;
-- One prepared statement, several roles, and a grant in between.
PREPARE names AS SELECT string_agg(tenantname, ' ' ORDER BY tenantname COLLATE "C") FROM cdr_tenants;
SET plan_cache_mode = force_generic_plan;
EXECUTE names;
SET ROLE regress_cdr_open;
EXECUTE names;
RESET ROLE;
SELECT cdr_grant_tenant('regress_cdr_open', 'beta');
SET ROLE regress_cdr_open;
EXECUTE names;
SET ROLE regress_cdr_select;
EXECUTE names;
RESET ROLE;
EXECUTE names;
RESET plan_cache_mode;
DEALLOCATE names;

-- What the view looks up for whom.
SELECT cdr_granted_tenants() IS NULL AS sees_all;
SET ROLE regress_cdr_two;
SELECT cdr_granted_tenants();
SET ROLE regress_cdr_all;
SELECT cdr_granted_tenants() IS NULL AS sees_all;
SET ROLE regress_cdr_select;
SELECT cdr_granted_tenants();
RESET ROLE;

-- A condition that tells what it is asked for hears of the reader's own tenants only.
CREATE FUNCTION peek(name text) RETURNS boolean LANGUAGE plpgsql COST 0.0001 AS $$
BEGIN
    RAISE NOTICE 'asked for "%"', name;
    RETURN true;
END $$;
SET ROLE regress_cdr_two;
SELECT count(*) FROM cdr_tenants WHERE peek(tenantname);
RESET ROLE;
DROP FUNCTION peek;

-- A view over it shows each reader its own tenants, whoever owns it.
CREATE VIEW over AS SELECT tenantname FROM cdr_tenants;
GRANT SELECT ON over TO PUBLIC;
SET ROLE regress_cdr_two;
SELECT count(*) FROM over;
SET ROLE regress_cdr_select;
SELECT count(*) FROM over;
RESET ROLE;
ALTER VIEW over OWNER TO regress_cdr_open;
SELECT tenantname FROM over ORDER BY 1;
SET ROLE regress_cdr_two;
SELECT tenantname FROM over ORDER BY 1;
RESET ROLE;
DROP VIEW over;

-- From a spelling as in MySQL to the records, along the tenants' index.
SELECT tenantname, count(*) FROM conferencecall2
WHERE tenantname = ANY (ARRAY(SELECT tenantname FROM cdr_tenants WHERE lower(tenantname) = 'acme'))
GROUP BY tenantname ORDER BY tenantname COLLATE "C";

-- In a transaction that only reads.
BEGIN READ ONLY;
SELECT count(*) FROM cdr_tenants;
COMMIT;

-- Invalid input: readers without a privilege, and another table in the place of the records.
SET ROLE regress_cdr_nobody;
SELECT * FROM cdr_tenants;
RESET ROLE;
BEGIN;
ALTER TABLE conferencecall2 RENAME TO calls;
SELECT * FROM cdr_tenants;
ROLLBACK;

SET client_min_messages = warning;
DROP FUNCTION tenants, differs;
DROP OWNED BY regress_cdr_two, regress_cdr_all, regress_cdr_import, regress_cdr_open, regress_cdr_select;
DROP ROLE regress_cdr_two, regress_cdr_all, regress_cdr_import, regress_cdr_member, regress_cdr_open,
    regress_cdr_select, regress_cdr_nobody;
TRUNCATE conferencecall2 RESTART IDENTITY;
