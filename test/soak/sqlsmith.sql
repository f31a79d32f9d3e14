-- Scalar functions over everything that the extension has, in plpgsql: PostgreSQL would put SQL functions
-- into the query and not count their calls. Their errors stay errors.
CREATE SCHEMA smith;
SET search_path = smith, public;
CREATE ROLE smith_admin;
CREATE ROLE smith_other;
GRANT USAGE ON SCHEMA smith TO PUBLIC;
SELECT cdr_grant_tenant('smith_admin', 'acme.example.com'), cdr_grant_import('smith_other') \g /dev/null

CREATE FUNCTION export(start_time timestamptz, end_time timestamptz, tenant text) RETURNS bigint
    LANGUAGE plpgsql STABLE AS
    $$ BEGIN RETURN (SELECT count(*) FROM public.export_cdr(start_time, end_time, tenant)); END $$;
CREATE FUNCTION export_since(start_time timestamptz) RETURNS text LANGUAGE plpgsql STABLE AS
    $$ BEGIN RETURN (SELECT max("CallerName") FROM public.export_cdr(start_time)); END $$;
CREATE FUNCTION export_until(end_time timestamptz) RETURNS timestamptz LANGUAGE plpgsql STABLE AS
    $$ BEGIN RETURN (SELECT max("LeaveTime") FROM public.export_cdr(NULL, end_time)); END $$;
CREATE FUNCTION export_tenant(tenant text) RETURNS inet LANGUAGE plpgsql STABLE AS
    $$ BEGIN RETURN (SELECT max("EndpointPublicIPAddress") FROM public.export_cdr(tenant => tenant)); END $$;
CREATE FUNCTION export_csv(start_time timestamptz, tenant text, with_header boolean) RETURNS text
    LANGUAGE plpgsql STABLE AS $$
    BEGIN RETURN (SELECT string_agg(c, '') FROM public.export_cdr_csv(start_time, NULL, tenant, header => with_header) c); END $$;
CREATE FUNCTION export_profile(profile text, delimiter text) RETURNS integer LANGUAGE plpgsql STABLE AS
    $$ BEGIN RETURN (SELECT sum(length(c)) FROM public.export_cdr_csv(profile => profile, delimiter => delimiter) c); END $$;
-- Two that get past the first checks, so that what is behind them is reached as well.
CREATE FUNCTION export_spreadsheet(tenant text) RETURNS text LANGUAGE plpgsql STABLE AS
    $$ BEGIN RETURN (SELECT md5(string_agg(c, '')) FROM public.export_cdr_csv(tenant => tenant, profile => 'spreadsheet') c); END $$;
CREATE FUNCTION import_record(caller text, at timestamptz, number bigint) RETURNS bigint LANGUAGE plpgsql AS $$
    BEGIN
        RETURN (SELECT inserted - rejected FROM public.import_cdr(
            E'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerName,JoinTime,CallState,Direction\n'
            || concat(number, ',1,room,t,C,D,', caller, ',', at, E',COMPLETED,I\n')));
    END $$;
CREATE FUNCTION import(csv text, time_zone text, profile text) RETURNS bigint LANGUAGE plpgsql AS
    $$ BEGIN RETURN (SELECT inserted FROM public.import_cdr(csv, time_zone, profile)); END $$;
CREATE FUNCTION import_file(path text) RETURNS bigint LANGUAGE plpgsql AS
    $$ BEGIN RETURN (SELECT inserted FROM public.import_cdr_file(path)); END $$;
CREATE FUNCTION sync(source regclass, time_zone text, batch integer) RETURNS boolean LANGUAGE plpgsql AS
    $$ BEGIN CALL public.sync_cdr(source, time_zone, batch); RETURN true; END $$;
-- Grants. In one query they meet the exports and each other. A number names a role, for sqlsmith to find one.
CREATE FUNCTION role(number integer) RETURNS regrole LANGUAGE sql IMMUTABLE AS
    $$ SELECT ('{smith_admin,smith_other,pg_read_all_data,-}'::regrole[])[1 + abs(number % 4)] $$;
CREATE FUNCTION grant_tenant(number integer, tenant text) RETURNS text LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.cdr_grant_tenant(smith.role(number), tenant); RETURN tenant; END $$;
CREATE FUNCTION grant_more(number integer, import boolean) RETURNS integer LANGUAGE plpgsql AS $$
    BEGIN
        IF import THEN PERFORM public.cdr_grant_import(smith.role(number));
        ELSE PERFORM public.cdr_grant_all_tenants(smith.role(number)); END IF;
        RETURN number;
    END $$;
CREATE FUNCTION revoke(number integer, tenant text) RETURNS bigint LANGUAGE plpgsql AS
    $$ BEGIN PERFORM public.cdr_revoke(smith.role(number), tenant); RETURN number; END $$;
CREATE FUNCTION sees(tenant text) RETURNS integer LANGUAGE plpgsql STABLE AS
    $$ BEGIN RETURN public.cdr_sees_tenant(tenant)::integer + public.cdr_may_import()::integer; END $$;
CREATE FUNCTION role_name(role text) RETURNS text LANGUAGE plpgsql STABLE AS
    $$ BEGIN RETURN role::public.cdr_role::text; END $$;
-- What a tenant's admin gets, with row security: PostgreSQL goes back to the caller's role afterwards.
CREATE FUNCTION export_as_admin(start_time timestamptz, tenant text) RETURNS bigint LANGUAGE plpgsql
    SET role = smith_admin AS
    $$ BEGIN RETURN (SELECT count(*) FROM public.export_cdr(start_time, NULL, tenant)); END $$;
CREATE FUNCTION report_as_admin(word text) RETURNS bigint LANGUAGE plpgsql SET role = smith_admin AS
    $$ BEGIN RETURN (SELECT count(*) FROM public.cdr_report WHERE callername > word); END $$;

-- sqlsmith takes functions with equal odds from pg_proc, which it names without a schema. These are the
-- ones above and some of PostgreSQL's that make their arguments; OFFSET keeps it from writing here.
-- Ranges would make most of its queries wrong: it fills in the pseudotypes of their operators.
SET allow_system_table_mods = on;
DELETE FROM pg_operator
WHERE '{anyrange,anymultirange,anyenum}'::regtype[] && ARRAY[oprleft, oprright]::regtype[];
CREATE SCHEMA smith_catalog;
CREATE VIEW smith_catalog.pg_proc AS
SELECT * FROM pg_catalog.pg_proc
WHERE pronamespace = 'smith'::regnamespace AND proname <> 'role'
    OR pronamespace = 'pg_catalog'::regnamespace AND provolatile = 'i' AND prokind = 'f'
        AND prorettype = ANY ('{timestamptz,text,inet,int4,int8,bool}'::regtype[]) AND oid::bigint % 25 = 0
        AND NOT EXISTS (SELECT FROM pg_type t WHERE t.oid = ANY (proargtypes) AND typtype = 'p')
OFFSET 0;

-- Rows to call the functions for; there are none in these tables otherwise.
CREATE TABLE arguments AS
SELECT i AS number, (ARRAY['UTC', 'raw', 'portal', ',', ';', 'room', 'acme.example.com', ''])[1 + i % 8] AS word,
       timestamptz '2026-01-01' + i * interval '1 day' AS moment, i % 2 = 0 AS flag, 'pg_class'::regclass AS source
FROM generate_series(1, 100) i;
INSERT INTO cdr_feed (source_schema, source_name) VALUES ('portal', 'calls');
INSERT INTO cdr_feed_gap (source_schema, source_name, first_call_id, last_call_id) VALUES ('portal', 'calls', 2, 9);
SELECT import_cdr(E'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction\n'
    || string_agg(format(E'%s,x,,,,,,,', i), E'\n')) FROM generate_series(1, 50) i \g /dev/null
ALTER DATABASE postgres SET track_functions = 'all';
ALTER SYSTEM SET log_statement = 'all';
ALTER SYSTEM SET log_line_prefix = '%e ';
SELECT pg_reload_conf() \g /dev/null
