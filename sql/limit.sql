-- The limit of 65,000 records at full size, lowered by the setting, and hints that can be pasted back.
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

CREATE FUNCTION pg_temp.load(first int, last int, tenant text) RETURNS void LANGUAGE sql AS $$
    INSERT INTO public.conferencecall2
        (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
         callstate, direction)
    SELECT i, i::text, 'room', tenant, 'C', 'D',
           '2026-01-01Z'::timestamptz + i * interval '60.000001 s', 'IN PROGRESS', 'I'
    FROM generate_series(first, last) AS i
$$;

-- Exactly 65,000 pass ...
SELECT pg_temp.load(1, 65000, 'acme');
SELECT count(*), min("CallID"), max("CallID") FROM export_cdr();
-- ... 65,001 do not,
SELECT pg_temp.load(65001, 65001, 'acme');
SELECT count(*) FROM export_cdr();
-- the end_time of the hint takes 65,000 and a microsecond more is too much,
SELECT count(*), max("CallID") FROM export_cdr(end_time => '2026-02-15 03:21:00.065001+00');
SELECT count(*) FROM export_cdr(end_time => '2026-02-15 03:21:00.065002+00');
-- nor does it help to want fewer of the rows.
SELECT "CallID" FROM export_cdr() LIMIT 1;

-- Counted after the tenant filter.
SELECT pg_temp.load(70001, 70002, 'beta');
SELECT count(*) FROM export_cdr(tenant => 'beta');
SELECT count(*) FROM export_cdr(tenant => 'acme');
SELECT count(*) FROM export_cdr(NULL, '2026-02-15 03:21:00.065001+00', 'acme');
SELECT count(*) FROM export_cdr('2026-01-01', '2026-02-15', 'acme');

-- Nothing goes out before the refusal.
\copy (SELECT "CallID" FROM export_cdr()) TO STDOUT WITH (FORMAT csv)

-- The setting lowers the limit, at once and for prepared plans too.
SET vidyo_cdr.export_limit = 2;
SELECT "CallID" FROM export_cdr(tenant => 'beta');
SET vidyo_cdr.export_limit = 1;
SELECT "CallID" FROM export_cdr(tenant => 'beta');
SET vidyo_cdr.export_limit = 1000;
SELECT count(*) FROM export_cdr('2026-01-01', '2026-02-01');
RESET vidyo_cdr.export_limit;
SELECT count(*) FROM export_cdr(tenant => 'beta');

-- The hint can be pasted back in any zone and style, sub-second offsets of old times included.
TRUNCATE conferencecall2;
INSERT INTO conferencecall2
    (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
     callstate, direction)
SELECT n, 'u', 'room', 'acme', 'C', 'D', jointime, 'IN PROGRESS', 'I'
FROM unnest(ARRAY['0044-03-15 BC', '1800-01-01 00:00:00.5', '2026-07-01 12:00',
                  '12026-01-01 00:00:00.000001']::timestamptz[]) WITH ORDINALITY AS r (jointime, n);
DO $$
DECLARE
    zone text;
    style text;
    max_records int;
    hint text;
    exported int;
BEGIN
    FOREACH zone IN ARRAY ARRAY['UTC', 'America/New_York', 'Asia/Kolkata', 'Europe/Amsterdam'] LOOP
        FOREACH style IN ARRAY ARRAY['ISO, MDY', 'SQL, DMY', 'German', 'Postgres, MDY'] LOOP
            FOR max_records IN 1..3 LOOP
                PERFORM set_config('timezone', zone, true), set_config('datestyle', style, true),
                        set_config('vidyo_cdr.export_limit', max_records::text, true);
                BEGIN
                    PERFORM export_cdr();
                    RAISE 'not refused';
                EXCEPTION WHEN program_limit_exceeded THEN
                    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
                END;
                EXECUTE 'SELECT count(*) FROM export_cdr(end_time => '
                    || substring(hint FROM 'fits is (''[^'']*'')') || ')' INTO exported;
                IF exported <> max_records THEN
                    RAISE 'zone %, style %: % instead of % with hint: %',
                        zone, style, exported, max_records, hint;
                END IF;
                IF zone = 'Europe/Amsterdam' AND style = 'German' THEN
                    RAISE INFO '%', hint;
                END IF;
            END LOOP;
        END LOOP;
    END LOOP;
END $$;

-- Ties: all of a moment stays out when not all of it fits ...
TRUNCATE conferencecall2;
INSERT INTO conferencecall2
    (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
     callstate, direction)
SELECT i, 'u', 'room', CASE WHEN i % 2 = 0 THEN 'acme' ELSE 'O''Brien \ co' END, 'C', 'D',
       '2026-01-01 00:00Z'::timestamptz + i / 10 * interval '1 day', 'IN PROGRESS', 'I'
FROM generate_series(1, 29) AS i;
SET vidyo_cdr.export_limit = 15;
SELECT count(*) FROM export_cdr();
SELECT count(*) FROM export_cdr(end_time => '2026-01-02 00:00:00+00');
SELECT count(*) FROM export_cdr(end_time => '2026-01-02 00:00:00.000001+00');
-- ... and when the first moment alone is too much, another way is named: by tenant,
SET vidyo_cdr.export_limit = 5;
SELECT count(*) FROM export_cdr('2026-01-02');
SELECT count(*) FROM export_cdr('2026-01-02', '2026-01-03', 'acme');
-- or the table itself.
SET vidyo_cdr.export_limit = 4;
SELECT count(*) FROM export_cdr('2026-01-02', NULL, 'O''Brien \ co');
SELECT count(*) FROM (
    SELECT * FROM public.conferencecall2 WHERE TenantName = E'O\'Brien \\ co'
        AND JoinTime = '2026-01-02 00:00:00+00' ORDER BY CallID) AS pasted;

-- SQLSTATE
\set VERBOSITY sqlstate
SELECT count(*) FROM export_cdr();
SELECT count(*) FROM export_cdr('2026-01-02');
\set VERBOSITY default
RESET vidyo_cdr.export_limit;

-- Who may set it.
CREATE ROLE regress_cdr_reader;
SET ROLE regress_cdr_reader;
SET vidyo_cdr.export_limit = 10;
SHOW vidyo_cdr.export_limit;
RESET ROLE;
DROP ROLE regress_cdr_reader;
SELECT min_val, max_val, boot_val, context FROM pg_settings WHERE name = 'vidyo_cdr.export_limit';
TRUNCATE conferencecall2 RESTART IDENTITY;
