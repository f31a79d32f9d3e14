-- The midnight in the hint of an export over the limit: the last one that fits, in the session's zone.
\set SHOW_CONTEXT never
\pset format unaligned
\pset tuples_only on
SET datestyle = 'ISO, YMD';
SET timezone = 'UTC';
TRUNCATE conferencecall2 RESTART IDENTITY;

-- A record every six hours of a week, and the hint of an export with a limit.
CREATE FUNCTION pg_temp.put(first timestamptz, last timestamptz, step interval) RETURNS void
LANGUAGE sql AS $$
    TRUNCATE public.conferencecall2;
    INSERT INTO public.conferencecall2
        (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
         callstate, direction)
    SELECT 'u', 'room', 'acme', 'C', 'D', t, 'IN PROGRESS', 'I'
    FROM generate_series(first, last, step) AS t;
$$;
CREATE FUNCTION pg_temp.hint(max_records int, first timestamptz DEFAULT NULL) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
    hint text;
BEGIN
    PERFORM set_config('vidyo_cdr.export_limit', max_records::text, true);
    PERFORM public.export_cdr(first);
    RETURN 'not refused';
EXCEPTION WHEN program_limit_exceeded THEN
    GET STACKED DIAGNOSTICS hint = PG_EXCEPTION_HINT;
    RETURN hint;
END $$;
SELECT pg_temp.put('2026-04-01 03:00', '2026-04-08 00:00', '6 hours');

-- The first day has four records from 3 in the morning on; without a start it is whole,
SELECT pg_temp.hint(3);
SELECT pg_temp.hint(4);
SELECT pg_temp.hint(5);
SELECT pg_temp.hint(7);
SELECT pg_temp.hint(8);
-- with a start behind its midnight it is not,
SELECT pg_temp.hint(7, '2026-04-01');
SELECT pg_temp.hint(7, '2026-04-01 00:00:00.000001');
SELECT pg_temp.hint(8, '2026-04-01 00:00:00.000001');
-- and days without records are no reason to export nothing.
SELECT pg_temp.hint(3, '2026-03-01');
SELECT pg_temp.hint(4, '2026-03-01');
SELECT pg_temp.hint(4, '-infinity');
-- The days are those of the session's zone, in ISO form, and each can be pasted back.
SET timezone = 'Asia/Kolkata';
SET datestyle = 'German';
SELECT pg_temp.hint(8);
SELECT count(*), max("JoinTime") FROM export_cdr(end_time => '2026-04-02');
SET datestyle = 'ISO, YMD';

-- The clock skips midnight in Sao Paulo: the day begins at 1.
SET timezone = 'America/Sao_Paulo';
SELECT pg_temp.put('2018-11-03 20:30', '2018-11-04 08:30', '1 hour');
SELECT pg_temp.hint(3);
SELECT pg_temp.hint(4);
SELECT count(*), max("JoinTime") FROM export_cdr(end_time => '2018-11-04');
-- It comes twice in Havana: the second one begins the day.
SET timezone = 'America/Havana';
SELECT pg_temp.put('2024-11-02 23:30', '2024-11-03 06:30', '30 minutes');
SELECT pg_temp.hint(2);
SELECT pg_temp.hint(3);
SELECT count(*), max("JoinTime") FROM export_cdr(end_time => '2024-11-03');
-- Apia has had no 30 December 2011.
SET timezone = 'Pacific/Apia';
SELECT pg_temp.put('2011-12-29 20:00', '2011-12-31 08:00', '1 hour');
SELECT pg_temp.hint(4);
SELECT pg_temp.hint(5);
SELECT pg_temp.hint(5, '2011-12-29');
SELECT pg_temp.hint(5, '2011-12-29 00:00:01');
-- Times of old and of the future, and the first and last days that there are.
SET timezone = 'Europe/Amsterdam';
SELECT pg_temp.put('0044-03-13 12:00 BC', '0044-03-16 12:00 BC', '1 day');
SELECT pg_temp.hint(2);
SELECT count(*) FROM export_cdr(end_time => '0044-03-15 BC');
SELECT pg_temp.put('12026-03-13 12:00', '12026-03-16 12:00', '1 day');
SELECT pg_temp.hint(2);
SELECT count(*) FROM export_cdr(end_time => '12026-03-15');
SELECT pg_temp.put('4714-11-24 00:00:00Z BC', '4714-11-25 00:00:00Z BC', '10 hours');
SELECT unnest(ARRAY[pg_temp.hint(1), pg_temp.hint(2)]);
SET timezone = 'America/New_York';
SELECT unnest(ARRAY[pg_temp.hint(1), pg_temp.hint(2)]);
SELECT pg_temp.put('294276-12-30 04:00Z', '294276-12-31 12:00Z', '10 hours');
SELECT unnest(ARRAY[pg_temp.hint(1), pg_temp.hint(3)]);

-- Held to a search through all days, in zones that change their clocks at all hours.
DO $$
DECLARE
    zone text;
    first timestamptz;
    max_records int;
    latest timestamptz;
    expected text;
    hint text;
    hints int := 0;
BEGIN
    PERFORM setseed(0.7);
    FOREACH zone IN ARRAY ARRAY['UTC', 'Asia/Kolkata', 'Europe/Berlin', 'America/Sao_Paulo',
                                'America/Havana', 'Asia/Beirut', 'Pacific/Apia', 'Africa/Cairo'] LOOP
        PERFORM set_config('timezone', zone, true);
        FOREACH first IN ARRAY ARRAY['2018-11-02', '2011-12-28', '2024-11-01', '2026-03-27']::timestamptz[] LOOP
            FOR round IN 1..12 LOOP
                PERFORM pg_temp.put(first + random() * interval '30 hours',
                                    first + interval '5 days', random() * interval '3 hours'
                                    + interval '20 minutes');
                max_records := 1 + random() * 30;
                SELECT JoinTime INTO latest FROM conferencecall2 ORDER BY 1 OFFSET max_records LIMIT 1;
                CONTINUE WHEN latest IS NULL;
                expected := NULL;
                SELECT format('''%s'' (through %s)', d::date, p::date) INTO expected
                FROM generate_series(first::date - 3, first::date + 7, interval '1 day') AS d,
                    LATERAL (SELECT max(p) FROM generate_series(d - interval '3 days', d, '1 day') AS p
                             WHERE p::date::timestamptz < d::date::timestamptz) AS before (p)
                WHERE d::date::timestamptz <= latest AND p::date::timestamptz >= first
                    AND d::date::timestamptz > (SELECT min(JoinTime) FROM conferencecall2)
                ORDER BY d DESC LIMIT 1;
                hint := pg_temp.hint(max_records, first);
                IF substring(hint FROM 'midnight is (.*\))') IS DISTINCT FROM expected THEN
                    RAISE '% from % up to %: % instead of %', zone, first, latest, hint, expected;
                END IF;
                hints := hints + (expected IS NOT NULL)::int;
            END LOOP;
        END LOOP;
    END LOOP;
    RAISE INFO 'at least 100 midnights: %', hints >= 100;
END $$;
TRUNCATE conferencecall2 RESTART IDENTITY;
