-- The portal's export as a function. Its columns carry the documented spelling of the field names,
-- because they become the header of the CSV file.

CREATE FUNCTION @extschema@.export_cdr_support(internal)
RETURNS internal
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_export_support';
COMMENT ON FUNCTION @extschema@.export_cdr_support(internal) IS
    'Planner support for export_cdr: estimates how many records it returns; not callable from SQL';
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
    'Returns the records with start_time <= JoinTime < end_time (NULL: no bound) of one tenant (NULL: all tenants that the caller may see), ordered by JoinTime and CallID. Raises 54000 before the first row if there are more than vidyo_cdr.export_limit records (at most 65000); the hint gives the latest end_time that fits. Raises 22023 if start_time is after end_time.';

