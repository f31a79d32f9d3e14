-- What every driver has to get from each step, read from the table without the extension's functions.

CREATE FUNCTION pg_temp.summary(from_month int, to_month int, tenant text) RETURNS text LANGUAGE sql AS $$
    SELECT format('%s records, CallIDs add up to %s', count(*), sum(CallID))
    FROM public.ConferenceCall2
    WHERE JoinTime >= make_timestamptz(2026, from_month, 1, 0, 0, 0, 'UTC')
        AND JoinTime < make_timestamptz(2026, to_month, 1, 0, 0, 0, 'UTC')
        AND TenantName = coalesce(tenant, TenantName)
$$;
SELECT pg_temp.summary(3, 4, 'acme.example.com') AS month_of_tenant, pg_temp.summary(3, 4, NULL) AS month,
       pg_temp.summary(1, 4, NULL) AS quarter,
       split_part(pg_temp.summary(1, 11, NULL), ',', 1) AS ten_months \gset

\echo ok records - :month_of_tenant
\echo ok binary - :month_of_tenant, in binary
SELECT 'ok values - ' || string_agg(
    concat_ws(' ', CallID, CallerName, to_char(JoinTime AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
              coalesce(to_char(LeaveTime AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), 'NULL'),
              coalesce(host(EndpointPublicIPAddress), 'NULL'), CallCompletionCode), '; ' ORDER BY CallID)
FROM ConferenceCall2 WHERE TenantName = 'types.example.com';
\echo ok stream - :quarter, in batches

-- The file, as PostgreSQL's own COPY writes it.
SELECT format('COPY (SELECT %s FROM ConferenceCall2 WHERE JoinTime >= %L AND JoinTime < %L ORDER BY JoinTime, CallID) TO STDOUT WITH (FORMAT csv, HEADER)',
              string_agg(format('%I AS %I', lower(name), name), ', ' ORDER BY nth),
              '2026-03-01 00:00Z', '2026-04-01 00:00Z') AS copy
FROM unnest((SELECT proargnames[4:] FROM pg_proc WHERE proname = 'export_cdr')) WITH ORDINALITY AS columns (name, nth) \gset
\o expected.csv
:copy;
\o
\set file `stat --format=%s expected.csv` ' bytes, MD5 ' `md5sum <expected.csv | cut -c 1-32`
\echo ok copy file - :file
\echo ok csv text - :file
\echo ok copy rows - :month

-- 65,000 records of this very table, some 20 MB, to be imported again: nothing changes.
\o import.csv
COPY (SELECT * FROM ConferenceCall2 ORDER BY JoinTime, CallID LIMIT 65000) TO STDOUT WITH (FORMAT csv, HEADER);
\o
\echo ok import - 20 MB: 0 inserted, 0 updated, 65000 unchanged, 0 rejected

\echo ok refusal - 54000
SELECT JoinTime AS fits, JoinTime::date AS midnight, JoinTime::date - 1 AS last_day
FROM ConferenceCall2 ORDER BY JoinTime, CallID OFFSET 65000 LIMIT 1 \gset
\echo ok hint - Narrow the range: the latest end_time that fits is '\'':fits'\'', and the latest midnight is '\'':midnight'\'' (through :last_day). Or split it with export_cdr_ranges.
\echo ok what fits - :fits
\echo ok cancel - 57014, then :month_of_tenant
\echo ok prepared - :ten_months, with a generic plan
