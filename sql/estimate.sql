-- What the planner expects of export_cdr: within a factor of two for constant arguments after
-- ANALYZE, and never above the limit.
SET client_min_messages = warning;
SET timezone = 'UTC';
INSERT INTO conferencecall2
    (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, callstate,
     direction)
SELECT i::text, 'room', CASE WHEN i % 10 = 0 THEN 'small' ELSE 'large' END, 'C', 'D',
       '2026-01-01Z'::timestamptz + i * interval '1 min', 'COMPLETED', 'I'
FROM generate_series(1, 100000) AS i;
ANALYZE conferencecall2;

CREATE FUNCTION pg_temp.estimate(call text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) SELECT * FROM ' || call INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END $$;
CREATE FUNCTION pg_temp.actual(call text) RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    records float8;
BEGIN
    EXECUTE 'SELECT count(*) FROM ' || call INTO records;
    RETURN records;
EXCEPTION WHEN program_limit_exceeded THEN
    RETURN current_setting('vidyo_cdr.export_limit')::float8;
END $$;
CREATE FUNCTION pg_temp.judge(estimate float8, actual float8) RETURNS text LANGUAGE sql AS $$
    SELECT CASE WHEN greatest($1, 1) BETWEEN greatest($2, 1) / 2 AND greatest($2, 1) * 2
           THEN 'good' ELSE format('estimate %s, actual %s', $1, $2) END
$$;

SELECT call, pg_temp.judge(pg_temp.estimate(call), pg_temp.actual(call)) AS estimate
FROM unnest(ARRAY[
    'export_cdr()',
    'export_cdr(''2026-01-05'', ''2026-01-08'')',
    'export_cdr(''2026-01-05'', ''2026-02-08'')',
    'export_cdr(''2026-01-05'')',
    'export_cdr(''2026-03-05'')',
    'export_cdr(end_time => ''2026-01-03'')',
    'export_cdr(''-infinity'', ''2026-01-03'')',
    'export_cdr(''2026-03-05'', ''infinity'')',
    'export_cdr(''-infinity'', ''infinity'')',
    'export_cdr(''2026-01-05'', ''2026-01-08'', ''small'')',
    'export_cdr(''2026-01-05'', ''2026-01-08'', ''large'')',
    'export_cdr(tenant => ''small'')',
    'export_cdr(tenant => ''nobody'')',
    'export_cdr(''2027-01-01'', ''2028-01-01'')',
    'export_cdr(''2026-01-05'', ''2026-01-05''::timestamptz + interval ''1 day'')']) AS call;

-- Never above the limit, also a lowered one, and whether or not the arguments are known.
SET plan_cache_mode = force_generic_plan;
PREPARE unknown (timestamptz, timestamptz, text) AS SELECT * FROM export_cdr($1, $2, $3);
CREATE FUNCTION pg_temp.estimate_unknown() RETURNS float8 LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (FORMAT json) EXECUTE unknown(NULL, NULL, NULL)' INTO plan;
    RETURN plan -> 0 -> 'Plan' ->> 'Plan Rows';
END $$;
SELECT pg_temp.estimate_unknown() BETWEEN 1 AND 65000 AS within_the_limit;
SET vidyo_cdr.export_limit = 100;
SELECT pg_temp.estimate('export_cdr()');
SELECT pg_temp.estimate('export_cdr(tenant => ''large'')');
DEALLOCATE unknown;
PREPARE unknown (timestamptz, timestamptz, text) AS SELECT * FROM export_cdr($1, $2, $3);
SELECT pg_temp.estimate_unknown() BETWEEN 1 AND 100 AS within_the_limit;
DEALLOCATE unknown;
RESET plan_cache_mode;
RESET vidyo_cdr.export_limit;

-- Planning alone never fails: the range is checked, and the limit counted, at execution.
SELECT pg_temp.estimate('export_cdr(''2026-02-01'', ''2026-01-01'')');
TRUNCATE conferencecall2 RESTART IDENTITY;
