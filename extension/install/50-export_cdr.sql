-- The portal's export as a function. Its columns carry the documented spelling of the field names,
-- because they become the header of the CSV file.

CREATE FUNCTION @extschema@.export_cdr_support(internal)
RETURNS internal
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_export_support';
COMMENT ON FUNCTION @extschema@.export_cdr_support(internal) IS
    'Tells the planner how many records a call of export_cdr is likely to return; not callable from SQL';
REVOKE ALL ON FUNCTION @extschema@.export_cdr_support(internal) FROM PUBLIC;

-- PARALLEL RESTRICTED: it runs a query of its own. Open to all: it reads as its caller.
CREATE FUNCTION @extschema@.export_cdr(
    start_time timestamptz DEFAULT NULL,
    end_time timestamptz DEFAULT NULL,
    tenant text DEFAULT NULL)
RETURNS TABLE (
    "CallID" bigint,
    "UniqueCallID" text,
    "ConferenceName" text,
    "TenantName" text,
    "ConferenceType" @extschema@.cdr_conference_type,
    "EndpointType" @extschema@.cdr_endpoint_type,
    "CallerID" text,
    "CallerName" text,
    "JoinTime" timestamptz,
    "LeaveTime" timestamptz,
    "CallState" @extschema@.cdr_call_state,
    "Direction" @extschema@.cdr_direction,
    "RouterID" text,
    "GwPrefix" text,
    "GwID" text,
    "ReferenceNumber" text,
    "ApplicationName" text,
    "ApplicationVersion" text,
    "DeviceModel" text,
    "EndpointPublicIPAddress" inet,
    "AccessType" @extschema@.cdr_access_type,
    "RoomType" @extschema@.cdr_room_type,
    "RoomOwner" text,
    "ApplicationOS" text,
    "CallCompletionCode" @extschema@.cdr_completion_code,
    "EndpointGUID" text,
    "Extension" text)
LANGUAGE c STABLE PARALLEL RESTRICTED COST 10000 ROWS 65000
SUPPORT @extschema@.export_cdr_support
AS 'MODULE_PATHNAME', 'vidyo_cdr_export';
COMMENT ON FUNCTION @extschema@.export_cdr(timestamptz, timestamptz, text) IS
    'Records with start_time <= JoinTime < end_time (NULL: no bound) of one tenant (NULL: of all that the caller may see), in order of JoinTime and CallID. More than vidyo_cdr.export_limit records, at most 65000, are refused with SQLSTATE 54000 before the first row, and the hint names the largest end_time that fits; start_time after end_time is 22023.';

