-- The export as the text of a CSV file: its three forms in full, its chunks, and every refusal.
-- Carriage returns, tabs and the byte order mark are made visible.

SET client_min_messages = warning;
SET TimeZone = 'Europe/Amsterdam';
INSERT INTO conferencecall2
    (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, callername,
     jointime, leavetime, callstate, direction, endpointpublicipaddress, extension)
VALUES
    (1, '1234567890123456', '=1+1', 'acme', 'C', 'D', '+41 22 767', '2026-01-01 10:00Z',
     '2026-01-01 11:00:00.25Z', 'IN PROGRESS', 'I', '10.1.2.3', '0071'),
    (2, '123456789012345', '@SUM(A1)', 'acme', 'C', 'D', '-1', '2026-03-29 00:59:59Z',
     '2026-03-29 01:00Z', 'IN PROGRESS', 'I', '2001:db8::/32', '0'),
    (3, '''quoted''', 'a,=b', 'acme', 'C', 'D', E'a\tb\t+c', '2026-07-01Z', NULL, 'IN PROGRESS',
     'O', NULL, NULL),
    (1234567890123456, E'two\n-lines', 'x;@y', 'other "room"', 'C', 'D', '', '0044-03-15Z BC', NULL,
     'IN PROGRESS', 'O', NULL, ''),
    (-5, 'Zoë 日本', '＝1＋1', 'other', 'C', 'D', 'a=b', '9999-12-31 22:00Z', NULL, 'IN PROGRESS', 'O',
     NULL, '007 and more'),
    (6, '19.1.0.9085', '1/2', 'other', 'C', 'D', '3.10', '2026-07-02Z', NULL, 'IN PROGRESS', 'O',
     '192.168.100.200', 'Jan 5'),
    (7, 'TRUE', ' =1+1', 'other', 'C', 'D', 'x;"=1+1', '2026-07-02 01:00Z', NULL, 'IN PROGRESS', 'O',
     '192.168.1.200', E'two\r\nlines');

-- Each form in full.
CREATE FUNCTION visible(file text) RETURNS text LANGUAGE sql AS
    $$ SELECT replace(replace(replace(file, E'\r', '<CR>'), E'\t', '<TAB>'), E'\uFEFF', '<BOM>') $$;
\pset format unaligned
\pset tuples_only on
SELECT visible(export_cdr_csv());
SELECT visible(export_cdr_csv(profile => 'portal'));
SELECT visible(export_cdr_csv(profile => 'spreadsheet'));
SELECT visible(export_cdr_csv(tenant => 'acme', profile => 'raw', delimiter => ';'));
SELECT visible(export_cdr_csv(tenant => 'acme', profile => 'portal', delimiter => E'\t'));
SELECT visible(export_cdr_csv(tenant => 'acme', profile => 'spreadsheet', delimiter => ';'));
SELECT visible(export_cdr_csv(tenant => 'acme', profile => 'spreadsheet', header => false));

-- raw is what COPY writes.
COPY (SELECT * FROM export_cdr()) TO STDOUT (FORMAT csv, HEADER);

-- NULL stands for an argument's default.
SELECT count(DISTINCT file) FROM (
    SELECT export_cdr_csv() AS file
    UNION ALL SELECT export_cdr_csv(NULL, NULL, NULL, NULL, NULL, NULL)) AS files;

-- A header alone, and no row when there is nothing at all to write.
SELECT export_cdr_csv(tenant => 'nobody');
SELECT count(*) FROM export_cdr_csv(tenant => 'nobody', header => false);

-- In FROM, joined, in LIMIT, twice in one query, and through a cursor that is closed early.
SELECT count(*), sum(length(file)) > 0 FROM export_cdr_csv() AS file;
SELECT n, count(*) FROM generate_series(1, 3) AS n, export_cdr_csv(tenant => 'acme') GROUP BY n ORDER BY n;
SELECT length(export_cdr_csv()) > 0 LIMIT 1;
SELECT length(export_cdr_csv()) > 0 LIMIT 0;
SELECT export_cdr_csv(header => false) = export_cdr_csv(header => false);
BEGIN;
DECLARE files CURSOR FOR SELECT length(export_cdr_csv()) > 0;
FETCH 1 FROM files;
CLOSE files;
ROLLBACK;

-- Many records come in chunks of whole lines, and the chunks make the file.
INSERT INTO conferencecall2
    (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
     callstate, direction)
SELECT 1000 + i, i, repeat('long name ', 10), 'many', 'C', 'D', '2026-05-01Z'::timestamptz + i * interval '1 s',
    'IN PROGRESS', 'I'
FROM generate_series(1, 5000) AS i;
SELECT count(*) > 3, max(length(file)) <= 131072, bool_and(file LIKE '%,'), bool_and(file ~ '^\d+,\d+,long'),
    sum(length(file) - length(replace(file, E'\n', '')) + 1)
FROM export_cdr_csv(tenant => 'many', header => false) AS file;
SELECT count(*) FROM (SELECT export_cdr_csv(tenant => 'many') LIMIT 2) AS begun;

-- Invalid input: more than the limit gives no chunk, not even the header.
SET vidyo_cdr.export_limit = 4999;
SELECT length(export_cdr_csv(tenant => 'many'));
RESET vidyo_cdr.export_limit;


-- Invalid input: unknown profile.
SELECT export_cdr_csv(profile => 'excel');
SELECT export_cdr_csv(profile => '');
SELECT export_cdr_csv(profile => 'Raw');
-- Invalid input: unknown delimiter.
SELECT export_cdr_csv(delimiter => '|');
SELECT export_cdr_csv(delimiter => '');
SELECT export_cdr_csv(delimiter => ',,');
-- Invalid input: start after end.
SELECT export_cdr_csv('2026-02-01', '2026-01-01');
-- Invalid input: the spreadsheet form for a client with another encoding.
SET client_encoding = 'LATIN1';
SELECT export_cdr_csv(profile => 'spreadsheet');
RESET client_encoding;

-- SQLSTATE
\set VERBOSITY sqlstate
SELECT export_cdr_csv(profile => 'excel');
SELECT export_cdr_csv(delimiter => '|');
SELECT export_cdr_csv('2026-02-01', '2026-01-01');
SET client_encoding = 'LATIN1';
SELECT export_cdr_csv(profile => 'spreadsheet');
RESET client_encoding;
SET vidyo_cdr.export_limit = 1;
SELECT export_cdr_csv();
\set VERBOSITY default

RESET vidyo_cdr.export_limit;
DROP FUNCTION visible(text);
TRUNCATE conferencecall2 RESTART IDENTITY;
