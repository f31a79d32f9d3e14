-- Usage figures: exact ones of buckets and groups, of meetings, and who is connected now. All read as
-- their caller, so they are open to all.

CREATE FUNCTION @extschema@.cdr_usage_support(internal)
RETURNS internal
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_usage_support';
COMMENT ON FUNCTION @extschema@.cdr_usage_support(internal) IS
    'Learns from the planner which columns of cdr_usage a query needs; not callable from SQL';
REVOKE ALL ON FUNCTION @extschema@.cdr_usage_support(internal) FROM PUBLIC;

-- PARALLEL RESTRICTED: it runs a query of its own.
CREATE FUNCTION @extschema@.cdr_usage(
    start_time timestamptz DEFAULT NULL,
    end_time timestamptz DEFAULT NULL,
    bucket interval DEFAULT '1 day',
    time_zone text DEFAULT NULL,
    tenant text DEFAULT NULL,
    group_by text DEFAULT NULL,
    endpoint_types text[] DEFAULT '{R,D,G,L}')
RETURNS TABLE (
    bucket_start timestamptz,
    bucket_end timestamptz,
    group_value text,
    peak_participants bigint,
    peak_time timestamptz,
    average_participants double precision,
    participant_minutes double precision,
    legacy_minutes double precision,
    peak_meetings bigint,
    meetings bigint,
    unique_callers bigint,
    joins bigint,
    attempts bigint,
    unknown_end bigint)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000 ROWS 365
SUPPORT @extschema@.cdr_usage_support
AS 'MODULE_PATHNAME', 'vidyo_cdr_usage';
COMMENT ON FUNCTION @extschema@.cdr_usage(timestamptz, timestamptz, interval, text, text, text, text[]) IS
    'Usage of start_time up to, but not including, end_time (NULL: no bound), clipped to buckets by the clock of time_zone (NULL: the session''s), of one tenant (NULL: of all that the caller may see), for each value of the field group_by (NULL: no groups), of these endpoint types (NULL: all; by default all but recorders). bucket is whole minutes that divide a day, 1 day, 7 days, 1, 3, 6 or 12 months, or NULL for the whole range. Exact, and not subject to vidyo_cdr.export_limit. Unknown arguments are 22023, more than 10000000 rows 54000, more memory than work_mem times hash_mem_multiplier 53200.';

CREATE FUNCTION @extschema@.cdr_meetings(
    start_time timestamptz DEFAULT NULL,
    end_time timestamptz DEFAULT NULL,
    tenant text DEFAULT NULL,
    endpoint_types text[] DEFAULT '{R,D,G,L}')
RETURNS TABLE (
    uniquecallid text,
    conferencename text,
    tenantname text,
    conferencetype text,
    roomtype text,
    roomowner text,
    started_at timestamptz,
    ended_at timestamptz,
    duration_minutes double precision,
    participants_now bigint,
    peak_participants bigint,
    peak_time timestamptz,
    unique_callers bigint,
    joins bigint,
    participant_minutes double precision,
    unknown_end bigint)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000 ROWS 1000
AS 'MODULE_PATHNAME', 'vidyo_cdr_meetings';
COMMENT ON FUNCTION @extschema@.cdr_meetings(timestamptz, timestamptz, text, text[]) IS
    'The meetings that started from start_time up to, but not including, end_time (NULL: no bound), each whole, of one tenant (NULL: of all that the caller may see) and these endpoint types (NULL: all; by default all but recorders), in order of started_at and uniquecallid. ended_at is NULL while somebody is there. Errors as cdr_usage.';

-- Not current_setting(), which knows the setting only once the library is loaded.
CREATE FUNCTION @extschema@.cdr_live_since()
RETURNS timestamptz
LANGUAGE c STABLE PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_live_since';
COMMENT ON FUNCTION @extschema@.cdr_live_since() IS
    'now() less vidyo_cdr.stale_after: open calls that joined earlier are taken for dead';

CREATE VIEW @extschema@.cdr_live WITH (security_invoker = true) AS
SELECT
    r.CallID,
    r.UniqueCallID,
    r.ConferenceName,
    r.TenantName,
    r.ConferenceType,
    r.ConferenceType_meaning,
    r.EndpointType,
    r.EndpointType_meaning,
    r.CallerID,
    r.CallerName,
    r.JoinTime,
    r.LeaveTime,
    r.CallState,
    r.CallState_meaning,
    r.Direction,
    r.Direction_meaning,
    r.RouterID,
    r.GwPrefix,
    r.GwID,
    r.ReferenceNumber,
    r.ApplicationName,
    r.ApplicationVersion,
    r.DeviceModel,
    r.EndpointPublicIPAddress,
    r.AccessType,
    r.AccessType_meaning,
    r.RoomType,
    r.RoomType_meaning,
    r.RoomOwner,
    r.ApplicationOS,
    r.CallCompletionCode,
    r.CallCompletionCode_meaning,
    r.EndpointGUID,
    r.Extension,
    r.duration_seconds,
    r.is_open,
    r.is_connected,
    r.is_person,
    r.jointime_local,
    r.leavetime_local,
    r.join_date,
    greatest(EXTRACT(EPOCH FROM pg_catalog.now()) - EXTRACT(EPOCH FROM r.JoinTime), 0)::double precision
        AS open_seconds
FROM @extschema@.cdr_report AS r
WHERE r.LeaveTime IS NULL
  AND r.CallState = 'IN PROGRESS'
  AND r.JoinTime >= @extschema@.cdr_live_since();
COMMENT ON VIEW @extschema@.cdr_live IS
    'Who is connected now, recorders included: the rows of cdr_report that are in progress without a LeaveTime, and no older than vidyo_cdr.stale_after';
COMMENT ON COLUMN @extschema@.cdr_live.CallID IS
    'CallID as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.UniqueCallID IS
    'UniqueCallID as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.ConferenceName IS
    'ConferenceName as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.TenantName IS
    'TenantName as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.ConferenceType IS
    'ConferenceType as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.ConferenceType_meaning IS
    'ConferenceType_meaning as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.EndpointType IS
    'EndpointType as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.EndpointType_meaning IS
    'EndpointType_meaning as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.CallerID IS
    'CallerID as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.CallerName IS
    'CallerName as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.JoinTime IS
    'JoinTime as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.LeaveTime IS
    'LeaveTime as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.CallState IS
    'CallState as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.CallState_meaning IS
    'CallState_meaning as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.Direction IS
    'Direction as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.Direction_meaning IS
    'Direction_meaning as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.RouterID IS
    'RouterID as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.GwPrefix IS
    'GwPrefix as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.GwID IS
    'GwID as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.ReferenceNumber IS
    'ReferenceNumber as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.ApplicationName IS
    'ApplicationName as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.ApplicationVersion IS
    'ApplicationVersion as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.DeviceModel IS
    'DeviceModel as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.EndpointPublicIPAddress IS
    'EndpointPublicIPAddress as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.AccessType IS
    'AccessType as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.AccessType_meaning IS
    'AccessType_meaning as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.RoomType IS
    'RoomType as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.RoomType_meaning IS
    'RoomType_meaning as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.RoomOwner IS
    'RoomOwner as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.ApplicationOS IS
    'ApplicationOS as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.CallCompletionCode IS
    'CallCompletionCode as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.CallCompletionCode_meaning IS
    'CallCompletionCode_meaning as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.EndpointGUID IS
    'EndpointGUID as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.Extension IS
    'Extension as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.duration_seconds IS
    'duration_seconds as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.is_open IS
    'is_open as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.is_connected IS
    'is_connected as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.is_person IS
    'is_person as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.jointime_local IS
    'jointime_local as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.leavetime_local IS
    'leavetime_local as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.join_date IS
    'join_date as in cdr_report';
COMMENT ON COLUMN @extschema@.cdr_live.open_seconds IS
    'now() minus JoinTime in seconds; 0 when the portal''s clock runs ahead';

-- Harmless: the view reads the table as its caller, who needs SELECT there as well.
GRANT SELECT ON @extschema@.cdr_live TO PUBLIC;
