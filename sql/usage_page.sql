-- Since 1.2: usage figures as a page: what is in it, for whom and of when; test/t/071_usage_page.pl parses it.
SET timezone = 'America/New_York';
SET datestyle = 'ISO, YMD';
SET client_min_messages = 'warning';
CREATE ROLE regress_page_acme;
CREATE ROLE regress_page_none;
SELECT cdr_grant_tenant('regress_page_acme', 'acme');
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callerid, jointime,
                             leavetime, callstate, direction, applicationname, applicationversion, callcompletioncode)
SELECT meeting, 'room of ' || tenant, tenant, 'C', type, caller, joined::timestamptz, left_at::timestamptz, state, 'I', 'Vidyo<b>', '1.0', 1
FROM (VALUES
    ('1', 'acme', 'D', 'ann', '2026-03-02 09:00', '2026-03-02 10:00', 'COMPLETED'),
    ('1', 'acme', 'R', 'Guest', '2026-03-02 09:30', '2026-03-02 10:30', 'COMPLETED'),
    ('2', 'acme', 'D', 'ann', '2026-02-10 09:30', '2026-02-10 10:00', 'COMPLETED'),
    ('3', 'acme', 'D', 'ann', '2026-03-10 09:30', NULL, 'RING NO ANSWER'),
    ('4', 'acme', 'D', 'abe', '2026-03-11 09:30', NULL, 'COMPLETED'),
    ('5', 'beta & co', 'D', 'ben', '2026-03-02 09:15', '2026-03-02 09:45', 'COMPLETED')) AS v (meeting, tenant, type, caller, joined, left_at, state);

-- What a page says, without its markup: its headline, its facts, and its main figures.
CREATE FUNCTION pg_temp.says(page text) RETURNS TABLE (says text) LANGUAGE sql AS $$
    SELECT trim(regexp_replace(regexp_replace(line, '<[^>]*>', ' ', 'g'), '\s+', ' ', 'g'))
    FROM regexp_split_to_table(page, '\n') AS line
    WHERE line ~ '^<(h1|p class="notice"|h2|div><dt>(Tenants|Time|Records|Compared with)<|div class="tile")'
$$;
SELECT * FROM pg_temp.says(cdr_usage_page('2026-03-01', '2026-04-01'));
SELECT says FROM pg_temp.says(cdr_usage_page('2026-03-01', '2026-04-01', tenant => 'beta & co')) LIMIT 6;
SELECT says FROM pg_temp.says(cdr_usage_page('2026-03-02 09:30', '2026-03-02 09:30:01', time_zone => 'Asia/Kathmandu')) LIMIT 9;

-- Without one bound, or any; and by bounds that are none.
SELECT says FROM pg_temp.says(cdr_usage_page(NULL, '2026-03-11')) LIMIT 4;
SELECT says FROM pg_temp.says(cdr_usage_page('2026-03-02 09:20')) LIMIT 5;
SELECT says FROM pg_temp.says(cdr_usage_page('-infinity', 'infinity')) LIMIT 4;
SELECT says = to_char(date_trunc('month', now() AT TIME ZONE 'Pacific/Apia') - interval '1 month', 'FMMonth YYYY') AS last_month
FROM pg_temp.says(cdr_usage_page(time_zone => 'Pacific/Apia')) LIMIT 1;
SELECT says FROM pg_temp.says(cdr_usage_page(date_trunc('month', now()), date_trunc('month', now()) + interval '1 month')) WHERE says ~ 'over';

-- Nothing to show.
SELECT * FROM pg_temp.says(cdr_usage_page('2020-01-01', '2020-02-01'));
SELECT says FROM pg_temp.says(cdr_usage_page('2020-01-01', '2020-01-01'));
SELECT says FROM pg_temp.says(cdr_usage_page('infinity')) LIMIT 2;
-- One NOTICE, as of cdr_usage.
SET client_min_messages = 'notice';
SELECT says FROM pg_temp.says(cdr_usage_page('2026-03-01', '2026-04-01', tenant => 'ACME')) LIMIT 3;
SET client_min_messages = 'warning';

-- One file that needs nothing else: ASCII, without scripts and addresses, each id once.
SELECT page !~ '[^\n\x20-\x7e]' AS is_ascii, page !~* '<script|<link|<img|<iframe|<object|javascript:|https?://(?!www.w3.org/2000/svg")|url\((?!#)|@import| on[a-z]+=| style=' AS is_alone,
       page ~ '^<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta http-equiv="Content-Security-Policy" content="default-src ''none''; style-src ''unsafe-inline''">' AS begins_so,
       (SELECT count(*) = count(DISTINCT m[1]) FROM regexp_matches(page, ' id="([^"]*)"', 'g') AS m) AS ids_once,
       (SELECT bool_and(page ~ format(' id="%s"', id))
        FROM regexp_matches(page, ' aria-labelledby="([^"]*)"', 'g') AS m, unnest(string_to_array(m[1], ' ')) AS id) AS labels_exist
FROM cdr_usage_page('2026-03-01', '2026-04-01') AS page;

-- Some 400 points and no more, whatever the range.
SELECT range, (SELECT count(*) FROM regexp_matches(page, '<th scope="row">', 'g')) BETWEEN 1 AND 700 AS rows_are_few, length(page) < 300000 AS is_small
FROM (VALUES ('1 day'), ('7 days'), ('31 days'), ('92 days'), ('366 days'), ('5 years'), ('50 years'), ('1000 years'), ('6000 years')) AS v (range),
     LATERAL cdr_usage_page('2026-03-02'::timestamptz - range::interval / 2, '2026-03-02'::timestamptz + range::interval / 2) AS page;

-- Tenants: of the reader's only.
SET ROLE regress_page_acme;
SELECT says FROM pg_temp.says(cdr_usage_page('2026-03-01', '2026-04-01')) LIMIT 5;
SELECT cdr_usage_page('2026-03-01', '2026-04-01') ~ 'beta' AS sees_others;
SELECT says FROM pg_temp.says(cdr_usage_page('2026-03-01', '2026-04-01', tenant => 'beta & co')) LIMIT 4;
RESET ROLE;
\set VERBOSITY default
SET ROLE regress_page_none;
SELECT cdr_usage_page();
RESET ROLE;

-- Invalid input: as of cdr_usage.
SELECT cdr_usage_page('2026-04-01', '2026-03-01');
SELECT cdr_usage_page(time_zone => 'Mars/Olympus');
SELECT cdr_usage_page('never');

-- The same page in whatever session: settings, a search_path with objects of the same names, read-only.
CREATE SCHEMA regress_page;
CREATE FUNCTION regress_page.cdr_usage(timestamptz, timestamptz, interval, text, text, text) RETURNS TABLE (bucket_start timestamptz)
LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
CREATE VIEW regress_page.cdr_tenants AS SELECT 1 / 0 AS tenantname;
SELECT regexp_replace(public.cdr_usage_page('2026-03-01', '2026-04-01'), 'Written[^\n]*', '') AS page \gset
BEGIN READ ONLY;
SET LOCAL search_path = regress_page, public, pg_catalog;
SET LOCAL datestyle = 'German, DMY';
SET LOCAL intervalstyle = 'iso_8601';
SET LOCAL extra_float_digits = -15;
SELECT regexp_replace(public.cdr_usage_page('2026-03-01', '2026-04-01'), 'Written[^\n]*', '') = :'page' AS is_the_same;
COMMIT;
DROP SCHEMA regress_page CASCADE;

-- Objects of the same names beside the extension's.
CREATE FUNCTION cdr_usage(timestamptz, timestamptz, interval, text, text, text) RETURNS TABLE (bucket_start timestamptz)
LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
SELECT regexp_replace(public.cdr_usage_page('2026-03-01', '2026-04-01'), 'Written[^\n]*', '') = :'page' AS is_the_same;
DROP FUNCTION cdr_usage(timestamptz, timestamptz, interval, text, text, text);
BEGIN;
ALTER FUNCTION cdr_usage RENAME TO old_usage;
CREATE FUNCTION cdr_usage(timestamptz, timestamptz, interval, text, text, text, text[]) RETURNS TABLE (bucket_start timestamptz,
    bucket_end timestamptz, peak_participants bigint, peak_time timestamptz, average_participants float8, participant_minutes float8,
    legacy_minutes float8, peak_meetings bigint, meetings bigint, unique_callers bigint, joins bigint, attempts bigint, unknown_end bigint)
LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'not this one'; END $$;
SELECT cdr_usage_page();
ROLLBACK;
BEGIN;
ALTER VIEW cdr_tenants RENAME TO old_tenants;
CREATE VIEW cdr_tenants AS SELECT * FROM old_tenants;
SELECT cdr_usage_page('2026-03-01', '2026-04-01');
ROLLBACK;

SELECT cdr_revoke('regress_page_acme');
DROP ROLE regress_page_acme, regress_page_none;
TRUNCATE conferencecall2 RESTART IDENTITY;
