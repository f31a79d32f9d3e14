-- Since 1.2: cdr_sees_tenant asks for the access of whoever runs the query, in whosever view it stands
-- and however it is spelled; a view is still read with its owner's rights.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
INSERT INTO conferencecall2
    (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callername, jointime,
     callstate, direction)
SELECT i::text, 'room', tenant, 'C', 'D', 'secret of ' || tenant, '2026-01-01Z', 'IN PROGRESS', 'I'
FROM unnest(ARRAY['acme', 'beta', 'gamma']) AS tenant, generate_series(1, 10) AS i;
CREATE ROLE regress_cdr_nobody;
CREATE ROLE regress_cdr_acme;
CREATE ROLE regress_cdr_beta;
CREATE ROLE regress_cdr_two;
CREATE ROLE regress_cdr_all;
CREATE ROLE regress_cdr_importer;
CREATE ROLE regress_cdr_bypass BYPASSRLS;
CREATE ROLE regress_cdr_super SUPERUSER;
SELECT cdr_grant_tenant('regress_cdr_acme', 'acme'), cdr_grant_tenant('regress_cdr_beta', 'beta'),
       cdr_grant_tenant('regress_cdr_two', 'acme'), cdr_grant_tenant('regress_cdr_two', 'beta'),
       cdr_grant_all_tenants('regress_cdr_all'), cdr_grant_import('regress_cdr_importer');
GRANT SELECT, UPDATE ON conferencecall2 TO regress_cdr_bypass;
CREATE SCHEMA views;
GRANT ALL ON SCHEMA views TO PUBLIC;
CREATE OPERATOR views.?? (FUNCTION = cdr_sees_tenant, RIGHTARG = text);
CREATE FUNCTION views.sees(text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT public.cdr_sees_tenant($1)';
CREATE FUNCTION views.sees_slowly(text) RETURNS boolean LANGUAGE plpgsql AS 'BEGIN RETURN public.cdr_sees_tenant($1); END';

-- Which tenants' secrets a statement tells. What it changes is undone.
CREATE FUNCTION told(statement text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    row record;
    rows text = '';
BEGIN
    FOR row IN EXECUTE statement LOOP
        rows := rows || row::text;
    END LOOP;
    RAISE EXCEPTION USING ERRCODE = 'UNDO1';
EXCEPTION
    WHEN SQLSTATE 'UNDO1' THEN
        RETURN (SELECT coalesce(string_agg(t, ' '), 'nothing') FROM unnest(ARRAY['acme', 'beta', 'gamma']) AS t
                WHERE rows LIKE '%secret of ' || t || '%');
    WHEN insufficient_privilege THEN
        RETURN 'refused';
END $$;

-- Conditions that ask for each record of a relation r.
CREATE TABLE spellings (id serial, condition text);
INSERT INTO spellings (condition) VALUES
    ('public.cdr_sees_tenant(r.tenantname)'),
    ('public.cdr_sees_tenant(tenant => r.tenantname)'),
    ('public.cdr_sees_tenant(r.tenantname::varchar::text)'),
    ('public.cdr_sees_tenant(r.tenantname || '''')'),
    ('public.cdr_sees_tenant(CASE WHEN true THEN r.tenantname END)'),
    ('public.cdr_sees_tenant((SELECT r.tenantname))'),
    ('public.cdr_sees_tenant((r).tenantname)'),
    ('NOT NOT public.cdr_sees_tenant(r.tenantname)'),
    ('public.cdr_sees_tenant(r.tenantname) IS TRUE'),
    ('public.cdr_sees_tenant(r.tenantname) AND public.cdr_sees_tenant(r.tenantname)'),
    ('CASE WHEN public.cdr_sees_tenant(r.tenantname) THEN true ELSE false END'),
    ('coalesce(public.cdr_sees_tenant(r.tenantname), false)'),
    ('ROW(public.cdr_sees_tenant(r.tenantname)) = ROW(true)'),
    ('(SELECT public.cdr_sees_tenant(r.tenantname))'),
    ('EXISTS (SELECT FROM pg_catalog.generate_series(1, 1) WHERE public.cdr_sees_tenant(r.tenantname))'),
    ('r.tenantname IN (SELECT t FROM pg_catalog.unnest(ARRAY[''acme'', ''beta'', ''gamma'']) AS t WHERE public.cdr_sees_tenant(t))'),
    ('r.callid IN (SELECT c.callid FROM public.conferencecall2 AS c WHERE public.cdr_sees_tenant(c.tenantname))'),
    ('OPERATOR(views.??) r.tenantname'),
    ('views.sees(r.tenantname)'),
    ('views.sees_slowly(r.tenantname)');
GRANT SELECT ON spellings TO PUBLIC;

-- Views of each kind of owner: of each spelling one that holds the condition, and one without any.
CREATE FUNCTION make_view(owner text, name text, option text, condition text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE regress_cdr_%s', owner);
    EXECUTE format('CREATE VIEW views.%I %s AS SELECT callid, callername, tenantname FROM public.conferencecall2 AS r WHERE %s',
        name, option, condition);
    EXECUTE format('GRANT ALL ON views.%I TO PUBLIC', name);
    RESET ROLE;
END $$;
SELECT count(make_view(owner, concat_ws('_', owner, id, option), 'WITH (' || option || ')', condition))
FROM unnest(ARRAY['super', 'bypass', 'all', 'importer', 'beta', 'two']) AS owner,
     unnest(ARRAY['security_barrier = false', 'security_barrier', 'security_invoker']) AS option,
     (TABLE spellings UNION ALL VALUES (0, 'true')) AS s;

-- What the current role is told by the views of each owner: by those that hold the condition, and
-- when it asks the others itself, in all ways to read.
CREATE FUNCTION survey(OUT owner text, OUT views_with text, OUT asked_of_the_view text, OUT whole_view text) RETURNS SETOF record LANGUAGE sql AS $$
    SELECT CASE WHEN relname ~ 'invoker' THEN 'any, security_invoker' ELSE split_part(relname, '_', 1) END,
           string_agg(DISTINCT public.told(format(way, relname, 'true')), ', ') FILTER (WHERE relname !~ '_0_'),
           string_agg(DISTINCT public.told(format(way, relname, condition)), ', ') FILTER (WHERE relname ~ '_0_'),
           string_agg(DISTINCT public.told(format(way, relname, 'true')), ', ') FILTER (WHERE relname ~ '_0_')
    FROM pg_class, public.spellings,
         unnest(ARRAY[
            'SELECT * FROM views.%1$I AS r WHERE %2$s',
            'SELECT CASE WHEN %2$s THEN r.callername END FROM views.%1$I AS r',
            'SELECT l.* FROM generate_series(1, 2), LATERAL (SELECT * FROM views.%1$I AS r WHERE %2$s) AS l',
            'SELECT r.callername FROM generate_series(1, 2) LEFT JOIN (SELECT * FROM views.%1$I AS r WHERE %2$s) AS r ON true',
            'SELECT callername FROM views.%1$I AS r WHERE %2$s UNION ALL SELECT callername FROM views.%1$I AS r WHERE %2$s',
            'WITH w AS MATERIALIZED (SELECT * FROM views.%1$I AS r WHERE %2$s) SELECT * FROM w']) AS way
    WHERE relnamespace = 'views'::regnamespace AND (relname ~ '_0_' OR id = 1)
    GROUP BY 1
    ORDER BY 1
$$;
SET ROLE regress_cdr_nobody;
SELECT * FROM survey();
SET ROLE regress_cdr_acme;
SELECT * FROM survey();
SET ROLE regress_cdr_two;
SELECT * FROM survey();
RESET ROLE;

-- Views over views: each is read with its owner's rights.
SELECT make_view('all', 'chained', 'WITH (security_barrier)', 'public.cdr_sees_tenant(tenantname)');
SET ROLE regress_cdr_two;
CREATE VIEW views.over AS SELECT * FROM views.chained WHERE public.cdr_sees_tenant(tenantname);
CREATE VIEW views.beside AS SELECT c.callername FROM views.chained AS v JOIN public.conferencecall2 AS c USING (callid);
GRANT SELECT ON views.over, views.beside TO PUBLIC;
PREPARE of_over AS SELECT count(*) FILTER (WHERE tenantname = 'acme') AS acme,
    count(*) FILTER (WHERE tenantname = 'beta') AS beta, count(*) AS "all" FROM views.over;
SET plan_cache_mode = force_generic_plan;
EXECUTE of_over;
SET ROLE regress_cdr_acme;
SELECT told('SELECT * FROM views.over') AS over, told('SELECT * FROM views.beside') AS beside;
EXECUTE of_over;
SET ROLE regress_cdr_nobody;
SELECT told('SELECT * FROM views.over') AS over, told('SELECT * FROM views.beside') AS beside;
EXECUTE of_over;
RESET ROLE;
EXECUTE of_over;
RESET plan_cache_mode;
DEALLOCATE of_over;

-- Views that are written to, by those who were granted that on the view alone.
CREATE TABLE merged (callername text);
GRANT ALL ON merged TO PUBLIC;
CREATE FUNCTION writing(OUT view text, OUT updated text, OUT deleted text, OUT merged text) RETURNS SETOF record LANGUAGE plpgsql AS $$
BEGIN
    FOR view IN SELECT relname FROM pg_class WHERE relnamespace = 'views'::regnamespace AND relname ~ '^(super|importer)_1_.*barrier' ORDER BY 1 LOOP
        updated := public.told(format('UPDATE views.%I SET callername = callername || ''!'' RETURNING *', view));
        deleted := public.told(format('DELETE FROM views.%I RETURNING *', view));
        EXECUTE format('MERGE INTO public.merged AS m USING views.%I AS v ON m.callername = v.callername WHEN NOT MATCHED THEN INSERT VALUES (v.callername)', view);
        merged := public.told('TABLE public.merged');
        DELETE FROM public.merged;
        RETURN NEXT;
    END LOOP;
END $$;
SET ROLE regress_cdr_nobody;
SELECT * FROM writing();
SET ROLE regress_cdr_acme;
SELECT * FROM writing();
SET ROLE regress_cdr_importer;
SELECT * FROM writing();
RESET ROLE;
DROP TABLE merged;

-- A materialized view holds what its owner saw.
SET ROLE regress_cdr_two;
CREATE MATERIALIZED VIEW views.kept AS SELECT callername FROM public.conferencecall2;
CREATE MATERIALIZED VIEW views.kept_of_view AS SELECT callername FROM views.chained;
RESET ROLE;
REFRESH MATERIALIZED VIEW views.kept;
SELECT told('TABLE views.kept') AS kept, told('TABLE views.kept_of_view') AS kept_of_view;

-- A policy that the owner has written again, without what only the extension's scripts can write: a view
-- then shows its readers their own tenants at most.
BEGIN;
ALTER POLICY cdr_tenants ON conferencecall2 USING (cdr_sees_tenant(tenantname));
SET LOCAL ROLE regress_cdr_acme;
SELECT told('SELECT * FROM conferencecall2') AS "table", told('SELECT * FROM export_cdr()') AS export,
       told('SELECT * FROM views."all_0_security_barrier = false"') AS view;
ROLLBACK;

-- EXPLAIN shows whose access is asked for.
SET ROLE regress_cdr_nobody;
EXPLAIN (COSTS off) SELECT * FROM views.chained WHERE callid = 1;
RESET ROLE;

-- Invalid input: the policy's function, and every way to a value of its argument's type.
GRANT SELECT ON conferencecall2 TO regress_cdr_nobody;
CREATE TABLE roles (role cdr_policy_role);
GRANT ALL ON roles TO PUBLIC;
CREATE FUNCTION attack(statement text, as_role text) RETURNS text LANGUAGE plpgsql AS $$
DECLARE
    answer text;
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', as_role);
    EXECUTE statement INTO answer;
    RETURN coalesce(answer, 'NULL');
EXCEPTION WHEN OTHERS THEN
    RETURN sqlstate;
END $$;
SELECT statement, attack(statement, 'regress_cdr_nobody') AS nobody, attack(statement, 'regress_cdr_super') AS superuser
FROM unnest(ARRAY[
    $$SELECT public.cdr_policy_sees_tenant('beta', 'current role')$$,
    $$SELECT public.cdr_policy_sees_tenant('beta', 'regress_cdr_beta')$$,
    $$SELECT public.cdr_policy_sees_tenant('beta', NULL)$$,
    $$SELECT count(*) FROM public.conferencecall2 WHERE public.cdr_policy_sees_tenant(tenantname, 'current role')$$,
    $$SELECT public.cdr_policy_sees_tenant('beta', 0)$$,
    $$SELECT public.cdr_policy_sees_tenant('beta', 0::oid::public.cdr_policy_role)$$,
    $$SELECT public.cdr_policy_sees_tenant('beta', 'regress_cdr_beta'::regrole::public.cdr_policy_role)$$,
    $$SELECT public.cdr_policy_sees_tenant('beta', 'regress_cdr_beta'::public.cdr_role::public.cdr_policy_role)$$,
    $$SELECT public.cdr_policy_sees_tenant('beta', ('current' || ' role')::public.cdr_policy_role)$$,
    $$SELECT public.cdr_policy_sees_tenant('beta', ('{current role}'::public.cdr_policy_role[])[1])$$,
    $$SELECT public.cdr_policy_sees_tenant('beta', ('(current role)'::public.roles).role)$$,
    $$SELECT public.cdr_policy_sees_tenant('beta', (ROW(0::oid)::public.roles).role)$$,
    $$SELECT public.cdr_policy_sees_tenant('beta', r.role) FROM json_populate_record(NULL::public.roles, '{"role": "current role"}') AS r$$,
    $$SELECT public.cdr_policy_sees_tenant('beta', r) FROM json_to_record('{"r": "current role"}') AS t (r public.cdr_policy_role)$$,
    $$SELECT public.cdr_policy_role_in('current role')$$,
    $$INSERT INTO public.roles VALUES ('current role') RETURNING public.cdr_policy_sees_tenant('beta', role)$$,
    $$CREATE VIEW views.forged AS SELECT callername FROM public.conferencecall2 WHERE public.cdr_policy_sees_tenant(tenantname, 'current role')$$,
    $$CREATE FUNCTION views.forged() RETURNS public.cdr_policy_role LANGUAGE sql AS 'SELECT 0::oid'$$,
    $$CREATE FUNCTION views.forged() RETURNS public.cdr_policy_role LANGUAGE sql RETURN 'current role'::public.cdr_policy_role$$,
    $$CREATE AGGREGATE views.forged (text) (SFUNC = textcat, STYPE = public.cdr_policy_role, INITCOND = 'current role')$$,
    $$CREATE TABLE views.forged (role public.cdr_policy_role DEFAULT 'current role')$$,
    $$ALTER POLICY cdr_tenants ON public.conferencecall2 USING (public.cdr_policy_sees_tenant(tenantname, 'current role'))$$
]) AS statement;
\set VERBOSITY default
SELECT cdr_policy_sees_tenant('beta', 'current role');
\set VERBOSITY terse
-- ... with a variable, whose assignment goes by text.
SET ROLE regress_cdr_nobody;
DO $$
DECLARE
    role public.cdr_policy_role;
BEGIN
    RAISE NOTICE 'without a value: %', public.cdr_policy_sees_tenant('beta', role);
    role := (SELECT oid FROM pg_roles WHERE rolname = 'regress_cdr_beta');
    RAISE NOTICE 'with a value: %', public.cdr_policy_sees_tenant('beta', role);
END $$;
RESET ROLE;

SET client_min_messages = warning;
DROP TABLE roles, spellings;
DROP SCHEMA views CASCADE;
DROP FUNCTION told, make_view, survey, writing, attack;
DROP OWNED BY regress_cdr_nobody, regress_cdr_acme, regress_cdr_beta, regress_cdr_two, regress_cdr_all,
    regress_cdr_importer, regress_cdr_bypass;
DROP ROLE regress_cdr_nobody, regress_cdr_acme, regress_cdr_beta, regress_cdr_two, regress_cdr_all,
    regress_cdr_importer, regress_cdr_bypass, regress_cdr_super;
TRUNCATE conferencecall2 RESTART IDENTITY;
