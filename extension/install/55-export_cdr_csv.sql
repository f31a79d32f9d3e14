-- The same export as the text of a CSV file, for clients that have no COPY.

CREATE FUNCTION @extschema@.export_cdr_csv(
    start_time timestamptz DEFAULT NULL,
    end_time timestamptz DEFAULT NULL,
    tenant text DEFAULT NULL,
    profile text DEFAULT 'raw',
    delimiter text DEFAULT ',',
    header boolean DEFAULT true)
RETURNS SETOF text
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000 ROWS 160
AS 'MODULE_PATHNAME', 'vidyo_cdr_export_csv';
COMMENT ON FUNCTION @extschema@.export_cdr_csv(timestamptz, timestamptz, text, text, text, boolean) IS
    'Returns the records of export_cdr(start_time, end_time, tenant) as a CSV file, in chunks of about 128 kB that contain whole records, each without its last line feed. profile: raw (as COPY writes it), portal (times without an offset in the session''s time zone, NULL written like empty text), spreadsheet (UTF-8 with a byte order mark, CRLF, portal times, NULL as nothing and empty text in quotes, text that a spreadsheet would run or change marked by an apostrophe; requires UTF8 in database and client). delimiter: a comma, a semicolon or a tab. NULL stands for an argument''s default. Limit and errors are those of export_cdr; raises 22023 for an unknown profile or delimiter.';

