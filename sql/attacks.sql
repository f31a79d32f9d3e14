-- What a tenant's admin may try to learn of another tenant, or to do without the right to.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
-- acme's records are at full minutes, beta's half a minute later.
CREATE FUNCTION add_records(tenant text, first int, last int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO conferencecall2
        (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callername,
         jointime, callstate, direction)
    SELECT tenant || i, 'room', tenant, 'C', 'D', 'secret of ' || tenant,
           '2026-01-01Z'::timestamptz + i * interval '1 min' + CASE tenant WHEN 'beta' THEN interval '30 s' ELSE interval '0' END,
           'IN PROGRESS', 'I'
    FROM generate_series(first, last) AS i
$$;
SELECT add_records('acme', 1, 300), add_records('beta', 1, 300);
CREATE ROLE regress_cdr_acme;
CREATE ROLE regress_cdr_beta;
SELECT cdr_grant_tenant('regress_cdr_acme', 'acme'), cdr_grant_tenant('regress_cdr_beta', 'beta');
CREATE SCHEMA acmes AUTHORIZATION regress_cdr_acme;
CREATE SCHEMA betas AUTHORIZATION regress_cdr_beta;
GRANT USAGE ON SCHEMA betas TO PUBLIC;

-- Which tenants' secrets are in a text.
CREATE FUNCTION tenants_in(rows text) RETURNS text LANGUAGE sql AS $$
    SELECT coalesce(string_agg(t, ' and '), 'nobody') FROM unnest(ARRAY['acme', 'beta']) AS t
    WHERE rows LIKE '%secret of ' || t || '%'
$$;

-- A function that is cheaper than the policy and tells what it is called with.
SET ROLE regress_cdr_acme;
CREATE FUNCTION acmes.peek(text) RETURNS boolean LANGUAGE plpgsql COST 0.0000001 AS $$
BEGIN
    IF $1 LIKE '%beta%' THEN
        RAISE EXCEPTION 'seen: %', $1;
    END IF;
    RETURN true;
END $$;
CREATE OPERATOR acmes.?? (FUNCTION = acmes.peek, RIGHTARG = text);
SELECT count(*) FROM conferencecall2 WHERE acmes.peek(callername);
SELECT count(*) FROM conferencecall2 WHERE acmes.peek(tenantname) AND jointime > '2026-01-01Z' AND tenantname = 'beta';
SELECT count(*) FROM conferencecall2 WHERE OPERATOR(acmes.??) callername;
SELECT count(*) FROM conferencecall2 WHERE 1 / (CASE tenantname WHEN 'beta' THEN 0 ELSE 1 END) = 1;
SELECT count(*) FROM conferencecall2 AS a JOIN conferencecall2 AS b USING (conferencename)
WHERE a.callid < 20 AND acmes.peek(a.callername || b.callername);
SELECT count(*) FROM cdr_report WHERE acmes.peek(callername);
SELECT count(*) FROM export_cdr() WHERE acmes.peek("CallerName");
SELECT count(*) FROM export_cdr(tenant => 'beta') WHERE acmes.peek("CallerName");
SELECT count(*) FROM export_cdr_csv() AS chunk WHERE acmes.peek(chunk);
CREATE FUNCTION acmes.peek_leakproof(text) RETURNS boolean LANGUAGE sql LEAKPROOF AS 'SELECT true';
RESET ROLE;
-- ... which does tell the owner.
SELECT count(*) FROM conferencecall2 WHERE acmes.peek(callername);

-- The tenant argument.
SET ROLE regress_cdr_acme;
SELECT count(*) FROM export_cdr(tenant => 'beta');
SELECT tenants_in(string_agg(chunk, '')) FROM export_cdr_csv(tenant => 'beta') AS chunk;
COPY (SELECT * FROM export_cdr('2026-01-01', '2026-01-01 00:02', 'beta')) TO STDOUT (FORMAT csv);
SELECT count(*) FROM export_cdr(tenant => $$beta' OR 'a' = 'a$$);

-- Every relation of the extension, as the tenant's admin; what versions after 1.0 added is attacked where it is
-- tested (cdr_tenants, export_cdr_ranges, usage figures, clusters).
RESET ROLE;
CREATE FUNCTION outcome(query text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    rows text;
BEGIN
    IF query LIKE 'CALL %' THEN
        EXECUTE query;
        RETURN 'runs';
    END IF;
    EXECUTE format('SELECT string_agg(r::text, '''') FROM (%s) AS r', query) INTO rows;
    RETURN 'tells of ' || public.tenants_in(rows);
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate || CASE WHEN sqlerrm ~ 'secret' THEN ', and the message tells' ELSE '' END;
END $$;
CREATE FUNCTION members(class regclass) RETURNS SETOF oid LANGUAGE sql AS $$
    SELECT objid FROM pg_depend
    WHERE classid = class AND deptype = 'e'
      AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'vidyo_cdr')
$$;
SET ROLE regress_cdr_acme;
SELECT c::regclass AS relation, outcome('SELECT * FROM ' || c::regclass)
FROM members('pg_class') AS c
WHERE (SELECT relkind FROM pg_class WHERE oid = c) <> 'i' AND c::regclass::text !~ '^cdr_(tenants|live|purge)'
ORDER BY c::regclass::text;
-- ... and every function but what the policy alone calls, which view_access attacks, without arguments and with those that an attacker would give.
CREATE FUNCTION acmes.functions() RETURNS SETOF oid LANGUAGE sql AS $$
    SELECT f FROM public.members('pg_proc') AS f
    WHERE f::regproc::text !~ '^cdr_(policy_|view_owner_|sees_tenant_support|granted_tenants|usage|meetings|live_since|shard_|distribute|undistribute)|purge|^export_cdr_ranges'
$$;
CREATE FUNCTION acmes.attack_values(function oid, guess text) RETURNS text LANGUAGE sql AS $$
    SELECT string_agg(
        CASE
            WHEN type::regtype = 'text'::regtype AND (name = 'tenant' AND guess = 'tenant' OR guess = 'all') THEN quote_literal('beta')
            WHEN guess = 'none' OR type::regtype = 'text'::regtype THEN 'NULL'
            WHEN type::regtype = 'regrole'::regtype THEN quote_literal('regress_cdr_acme')
            WHEN type::regtype = 'oid'::regtype THEN quote_literal('regress_cdr_beta') || '::regrole::oid'
            WHEN type::regtype = 'boolean'::regtype THEN 'true'
            WHEN type::regtype = 'timestamptz'::regtype AND n = 1 THEN quote_literal('-infinity')
            WHEN type::regtype = 'timestamptz'::regtype THEN quote_literal('infinity')
            WHEN type::regtype::text ~ '^(integer|bigint)$' THEN '1'
            ELSE 'NULL'
        END || CASE WHEN type::regtype::text ~ '^(internal|cstring)$' THEN '' ELSE '::' || type::regtype END, ', ' ORDER BY n)
    FROM pg_proc AS p, unnest(p.proargtypes::oid[], p.proargnames[1:p.pronargs]) WITH ORDINALITY AS a (type, name, n)
    WHERE p.oid = function
$$;
CREATE FUNCTION acmes.call(function oid, guess text) RETURNS text LANGUAGE sql AS $$
    SELECT format('%s%s(%s)', CASE prokind WHEN 'p' THEN 'CALL ' ELSE 'SELECT * FROM ' END, function::regproc,
                  acmes.attack_values(function, guess))
    FROM pg_proc WHERE oid = function
$$;
SELECT f::regproc AS function,
       (SELECT string_agg(DISTINCT outcome(acmes.call(f, guess)), '; ')
        FROM unnest(ARRAY['none', 'tenant', 'all']) AS guess) AS outcomes
FROM acmes.functions() AS f
ORDER BY f::regproc::text;

-- EXPLAIN (ANALYZE, BUFFERS) of them, before and after beta has a hundred times as many records:
-- neither the rows expected nor the pages read tell of that.
CREATE FUNCTION acmes.explained(call text, OUT expected bigint, OUT pages bigint) LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    FOR i IN 1 .. 3 LOOP  -- the first time, and when others change something, the session reads catalogs
        EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, TIMING off, FORMAT json) ' || call INTO plan;
        pages := least(pages, (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::int
                              + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::int);
    END LOOP;
    expected := plan -> 0 -> 'Plan' ->> 'Plan Rows';
EXCEPTION WHEN OTHERS THEN
    expected := NULL;
END $$;
CREATE TABLE acmes.explained_before AS
SELECT f AS function, guess, e.*
FROM acmes.functions() AS f, unnest(ARRAY['none', 'tenant']) AS guess,
     LATERAL acmes.explained(acmes.call(f, guess)) AS e;
RESET ROLE;
SELECT add_records('beta', 1, 30000);
VACUUM ANALYZE conferencecall2;
SET ROLE regress_cdr_acme;
SELECT function::regproc, b.guess, b.expected, a.expected = b.expected AS expects_the_same,
       abs(a.pages - b.pages) <= 10 AS reads_the_same
FROM acmes.explained_before AS b, LATERAL acmes.explained(acmes.call(function, guess)) AS a
WHERE b.expected IS NOT NULL
ORDER BY function::regproc::text, guess;
SELECT count(*) AS statistics FROM pg_stats WHERE tablename = 'conferencecall2';
-- ... while the owner's plan knows it.
RESET ROLE;
SELECT expected > 10000 AS expects_many, pages > 100 AS reads_many
FROM acmes.explained('SELECT * FROM export_cdr(tenant => ''beta'')');

-- The limit: its message and hint tell of the caller's own records only, and others' do not count.
\set VERBOSITY default
SET vidyo_cdr.export_limit = 299;
SET ROLE regress_cdr_acme;
SELECT count(*) FROM export_cdr();
\set VERBOSITY terse
SELECT count(*) FROM export_cdr(tenant => 'beta');
\set VERBOSITY default
RESET ROLE;
SET vidyo_cdr.export_limit = 300;
SET ROLE regress_cdr_acme;
SELECT count(*) FROM export_cdr();
\set VERBOSITY terse
SET vidyo_cdr.export_limit = 65000;
SET vidyo_cdr.log_exports = off;
RESET ROLE;
RESET vidyo_cdr.export_limit;

-- Row security cannot be switched off.
SET ROLE regress_cdr_acme;
SET row_security = off;
SELECT count(*) FROM conferencecall2;
SELECT count(*) FROM cdr_report;
SELECT count(*) FROM export_cdr();
SELECT count(*) FROM export_cdr(tenant => 'acme');
SELECT count(*) FROM export_cdr_csv();
COPY conferencecall2 TO STDOUT;
COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv);
RESET row_security;
ALTER TABLE conferencecall2 DISABLE ROW LEVEL SECURITY;
DROP POLICY cdr_tenants ON conferencecall2;
ALTER POLICY cdr_tenants ON conferencecall2 USING (true);
CREATE POLICY open_house ON conferencecall2 USING (true);
CREATE OR REPLACE FUNCTION cdr_sees_tenant(tenant text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
SET session_replication_role = replica;
-- ... which is for its owner to do.
RESET ROLE;
SET row_security = off;
SELECT count(*) > 30000 AS sees_all FROM export_cdr();
RESET row_security;

-- One prepared statement for several roles, in both directions, with a plan for all values and a
-- plan for each.
PREPARE tenants_seen AS
SELECT tenants_in((SELECT string_agg(c::text, '') FROM conferencecall2 AS c)) AS "table",
       tenants_in((SELECT string_agg(c::text, '') FROM cdr_report AS c)) AS report,
       tenants_in((SELECT string_agg(c::text, '') FROM export_cdr() AS c)) AS export,
       tenants_in((SELECT string_agg(c::text, '') FROM export_cdr(tenant => 'acme') AS c)) AS of_acme,
       tenants_in((SELECT string_agg(c::text, '') FROM export_cdr_csv(tenant => 'beta') AS c)) AS of_beta;
SET plan_cache_mode = force_generic_plan;
EXECUTE tenants_seen;
SET ROLE regress_cdr_acme;
EXECUTE tenants_seen;
SET ROLE regress_cdr_beta;
EXECUTE tenants_seen;
RESET ROLE;
EXECUTE tenants_seen;
SET SESSION AUTHORIZATION regress_cdr_beta;
EXECUTE tenants_seen;
RESET SESSION AUTHORIZATION;
SET SESSION AUTHORIZATION regress_cdr_acme;
EXECUTE tenants_seen;
SET plan_cache_mode = force_custom_plan;
EXECUTE tenants_seen;
RESET SESSION AUTHORIZATION;
EXECUTE tenants_seen;
SET ROLE regress_cdr_acme;
EXECUTE tenants_seen;
RESET ROLE;
RESET plan_cache_mode;
DEALLOCATE tenants_seen;

-- What another tenant's admin has made gives what its owner sees, or, where PostgreSQL runs it with
-- the reader's rights (functions and security_invoker views), what the reader sees, never more.
SET ROLE regress_cdr_beta;
CREATE VIEW betas.records AS SELECT * FROM conferencecall2;
CREATE VIEW betas.nested AS SELECT * FROM betas.records UNION ALL SELECT * FROM conferencecall2 WHERE callid > 0;
CREATE VIEW betas.report AS SELECT * FROM cdr_report;
CREATE VIEW betas.invoker WITH (security_invoker = true) AS SELECT * FROM conferencecall2;
CREATE VIEW betas.exported AS SELECT * FROM export_cdr();
CREATE FUNCTION betas.definer() RETURNS SETOF conferencecall2 LANGUAGE sql SECURITY DEFINER AS
    'SELECT * FROM public.conferencecall2';
CREATE FUNCTION betas.definer_export() RETURNS SETOF text LANGUAGE plpgsql SECURITY DEFINER AS
    'BEGIN RETURN QUERY SELECT public.export_cdr_csv(); END';
GRANT SELECT ON ALL TABLES IN SCHEMA betas TO PUBLIC;
CREATE FUNCTION betas.survey() RETURNS TABLE (way text, outcome text) LANGUAGE sql AS $$
    SELECT way, public.outcome('SELECT * FROM betas.' || way)
    FROM unnest(ARRAY['records', 'nested', 'report', 'invoker', 'exported', 'definer()', 'definer_export()']) AS way
$$;
SELECT * FROM betas.survey();
SET ROLE regress_cdr_acme;
SELECT * FROM betas.survey();
RESET ROLE;
SELECT * FROM betas.survey();
-- Not a way to ask what others see.
SET ROLE regress_cdr_acme;
SELECT statement, outcome(statement) ~ '^(42501|42883)$' AS refused
FROM unnest(ARRAY[
    $$SELECT cdr_view_owner_sees_tenant('beta', 'regress_cdr_beta'::regrole)$$,
    $$SELECT cdr_view_owner_sees_tenant('beta', VARIADIC 'regress_cdr_beta'::regrole::oid)$$,
    $$SELECT cdr_view_owner_sees_tenant(tenantname, 'regress_cdr_beta'::regrole) FROM betas.records$$,
    $$SELECT cdr_policy_sees_tenant(tenantname, 'regress_cdr_beta') FROM betas.records$$]) AS statement;
RESET ROLE;

-- Views that ask themselves what whoever reads them sees, of those who see everything.
CREATE ROLE regress_cdr_all;
CREATE ROLE regress_cdr_bypass BYPASSRLS;
SELECT cdr_grant_all_tenants('regress_cdr_all');
GRANT SELECT ON conferencecall2 TO regress_cdr_bypass;
GRANT CREATE ON SCHEMA betas TO regress_cdr_all, regress_cdr_bypass;
CREATE FUNCTION pg_temp.views_of(owner name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    condition text;
    i int = 0;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', owner);
    FOREACH condition IN ARRAY ARRAY[
        'public.cdr_sees_tenant(tenantname)', 'public.cdr_sees_tenant(tenantname::varchar::text)',
        'CASE WHEN public.cdr_sees_tenant(tenantname) THEN true END', '(SELECT public.cdr_sees_tenant(tenantname))']
    LOOP
        i := i + 1;
        EXECUTE format('CREATE VIEW betas.asks_%s_of_%s AS SELECT * FROM public.conferencecall2 WHERE %s', i, owner, condition);
        EXECUTE format('GRANT SELECT ON betas.asks_%s_of_%s TO PUBLIC', i, owner);
    END LOOP;
END $$;
SELECT count(pg_temp.views_of(owner)) FROM unnest(ARRAY[current_user, 'regress_cdr_all', 'regress_cdr_bypass']) AS owner;
CREATE FUNCTION betas.asked() RETURNS TABLE (view regclass, outcome text) LANGUAGE sql AS $$
    SELECT c.oid, public.outcome('SELECT * FROM ' || c.oid::regclass) FROM pg_class AS c
    WHERE relname ~ '^asks_' ORDER BY relname
$$;
SET ROLE regress_cdr_acme;
SELECT outcome, count(*) FROM betas.asked() GROUP BY outcome;
SET ROLE regress_cdr_beta;
SELECT outcome, count(*) FROM betas.asked() GROUP BY outcome;
RESET ROLE;
DROP OWNED BY regress_cdr_all, regress_cdr_bypass;
DROP ROLE regress_cdr_all, regress_cdr_bypass;

-- Fakes in front of the real things, and a temporary table of the name.
SET ROLE regress_cdr_acme;
SET search_path = acmes, pg_catalog, public;
CREATE TABLE acmes.conferencecall2 (LIKE public.conferencecall2);
CREATE FUNCTION acmes.yes(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION acmes.yes(timestamptz, timestamptz) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE OPERATOR acmes.= (FUNCTION = acmes.yes, LEFTARG = text, RIGHTARG = text);
CREATE OPERATOR acmes.>= (FUNCTION = acmes.yes, LEFTARG = timestamptz, RIGHTARG = timestamptz);
CREATE OPERATOR acmes.< (FUNCTION = acmes.yes, LEFTARG = timestamptz, RIGHTARG = timestamptz);
CREATE FUNCTION acmes.cdr_sees_tenant(text) RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE FUNCTION acmes.cdr_may_import() RETURNS boolean LANGUAGE sql AS 'SELECT true';
CREATE TABLE acmes.cdr_role_access AS SELECT 'regress_cdr_acme'::regrole AS role, 'all tenants' AS access, NULL::text AS tenant;
SELECT public.tenants_in((SELECT pg_catalog.string_agg(c::text, '') FROM public.conferencecall2 AS c)) AS "table",
       public.tenants_in((SELECT pg_catalog.string_agg(c::text, '') FROM public.cdr_report AS c)) AS report,
       public.tenants_in((SELECT pg_catalog.string_agg(c::text, '') FROM public.export_cdr() AS c)) AS export,
       public.tenants_in((SELECT pg_catalog.string_agg(c::text, '') FROM public.export_cdr(tenant => 'beta') AS c)) AS of_beta;
SELECT count(*) FROM public.export_cdr('2026-01-01 00:10', '2026-01-01 00:20');
CREATE TEMP TABLE conferencecall2 (LIKE public.conferencecall2);
CREATE TEMP TABLE cdr_role_access AS TABLE acmes.cdr_role_access;
SET search_path = pg_temp, acmes, public;
SELECT count(*) FROM public.export_cdr();
SELECT count(*) FROM public.cdr_report;
RESET search_path;
DROP TABLE pg_temp.conferencecall2, pg_temp.cdr_role_access;

-- What is not a tenant's admin's to do.
SELECT cdr_grant_tenant('regress_cdr_acme', 'beta');
SELECT cdr_grant_all_tenants('regress_cdr_acme');
SELECT cdr_grant_import('regress_cdr_acme');
SELECT cdr_revoke('regress_cdr_beta', 'beta');
INSERT INTO cdr_role_access VALUES ('regress_cdr_acme', 'all tenants');
UPDATE cdr_role_access SET tenant = 'beta';
TRUNCATE cdr_role_access;
SET vidyo_cdr.export_limit = 65000;
SELECT set_config('vidyo_cdr.export_limit', '65000', false);
SET vidyo_cdr.log_exports = 'off';
CREATE TABLE public.of_acme (i int);
CREATE FUNCTION public.of_acme() RETURNS int LANGUAGE sql AS 'SELECT 1';
INSERT INTO conferencecall2 (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, callstate, direction)
SELECT min(callid), '1', '', 'acme', 'C', 'D', '2026-01-01Z', 'RINGING', 'I' FROM conferencecall2;
UPDATE conferencecall2 SET tenantname = 'acme';
DELETE FROM conferencecall2;
TRUNCATE conferencecall2;
SELECT nextval('conferencecall2_callid_seq');
RESET ROLE;
SET SESSION AUTHORIZATION regress_cdr_acme;
SET ROLE regress_cdr_beta;
\set VERBOSITY sqlstate
COPY (SELECT * FROM export_cdr()) TO '/tmp/regress_cdr.csv' (FORMAT csv);
COPY (SELECT * FROM export_cdr()) TO PROGRAM 'cat' (FORMAT csv);
ALTER ROLE regress_cdr_acme BYPASSRLS;
\set VERBOSITY default
RESET SESSION AUTHORIZATION;

SET client_min_messages = warning;
DROP SCHEMA acmes, betas CASCADE;
DROP FUNCTION add_records, tenants_in, outcome, members;
DROP OWNED BY regress_cdr_acme, regress_cdr_beta;
DROP ROLE regress_cdr_acme, regress_cdr_beta;
TRUNCATE conferencecall2 RESTART IDENTITY;
