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
    'The records of export_cdr(start_time, end_time, tenant) as a CSV file, in chunks of whole records of about 128 kB, each without its last line feed. profile: raw (as COPY writes it), portal (times without offset in the session''s zone, NULL and empty text alike), spreadsheet (UTF-8 with byte order mark, CRLF, portal times, NULL as nothing and empty text in quotes, guarded against formulas and changed values; needs UTF8 on both sides). delimiter: a comma, a semicolon or a tab. NULL stands for an argument''s default. Limit and errors as export_cdr; 22023 for an unknown profile or delimiter.';

