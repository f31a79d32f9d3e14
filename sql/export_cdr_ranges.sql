-- Since 1.2: export_cdr_ranges, the ranges that can be exported one after the other.
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

CREATE FUNCTION pg_temp.load(callid int, tenant text, jointime timestamptz) RETURNS void
LANGUAGE sql AS $$
    INSERT INTO public.conferencecall2
        (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
         callstate, direction)
    VALUES (callid, callid::text, 'room', tenant, 'C', 'D', jointime, 'IN PROGRESS', 'I')
$$;

-- Without records: one range with none, with the bounds that were given.
SELECT * FROM export_cdr_ranges();
SELECT * FROM export_cdr_ranges('2026-01-01', '2026-02-01');
SELECT * FROM export_cdr_ranges('-infinity', 'infinity');
SELECT * FROM export_cdr_ranges('infinity');

-- Ten records, one each day.
SELECT count(pg_temp.load(i, CASE WHEN i % 3 = 0 THEN 'beta' ELSE 'acme' END,
    '2026-01-01 12:00Z'::timestamptz + (i - 1) * interval '1 day')) FROM generate_series(1, 10) AS i;
SELECT * FROM export_cdr_ranges();
SELECT * FROM export_cdr_ranges(max_records => 10);
SELECT * FROM export_cdr_ranges(max_records => 9);
SELECT * FROM export_cdr_ranges(max_records => 4);
SELECT * FROM export_cdr_ranges('2026-01-02', '2026-01-09 12:00', max_records => 4);
SELECT * FROM export_cdr_ranges('-infinity', 'infinity', NULL, 4);
SELECT * FROM export_cdr_ranges(tenant => 'acme', max_records => 4);
SELECT * FROM export_cdr_ranges(start_time => '2026-01-01 12:00', end_time => '2026-01-01 12:00');
SELECT * FROM export_cdr_ranges('2026-01-01 12:00', '2026-01-01 12:00:00.000001');
-- The sum is the number of records.
SELECT sum(records) FROM export_cdr_ranges('2026-01-02', tenant => 'acme', max_records => 1);
-- The limit is the default, and the most that can be asked for.
SET vidyo_cdr.export_limit = 6;
SELECT part, records FROM export_cdr_ranges();
SELECT part, records FROM export_cdr_ranges(max_records => 6);
SELECT part, records FROM export_cdr_ranges(max_records => 7);
RESET vidyo_cdr.export_limit;

-- Records of one moment stay together.
SELECT count(pg_temp.load(10 + i, 'acme', '2026-01-03 12:00Z')) FROM generate_series(1, 3) AS i;
SELECT * FROM export_cdr_ranges(end_time => '2026-01-05', max_records => 4);
SELECT * FROM export_cdr_ranges(end_time => '2026-01-05', max_records => 5);
-- Invalid input: more of them than a range may have; of one tenant, and below the limit
SELECT * FROM export_cdr_ranges('2026-01-01', '2026-01-05', max_records => 3);
SELECT * FROM export_cdr_ranges('2026-01-01', '2026-01-05', 'acme', 2);
SET vidyo_cdr.export_limit = 3;
SELECT * FROM export_cdr_ranges();
SELECT * FROM export_cdr_ranges(tenant => 'acme');
SELECT * FROM export_cdr_ranges(tenant => 'acme', max_records => 2);
RESET vidyo_cdr.export_limit;
-- Invalid input: max_records
SELECT * FROM export_cdr_ranges(max_records => 0);
SELECT * FROM export_cdr_ranges(max_records => -1);
SELECT * FROM export_cdr_ranges(max_records => 65001);
-- Invalid input: bounds the wrong way round
SELECT * FROM export_cdr_ranges('2026-02-01', '2026-01-01');
SELECT * FROM export_cdr_ranges('infinity', '-infinity');
-- An unknown tenant is told of, as by an export; one that has no records in the range is not.
SELECT * FROM export_cdr_ranges(tenant => 'Acme');
SELECT * FROM export_cdr_ranges('2030-01-01', NULL, 'acme');
\set VERBOSITY sqlstate
SELECT * FROM export_cdr_ranges(max_records => 1);
SELECT * FROM export_cdr_ranges(max_records => 0);
SELECT * FROM export_cdr_ranges('2026-02-01', '2026-01-01');
\set VERBOSITY default

-- Who sees what: as the caller, and only what it was granted.
CREATE ROLE regress_cdr_acme;
CREATE ROLE regress_cdr_both;
CREATE ROLE regress_cdr_all;
CREATE ROLE regress_cdr_nobody;
SELECT cdr_grant_tenant('regress_cdr_acme', 'acme');
SELECT cdr_grant_tenant('regress_cdr_both', 'acme'), cdr_grant_tenant('regress_cdr_both', 'beta');
SELECT cdr_grant_all_tenants('regress_cdr_all');
SET ROLE regress_cdr_acme;
SELECT * FROM export_cdr_ranges(max_records => 6);
SELECT * FROM export_cdr_ranges(tenant => 'acme', max_records => 6);
SELECT * FROM export_cdr_ranges(tenant => 'beta');
SET ROLE regress_cdr_both;
SELECT * FROM export_cdr_ranges(max_records => 6);
SET ROLE regress_cdr_all;
SELECT * FROM export_cdr_ranges(max_records => 6);
\set SHOW_CONTEXT always
SET ROLE regress_cdr_nobody;
SELECT * FROM export_cdr_ranges('2026-01-01');
\set SHOW_CONTEXT never
RESET ROLE;
-- More than a hundred tenants.
SET client_min_messages = warning;
SELECT count(cdr_grant_tenant('regress_cdr_both', 'tenant' || i)) FROM generate_series(1, 120) AS i;
RESET client_min_messages;
SET ROLE regress_cdr_both;
SELECT * FROM export_cdr_ranges(max_records => 6);
RESET ROLE;
-- Policies that somebody added hold, too.
CREATE POLICY regress_fewer ON conferencecall2 AS RESTRICTIVE FOR SELECT TO regress_cdr_all
    USING (uniquecallid <> '13');
CREATE POLICY regress_more ON conferencecall2 FOR SELECT TO regress_cdr_acme
    USING (tenantname = 'beta' AND uniquecallid <> '3');
SET ROLE regress_cdr_all;
SELECT * FROM export_cdr_ranges();
SET ROLE regress_cdr_acme;
SELECT * FROM export_cdr_ranges();
SELECT * FROM export_cdr_ranges(tenant => 'beta');
RESET ROLE;
DROP POLICY regress_fewer ON conferencecall2;
DROP POLICY regress_more ON conferencecall2;
-- Grants and revokes count at once, also for what the session has planned.
SET ROLE regress_cdr_all;
SELECT * FROM export_cdr_ranges();
RESET ROLE;
SELECT cdr_grant_tenant('regress_cdr_all', 'beta');
DELETE FROM cdr_role_access WHERE role = 'regress_cdr_all'::regrole AND tenant IS NULL;
SET ROLE regress_cdr_all;
SELECT * FROM export_cdr_ranges();
RESET ROLE;
SELECT cdr_grant_all_tenants('regress_cdr_all');
SET ROLE regress_cdr_all;
SELECT * FROM export_cdr_ranges();
RESET ROLE;
SELECT cdr_revoke('regress_cdr_all');
GRANT SELECT ON conferencecall2 TO regress_cdr_all;
SET ROLE regress_cdr_all;
SELECT * FROM export_cdr_ranges();
RESET ROLE;
DROP OWNED BY regress_cdr_acme, regress_cdr_both, regress_cdr_all;
DROP ROLE regress_cdr_acme, regress_cdr_both, regress_cdr_all, regress_cdr_nobody;

-- Neither the session's settings nor a hostile search_path changes anything.
BEGIN;
SET LOCAL timezone = 'America/New_York';
SET LOCAL datestyle = 'SQL, DMY';
SET LOCAL enable_indexscan = off;
SET LOCAL enable_indexonlyscan = off;
CREATE SCHEMA hostile;
CREATE TABLE hostile.conferencecall2 (LIKE conferencecall2);
CREATE FUNCTION hostile.le(timestamptz, timestamptz) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR hostile.>= (FUNCTION = hostile.le, LEFTARG = timestamptz, RIGHTARG = timestamptz);
CREATE OPERATOR hostile.< (FUNCTION = hostile.le, LEFTARG = timestamptz, RIGHTARG = timestamptz);
SET LOCAL search_path = hostile, pg_catalog;
SELECT * FROM public.export_cdr_ranges(start_time => '01/01/2026 00:00', max_records => 5);
ROLLBACK;

-- In a read-only transaction, as an argument, in the target list, and not to its end.
BEGIN READ ONLY;
SELECT part, records FROM export_cdr_ranges(max_records => 5);
SELECT (export_cdr_ranges(max_records => 5)).end_time LIMIT 1;
SELECT tenant, r.* FROM (VALUES ('acme'), ('beta')) AS t (tenant),
    LATERAL export_cdr_ranges(tenant => t.tenant, max_records => 5) AS r;
ROLLBACK;

-- A table that somebody has altered is not misread.
BEGIN;
ALTER EXTENSION vidyo_cdr DROP VIEW cdr_live;
ALTER EXTENSION vidyo_cdr DROP VIEW cdr_report;
ALTER EXTENSION vidyo_cdr DROP VIEW cdr_tenants;
DROP VIEW cdr_live, cdr_report, cdr_tenants;
DROP INDEX conferencecall2_long_idx;
ALTER TABLE conferencecall2 ALTER JoinTime TYPE date;
SELECT * FROM export_cdr_ranges();
ROLLBACK;

-- Random records: the ranges are those of following the hints of one refused export after the other,
-- hold together what is asked for, and can be passed back as they are.
TRUNCATE conferencecall2;
DO $$
DECLARE
    given record;
    part record;
    hint text;
    expected_start timestamptz;
    expected_end timestamptz;
    parts int;
    total bigint;
    exported bigint;
    ranges int := 0;
BEGIN
    PERFORM setseed(0.12), set_config('datestyle', 'German', true),
            set_config('timezone', 'Europe/Berlin', true);
    FOR round IN 1..60 LOOP
        TRUNCATE conferencecall2;
        PERFORM pg_temp.load(i, 'tenant' || (random() * 2)::int,
                '2026-03-28 12:00Z'::timestamptz + (random() * 30)::int * interval '1 hour 0.000001 s')
        FROM generate_series(1, (random() * 150)::int) AS i;
        SELECT INTO given
            CASE WHEN random() < 0.7 THEN '2026-03-28 12:00Z'::timestamptz
                + (random() * 9)::int * interval '1 hour' END AS start_time,
            CASE WHEN random() < 0.7 THEN '2026-03-29 00:00Z'::timestamptz
                + (random() * 20)::int * interval '1 hour' END AS end_time,
            CASE WHEN random() < 0.5 THEN 'tenant' || (random() * 2)::int END AS tenant,
            6 + (random() * 20)::int AS max_records;
        expected_start := given.start_time;
        parts := 0;
        total := 0;
        BEGIN
            FOR part IN SELECT * FROM export_cdr_ranges(
                given.start_time, given.end_time, given.tenant, given.max_records)
            LOOP
                parts := parts + 1;
                total := total + part.records;
                PERFORM set_config('vidyo_cdr.export_limit', given.max_records::text, true);
                -- Where an export of the rest ends, by its hint.
                BEGIN
                    PERFORM export_cdr(part.start_time, given.end_time, given.tenant);
                    expected_end := given.end_time;
                EXCEPTION WHEN program_limit_exceeded THEN
                    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
                    expected_end := substring(hint FROM 'end_time that fits is ''([^'']*)''');
                END;
                SELECT count(*) INTO exported
                FROM export_cdr(part.start_time, part.end_time, given.tenant);
                PERFORM set_config('vidyo_cdr.export_limit', '65000', true);
                IF part.part <> parts OR part.start_time IS DISTINCT FROM expected_start
                    OR part.end_time IS DISTINCT FROM expected_end OR part.records <> exported THEN
                    RAISE 'round %, given %: % instead of % records from % to %',
                        round, given, part, exported, expected_start, expected_end;
                END IF;
                expected_start := part.end_time;
            END LOOP;
            SELECT count(*) INTO exported FROM conferencecall2
            WHERE JoinTime >= coalesce(given.start_time, '-infinity')
                AND JoinTime < coalesce(given.end_time, 'infinity')
                AND (given.tenant IS NULL OR TenantName = given.tenant);
            IF total <> exported OR expected_start IS DISTINCT FROM given.end_time THEN
                RAISE 'round %, given %: % records instead of %, up to %',
                    round, given, total, exported, expected_start;
            END IF;
            ranges := ranges + parts;
        EXCEPTION WHEN program_limit_exceeded THEN
            PERFORM FROM conferencecall2
            WHERE JoinTime >= coalesce(given.start_time, '-infinity')
                AND JoinTime < coalesce(given.end_time, 'infinity')
                AND (given.tenant IS NULL OR TenantName = given.tenant)
            GROUP BY JoinTime HAVING count(*) > given.max_records;
            IF NOT FOUND THEN
                RAISE;
            END IF;
        END;
    END LOOP;
    RAISE INFO 'at least 100 ranges: %', ranges >= 100;
END $$;
TRUNCATE conferencecall2 RESTART IDENTITY;
