-- Usage figures as a page to look at. It reads as its caller, so it is open to all.

-- PARALLEL RESTRICTED: it runs queries of its own.
CREATE FUNCTION @extschema@.cdr_usage_page(
    start_time timestamptz DEFAULT NULL,
    end_time timestamptz DEFAULT NULL,
    time_zone text DEFAULT NULL,
    tenant text DEFAULT NULL)
RETURNS text
LANGUAGE c STABLE PARALLEL RESTRICTED COST 100000
AS 'MODULE_PATHNAME', 'vidyo_cdr_usage_page';
COMMENT ON FUNCTION @extschema@.cdr_usage_page(timestamptz, timestamptz, text, text) IS
    'Usage of start_time up to, but not including, end_time (one of them NULL: no bound; both NULL: the last whole month), by the clock of time_zone (NULL: the session''s), of one tenant (NULL: of all that the caller may see), as an HTML page in one file, which is ASCII and needs nothing else. Figures are those of cdr_usage, and so are the errors.';
