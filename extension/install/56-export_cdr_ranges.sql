-- The ranges to export one after the other where one export would be over the limit.

CREATE FUNCTION @extschema@.export_cdr_ranges(
    start_time timestamptz DEFAULT NULL,
    end_time timestamptz DEFAULT NULL,
    tenant text DEFAULT NULL,
    max_records integer DEFAULT NULL)
RETURNS TABLE (
    part integer,
    start_time timestamptz,
    end_time timestamptz,
    records bigint)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000 ROWS 100
AS 'MODULE_PATHNAME', 'vidyo_cdr_export_ranges';
COMMENT ON FUNCTION @extschema@.export_cdr_ranges(timestamptz, timestamptz, text, integer) IS
    'Returns consecutive ranges that together are the one asked for, each as long as it can be with at most max_records records (NULL: vidyo_cdr.export_limit), and how many records each has. start_time, end_time and tenant are those of export_cdr, and each range can be passed back to it; bounds are returned as they were given. Without records there is one row with 0. Raises 54000 if one moment has more than max_records records, and 22023 if start_time is after end_time or max_records is not between 1 and the limit.';

