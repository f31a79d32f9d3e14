-- Since 1.2: usage figures are made of what the caller sees, and of nothing else.
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
SET client_min_messages = 'warning';
CREATE ROLE regress_usage_acme;
CREATE ROLE regress_usage_two;
CREATE ROLE regress_usage_all;
CREATE ROLE regress_usage_none;
SELECT cdr_grant_tenant('regress_usage_acme', 'acme'), cdr_grant_tenant('regress_usage_two', 'acme'),
       cdr_grant_tenant('regress_usage_two', 'beta'), cdr_grant_all_tenants('regress_usage_all');

-- A meeting of acme and beta (1), one of each (2, 3), and one that goes on.
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callerid, jointime,
                             leavetime, callstate, direction)
SELECT meeting, 'room of ' || tenant, tenant, 'C', 'D', caller, joined::timestamptz, left_at::timestamptz, state, 'I'
FROM (VALUES
    ('1', 'beta', 'ben', '2026-03-02 09:00', '2026-03-02 10:00', 'COMPLETED'),
    ('1', 'acme', 'ann', '2026-03-02 09:10', '2026-03-02 09:40', 'COMPLETED'),
    ('2', 'acme', 'ann', '2026-03-02 09:30', '2026-03-04 10:00', 'COMPLETED'),
    ('3', 'beta', 'bob', '2026-03-01 09:30', '2026-03-03 10:00', 'COMPLETED'),
    ('4', 'gamma', 'gil', '2026-03-02 09:30', '2026-03-02 10:00', 'COMPLETED')) AS v (meeting, tenant, caller, joined, left_at, state);
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callerid, jointime,
                             callstate, direction)
SELECT '5', 'room', tenant, 'C', 'D', 'x', now() - interval '5 min', 'IN PROGRESS', 'I'
FROM unnest(ARRAY['acme', 'beta', 'beta']) AS tenant;

CREATE FUNCTION pg_temp.see(as_role text) RETURNS TABLE (
    role text, groups text, peak bigint, minutes numeric, meetings bigint, callers bigint, of_beta bigint, first text,
    first_room text, first_start timestamptz, live bigint)
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SET LOCAL ROLE %I', as_role);
    RETURN QUERY SELECT as_role,
        (SELECT string_agg(group_value, ' ') FROM cdr_usage('2026-03-02', '2026-03-04', NULL, group_by => 'TenantName')),
        u.peak_participants, u.participant_minutes::numeric, u.meetings, u.unique_callers,
        (SELECT b.joins FROM cdr_usage('2026-03-02', '2026-03-04', NULL, tenant => 'beta') AS b),
        m.uniquecallid, m.conferencename, m.started_at, (SELECT count(*) FROM cdr_live)
    FROM cdr_usage('2026-03-02', '2026-03-04', NULL) AS u,
         LATERAL (SELECT * FROM cdr_meetings('2026-03-02', '2026-03-03') LIMIT 1) AS m;
    RESET ROLE;
END $$;
GRANT EXECUTE ON FUNCTION pg_temp.see(text) TO PUBLIC;
SELECT s.* FROM unnest(ARRAY['regress_usage_acme', 'regress_usage_two', 'regress_usage_all']) AS r, LATERAL pg_temp.see(r) AS s;

-- Without a grant: the privilege is missing, and a hint tells whom to ask.
SET ROLE regress_usage_none;
SELECT * FROM cdr_usage();
SELECT * FROM cdr_meetings();
SELECT * FROM cdr_live;
RESET ROLE;

-- Who sees some tenants only reads along their index, and so few pages in a table full of others' records.
CREATE FUNCTION pg_temp.pages(query text) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
    plan json;
BEGIN
    EXECUTE 'EXPLAIN (ANALYZE, BUFFERS, FORMAT json, TIMING off) ' || query INTO plan;
    RETURN (plan -> 0 -> 'Plan' ->> 'Shared Hit Blocks')::bigint + (plan -> 0 -> 'Plan' ->> 'Shared Read Blocks')::bigint;
END $$;
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callerid, jointime,
                             leavetime, callstate, direction)
SELECT n::text, 'room', 'delta', 'C', 'D', 'x', '2026-03-02', '2026-03-03', 'COMPLETED', 'I' FROM generate_series(1, 20000) AS n;
ANALYZE conferencecall2;
SET ROLE regress_usage_acme;
SELECT count(*) > 0 AS warm FROM cdr_usage();
SELECT pg_temp.pages('SELECT * FROM cdr_usage()') < 100 AS acme_reads_little,
       pg_temp.pages('SELECT * FROM cdr_usage(''2026-03-02'', ''2026-03-03'')') < 100 AS of_a_day,
       pg_temp.pages('SELECT * FROM cdr_usage(tenant => ''delta'')') < 100 AS and_nothing_of_others;
SET ROLE regress_usage_two;
SELECT count(*) > 0 AS warm FROM cdr_usage();
SELECT pg_temp.pages('SELECT * FROM cdr_usage(''2026-03-02'', ''2026-03-03'')') < 100 AS two_read_little;
RESET ROLE;

-- A view's owner does not lend what it sees: the functions read as whoever runs the query.
CREATE VIEW regress_usage_figures AS SELECT joins FROM cdr_usage('2026-03-02', '2026-03-04', NULL);
GRANT SELECT ON regress_usage_figures TO regress_usage_acme;
SET ROLE regress_usage_acme;
SELECT * FROM regress_usage_figures;
RESET ROLE;
DROP VIEW regress_usage_figures;

-- Found in whatever schema, and by no search_path.
SET search_path = pg_catalog;
SELECT joins FROM public.cdr_usage('2026-03-02', '2026-03-04', NULL, tenant => 'acme');
SELECT count(*) FROM public.cdr_meetings(tenant => 'acme');
SELECT count(*) FROM public.cdr_live;
RESET search_path;

SELECT cdr_revoke('regress_usage_acme'), cdr_revoke('regress_usage_two'), cdr_revoke('regress_usage_all');
DROP ROLE regress_usage_acme, regress_usage_two, regress_usage_all, regress_usage_none;
TRUNCATE conferencecall2 RESTART IDENTITY;
