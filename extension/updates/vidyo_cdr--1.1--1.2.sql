-- From version 1.1: closes the holes that attacks and daily use have shown.
\echo Use "ALTER EXTENSION vidyo_cdr UPDATE TO '1.2'" to load this file. \quit

-- What usage figures look for among the records that joined long before a range: those that lasted more
-- than a day. Their difference as an interval could be out of range.
CREATE INDEX conferencecall2_long_idx
    ON @extschema@.ConferenceCall2 (JoinTime)
    WHERE pg_catalog.date_part('epoch', pg_catalog.timezone('UTC', LeaveTime))
        - pg_catalog.date_part('epoch', pg_catalog.timezone('UTC', JoinTime)) > 86400;
COMMENT ON INDEX @extschema@.conferencecall2_long_idx IS
    'The calls that lasted more than a day';

-- The duration of extreme times, and what report writers compute.
CREATE OR REPLACE VIEW @extschema@.cdr_report WITH (security_invoker = true) AS
SELECT
    c.CallID,
    c.UniqueCallID,
    c.ConferenceName,
    c.TenantName,
    c.ConferenceType::text AS ConferenceType,
    CASE c.ConferenceType::text
        WHEN 'D' THEN 'Call between two parties'
        WHEN 'C' THEN 'Conference'
        WHEN 'ID' THEN 'Call between two parties on different portals'
        WHEN 'IC' THEN 'Conference across portals'
    END AS ConferenceType_meaning,
    c.EndpointType::text AS EndpointType,
    CASE c.EndpointType::text
        WHEN 'R' THEN 'VidyoRoom system'
        WHEN 'D' THEN 'VidyoDesktop client'
        WHEN 'G' THEN 'Guest'
        WHEN 'L' THEN 'Legacy endpoint through VidyoGateway'
        WHEN 'C' THEN 'Recorder (VidyoReplay or VidyoRecorder)'
    END AS EndpointType_meaning,
    c.CallerID,
    c.CallerName,
    c.JoinTime,
    c.LeaveTime,
    c.CallState::text AS CallState,
    CASE c.CallState::text
        WHEN 'RINGING' THEN 'The caller''s side is ringing the other side'
        WHEN 'RING ACCEPTED' THEN 'The callee has accepted; the conference has not begun yet'
        WHEN 'RING REJECTED' THEN 'The callee did not accept'
        WHEN 'RING NO ANSWER' THEN 'Nobody answered in time'
        WHEN 'RING CANCELLED' THEN 'The caller gave up while ringing'
        WHEN 'ALERTING' THEN 'The callee is told of an incoming call'
        WHEN 'ALERT CANCELLED' THEN 'The caller withdrew the call while the callee was told of it'
        WHEN 'IN PROGRESS' THEN 'The call is going on'
        WHEN 'COMPLETED' THEN 'The call has ended'
    END AS CallState_meaning,
    c.Direction::text AS Direction,
    CASE c.Direction::text
        WHEN 'I' THEN 'Inbound'
        WHEN 'O' THEN 'Outbound'
    END AS Direction_meaning,
    c.RouterID,
    c.GwPrefix,
    c.GwID,
    c.ReferenceNumber,
    c.ApplicationName,
    c.ApplicationVersion,
    c.DeviceModel,
    c.EndpointPublicIPAddress,
    c.AccessType::text AS AccessType,
    CASE c.AccessType::text
        WHEN 'U' THEN 'Registered user'
        WHEN 'G' THEN 'Guest'
        WHEN 'L' THEN 'Legacy endpoint through VidyoGateway'
        WHEN 'R' THEN 'Recorder (VidyoReplay or VidyoRecorder)'
    END AS AccessType_meaning,
    c.RoomType::text AS RoomType,
    CASE c.RoomType::text
        WHEN 'M' THEN 'Private room of a registered member'
        WHEN 'P' THEN 'Public room'
        WHEN 'S' THEN 'Scheduled room'
    END AS RoomType_meaning,
    c.RoomOwner,
    c.ApplicationOS,
    c.CallCompletionCode::smallint AS CallCompletionCode,
    CASE c.CallCompletionCode::smallint
        WHEN 0 THEN 'No reason is known'
        WHEN 1 THEN 'The user hung up'
        WHEN 2 THEN 'An admin, an operator or the room''s owner ended the call'
        WHEN 3 THEN 'The network failed between endpoint and VidyoManager'
    END AS CallCompletionCode_meaning,
    c.EndpointGUID,
    c.Extension,
    -- Not computed from their difference, which can be too large for an interval.
    (EXTRACT(EPOCH FROM c.LeaveTime) - EXTRACT(EPOCH FROM c.JoinTime))::double precision
        AS duration_seconds,
    (c.LeaveTime IS NULL AND c.CallState::text NOT IN (
        'COMPLETED', 'RING REJECTED', 'RING NO ANSWER', 'RING CANCELLED', 'ALERT CANCELLED'))
        AS is_open,
    c.CallState::text IN ('IN PROGRESS', 'COMPLETED') AS is_connected,
    c.EndpointType::text <> 'C' AS is_person,
    -- Not at the ends of what timestamps can be, where the clock may show what none can.
    CASE WHEN c.JoinTime BETWEEN '4713-01-01 00:00+00 BC' AND '294276-01-01 00:00+00'
        THEN c.JoinTime::timestamp END AS jointime_local,
    CASE WHEN c.LeaveTime BETWEEN '4713-01-01 00:00+00 BC' AND '294276-01-01 00:00+00'
        THEN c.LeaveTime::timestamp END AS leavetime_local,
    c.JoinTime::date AS join_date
FROM @extschema@.ConferenceCall2 AS c;
COMMENT ON COLUMN @extschema@.cdr_report.is_connected IS
    'True for a participant that was there, false for an attempt that never connected';
COMMENT ON COLUMN @extschema@.cdr_report.is_person IS
    'False for a recorder';
COMMENT ON COLUMN @extschema@.cdr_report.jointime_local IS
    'JoinTime by the clock of the session''s TimeZone, for tools that know no times with a zone';
COMMENT ON COLUMN @extschema@.cdr_report.leavetime_local IS
    'LeaveTime by the clock of the session''s TimeZone';
COMMENT ON COLUMN @extschema@.cdr_report.join_date IS
    'Date of JoinTime in the session''s TimeZone';

COMMENT ON FUNCTION @extschema@.export_cdr_csv(timestamptz, timestamptz, text, text, text, boolean) IS
    'Returns the records of export_cdr(start_time, end_time, tenant) as a CSV file, in chunks of about 128 kB that contain whole records, each without its last line feed. profile: raw (as COPY writes it), portal (times without an offset in the session''s time zone, NULL written like empty text), spreadsheet (UTF-8 with a byte order mark, CRLF, portal times, NULL as nothing and empty text in quotes, text that a spreadsheet would run or change marked by an apostrophe; requires UTF8 in database and client). delimiter: a comma, a semicolon or a tab. NULL stands for an argument''s default. Limit and errors are those of export_cdr; raises 22023 for an unknown profile or delimiter.';

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

ALTER TABLE @extschema@.cdr_import ADD COLUMN purged bigint NOT NULL DEFAULT 0;
COMMENT ON COLUMN @extschema@.cdr_import.purged IS
    'Records that were left out because their calls have been purged; see cdr_purge';
COMMENT ON FUNCTION @extschema@.import_cdr(text, text, text) IS
    'Imports the text of a CSV file that the portal or export_cdr wrote, and returns how many records were new, changed a stored record, changed nothing, or were rejected and stored in cdr_import_reject. Times without an offset are read in time_zone, by default the session''s. profile: raw, portal or spreadsheet. NULL stands for an argument''s default. Raises 22P04 if the text is not such a CSV file, and 22023 for an unknown time zone or profile.';
COMMENT ON FUNCTION @extschema@.import_cdr_file(text, text, text, text) IS
    'Imports a CSV file on the server as import_cdr imports a text, for members of pg_read_server_files. encoding is that of the file, by default UTF8. Raises 22021 with the line number if the file is not valid in that encoding.';
COMMENT ON PROCEDURE @extschema@.sync_cdr(regclass, text, integer) IS
    'Imports what is new in a relation with the portal''s columns, such as a foreign table of mysql_fdw: calls above the highest CallID that was read before, CallIDs that were missing, records that were rejected, and changes to calls that are open here. Times without an offset are read in time_zone. Commits after each batch_size CallIDs, 1 to 1000000 (NULL: 10000); raises 25001 inside a transaction block.';

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

-- The entries can be published, and a subscriber's sessions notice changes: logical replication fires
-- no statement triggers except for TRUNCATE.
ALTER TABLE @extschema@.cdr_role_access REPLICA IDENTITY FULL;
DROP TRIGGER cdr_role_access_changed ON @extschema@.cdr_role_access;
CREATE TRIGGER cdr_role_access_changed
    AFTER INSERT OR UPDATE OR DELETE ON @extschema@.cdr_role_access
    FOR EACH ROW EXECUTE FUNCTION @extschema@.cdr_role_access_changes();
CREATE TRIGGER cdr_role_access_truncated
    AFTER TRUNCATE ON @extschema@.cdr_role_access
    FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.cdr_role_access_changes();
ALTER TABLE @extschema@.cdr_role_access ENABLE ALWAYS TRIGGER cdr_role_access_changed;
ALTER TABLE @extschema@.cdr_role_access ENABLE ALWAYS TRIGGER cdr_role_access_truncated;
COMMENT ON TRIGGER cdr_role_access_changed ON @extschema@.cdr_role_access IS
    'Makes all sessions reload the entries';
COMMENT ON TRIGGER cdr_role_access_truncated ON @extschema@.cdr_role_access IS
    'Makes all sessions reload the entries';

-- Access to purge old records.
ALTER TABLE @extschema@.cdr_role_access
    DROP CONSTRAINT cdr_role_access_known,
    ADD CONSTRAINT cdr_role_access_known CHECK (access IN ('tenant', 'all tenants', 'import', 'purge'));
COMMENT ON CONSTRAINT cdr_role_access_known ON @extschema@.cdr_role_access IS
    'access must be one of the four kinds';
COMMENT ON INDEX @extschema@.cdr_role_access_other_idx IS
    'A role has one entry each for all tenants, import and purge';
CREATE FUNCTION @extschema@.cdr_grant_purge(role regrole)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000
AS 'MODULE_PATHNAME', 'vidyo_cdr_grant_purge';
COMMENT ON FUNCTION @extschema@.cdr_grant_purge(regrole) IS
    'Lets a role and its members purge old records of all tenants, and therefore see them all';
REVOKE ALL ON FUNCTION @extschema@.cdr_grant_purge(regrole) FROM PUBLIC;
CREATE FUNCTION @extschema@.cdr_may_purge()
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_may_purge';
COMMENT ON FUNCTION @extschema@.cdr_may_purge() IS
    'Whether the current role has been granted purge access';
CREATE POLICY cdr_purge_delete ON @extschema@.ConferenceCall2
    FOR DELETE USING (@extschema@.cdr_may_purge());
COMMENT ON POLICY cdr_purge_delete ON @extschema@.ConferenceCall2 IS
    'Roles with purge access delete records';

-- The policy on ConferenceCall2 gets a function of its own, and cdr_sees_tenant always checks the current
-- role's access: a view that called it showed what the view's owner sees.

-- The role that a policy checks. Only the extension's scripts and the planner can write its values:
-- anyone else who could would find out what others see.
CREATE TYPE @extschema@.cdr_policy_role;
CREATE FUNCTION @extschema@.cdr_policy_role_in(cstring)
RETURNS @extschema@.cdr_policy_role
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_policy_role_in';
CREATE FUNCTION @extschema@.cdr_policy_role_out(@extschema@.cdr_policy_role)
RETURNS cstring
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_policy_role_out';
CREATE TYPE @extschema@.cdr_policy_role (
    INPUT = @extschema@.cdr_policy_role_in,
    OUTPUT = @extschema@.cdr_policy_role_out,
    INTERNALLENGTH = 4,
    PASSEDBYVALUE,
    ALIGNMENT = int4);
COMMENT ON TYPE @extschema@.cdr_policy_role IS
    'The role that a policy checks; values cannot be written in a query (42501)';
COMMENT ON FUNCTION @extschema@.cdr_policy_role_in(cstring) IS
    'Reads the role of a policy in the extension''s scripts; raises 42501 elsewhere';
COMMENT ON FUNCTION @extschema@.cdr_policy_role_out(@extschema@.cdr_policy_role) IS
    'Writes the role that a policy checks, as EXPLAIN shows it';

CREATE FUNCTION @extschema@.cdr_policy_support(internal)
RETURNS internal
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_policy_support';
COMMENT ON FUNCTION @extschema@.cdr_policy_support(internal) IS
    'Planner support for the policy on ConferenceCall2: whether the reader sees all tenants, and which role to check in a view; not callable from SQL';
REVOKE ALL ON FUNCTION @extschema@.cdr_policy_support(internal) FROM PUBLIC;

-- A view reads with its owner's privileges. PostgreSQL uses the policies that apply to the owner, but
-- runs their functions as the reader of the view, so the planner puts the owner into this call.
CREATE FUNCTION @extschema@.cdr_policy_sees_tenant(tenant text, role @extschema@.cdr_policy_role)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
SUPPORT @extschema@.cdr_policy_support
AS 'MODULE_PATHNAME', 'vidyo_cdr_policy_sees_tenant';
COMMENT ON FUNCTION @extschema@.cdr_policy_sees_tenant(text, @extschema@.cdr_policy_role) IS
    'For the policy on ConferenceCall2 only: whether the current role, or the owner of the view that is read, has been granted access to the records of a tenant';
ALTER POLICY cdr_tenants ON @extschema@.ConferenceCall2
    USING (@extschema@.cdr_policy_sees_tenant(TenantName, 'current role'));
DROP FUNCTION @extschema@.cdr_view_owner_sees_tenant(text, oid);
CREATE OR REPLACE FUNCTION @extschema@.cdr_sees_tenant(tenant text)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_sees_tenant';
DROP FUNCTION @extschema@.cdr_sees_tenant_support(internal);

-- The tenants that the caller sees.

CREATE FUNCTION @extschema@.cdr_granted_tenants()
RETURNS text[]
LANGUAGE c STABLE PARALLEL RESTRICTED COST 100
AS 'MODULE_PATHNAME', 'vidyo_cdr_granted_tenants';
COMMENT ON FUNCTION @extschema@.cdr_granted_tenants() IS
    'The tenants to which the current role has access if it sees the records of no others; NULL if it may see more';

-- A role that sees everything goes from each name to the next. With row security that would step over
-- every hidden record, so a role that sees only some tenants looks these up. "= ANY", with the name in
-- ORDER BY, makes the planner use the tenants' index: with "=" it might search the index by time.
CREATE VIEW @extschema@.cdr_tenants WITH (security_invoker = true) AS
WITH RECURSIVE walk (TenantName) AS (
    (SELECT c.TenantName
     FROM @extschema@.ConferenceCall2 AS c
     WHERE @extschema@.cdr_granted_tenants() IS NULL
     ORDER BY c.TenantName LIMIT 1)
    UNION ALL
    SELECT (SELECT c.TenantName
            FROM @extschema@.ConferenceCall2 AS c
            WHERE c.TenantName > w.TenantName
            ORDER BY c.TenantName LIMIT 1)
    FROM walk AS w
    WHERE w.TenantName IS NOT NULL
), named (TenantName) AS (
    SELECT w.TenantName FROM walk AS w WHERE w.TenantName IS NOT NULL
    UNION ALL
    SELECT g.TenantName FROM pg_catalog.unnest(@extschema@.cdr_granted_tenants()) AS g (TenantName)
)
SELECT n.TenantName, first.JoinTime AS first_jointime, last.JoinTime AS last_jointime
FROM named AS n,
     LATERAL (SELECT c.JoinTime
              FROM @extschema@.ConferenceCall2 AS c
              WHERE c.TenantName = ANY (ARRAY[n.TenantName])
              ORDER BY c.TenantName, c.JoinTime LIMIT 1) AS first,
     LATERAL (SELECT c.JoinTime
              FROM @extschema@.ConferenceCall2 AS c
              WHERE c.TenantName = ANY (ARRAY[n.TenantName])
              ORDER BY c.TenantName DESC, c.JoinTime DESC LIMIT 1) AS last;

COMMENT ON VIEW @extschema@.cdr_tenants IS
    'The tenants whose records the reader sees, with the times of their first and last record; as fast in a large table as in a small one';
COMMENT ON COLUMN @extschema@.cdr_tenants.TenantName IS
    'Name of the tenant, as spelled in its records';
COMMENT ON COLUMN @extschema@.cdr_tenants.first_jointime IS
    'JoinTime of the tenant''s first record';
COMMENT ON COLUMN @extschema@.cdr_tenants.last_jointime IS
    'JoinTime of the tenant''s last record';

-- Harmless: the view reads the table as its caller, who needs SELECT there as well.
GRANT SELECT ON @extschema@.cdr_tenants TO PUBLIC;

-- Purging old records, and what has been purged, which imports and feeds do not bring back.

-- src/import/purges.cpp knows the columns by their order.
CREATE TABLE @extschema@.cdr_purge (
    purge_id         bigint GENERATED BY DEFAULT AS IDENTITY,
    before           timestamptz NOT NULL,
    tenant           text,
    purged_by        text NOT NULL DEFAULT CURRENT_USER,
    started_at       timestamptz NOT NULL DEFAULT pg_catalog.now(),
    purged_to        timestamptz,
    purged_to_callid bigint,
    records          bigint NOT NULL DEFAULT 0,
    oldest           timestamptz,
    newest           timestamptz,
    rejects          bigint NOT NULL DEFAULT 0,
    still_open       bigint,
    finished_at      timestamptz,
    forgotten_at     timestamptz,
    forgotten_by     text,
    CONSTRAINT cdr_purge_pkey PRIMARY KEY (purge_id),
    CONSTRAINT cdr_purge_times_are_finite
        CHECK (pg_catalog.isfinite(before) AND pg_catalog.isfinite(purged_to))
);

SELECT pg_catalog.pg_extension_config_dump('@extschema@.cdr_purge', '');
SELECT pg_catalog.pg_extension_config_dump('@extschema@.cdr_purge_purge_id_seq', '');

COMMENT ON TABLE @extschema@.cdr_purge IS
    'Purges: what was removed, when and by whom. An import or feed leaves out a record of a purge if its CallID is not stored';
COMMENT ON SEQUENCE @extschema@.cdr_purge_purge_id_seq IS 'Numbers the purges';
COMMENT ON COLUMN @extschema@.cdr_purge.purge_id IS 'Number of the purge';
COMMENT ON COLUMN @extschema@.cdr_purge.before IS
    'The purge was for records that joined before this moment';
COMMENT ON COLUMN @extschema@.cdr_purge.tenant IS
    'The tenant whose records were purged; NULL for all tenants';
COMMENT ON COLUMN @extschema@.cdr_purge.purged_by IS 'The role that ran the purge';
COMMENT ON COLUMN @extschema@.cdr_purge.started_at IS 'When the purge began';
COMMENT ON COLUMN @extschema@.cdr_purge.purged_to IS
    'How far the purge has come: all that joined before this moment is purged. NULL before the first batch; as before once the purge has finished';
COMMENT ON COLUMN @extschema@.cdr_purge.purged_to_callid IS
    'What joined at purged_to is purged up to this CallID; NULL once the purge has finished';
COMMENT ON COLUMN @extschema@.cdr_purge.records IS
    'Records that were removed, so far while the purge is running';
COMMENT ON COLUMN @extschema@.cdr_purge.oldest IS 'JoinTime of the oldest removed record';
COMMENT ON COLUMN @extschema@.cdr_purge.newest IS 'JoinTime of the newest removed record';
COMMENT ON COLUMN @extschema@.cdr_purge.rejects IS
    'Rejected records that were removed from cdr_import_reject';
COMMENT ON COLUMN @extschema@.cdr_purge.still_open IS
    'Records that stayed because their calls were still open; NULL until the purge has finished';
COMMENT ON COLUMN @extschema@.cdr_purge.finished_at IS
    'When the purge finished; NULL while it is running, and if it was interrupted';
COMMENT ON COLUMN @extschema@.cdr_purge.forgotten_at IS
    'When cdr_forget_purge let the records be imported again';
COMMENT ON COLUMN @extschema@.cdr_purge.forgotten_by IS
    'The role that called cdr_forget_purge';
COMMENT ON CONSTRAINT cdr_purge_times_are_finite ON @extschema@.cdr_purge IS
    'before and purged_to are finite';
COMMENT ON CONSTRAINT cdr_purge_pkey ON @extschema@.cdr_purge IS 'purge_id identifies a purge';
COMMENT ON INDEX @extschema@.cdr_purge_pkey IS 'Finds a purge by its number';

CREATE PROCEDURE @extschema@.purge_cdr(
    before timestamptz,
    tenant text DEFAULT NULL,
    dry_run boolean DEFAULT false,
    batch_size integer DEFAULT 10000,
    with_rejects boolean DEFAULT false,
    INOUT records bigint DEFAULT NULL,
    INOUT oldest timestamptz DEFAULT NULL,
    INOUT newest timestamptz DEFAULT NULL,
    INOUT still_open bigint DEFAULT NULL,
    INOUT rejects bigint DEFAULT NULL)
LANGUAGE c
AS 'MODULE_PATHNAME', 'vidyo_cdr_purge';
COMMENT ON PROCEDURE @extschema@.purge_cdr(timestamptz, text, boolean, integer, boolean, bigint, timestamptz, timestamptz, bigint, bigint) IS
    'Removes the records with JoinTime < before of one tenant (NULL: of all), oldest first, except calls that are open and no older than vidyo_cdr.stale_after, and notes in cdr_purge that imports leave them out from then on. with_rejects removes what was rejected before that moment, too. dry_run only counts. Returns how many records were removed, the oldest and newest JoinTime of these, how many stayed because they are open, and how many rejects were removed. Commits after each batch_size records, 1 to 1000000 (NULL: 10000); raises 25001 inside a transaction block, 22023 if before is NULL, infinite or later than now.';
REVOKE ALL ON PROCEDURE @extschema@.purge_cdr(timestamptz, text, boolean, integer, boolean, bigint, timestamptz, timestamptz, bigint, bigint) FROM PUBLIC;

CREATE FUNCTION @extschema@.cdr_forget_purge(purge_id bigint)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000
AS 'MODULE_PATHNAME', 'vidyo_cdr_forget_purge';
COMMENT ON FUNCTION @extschema@.cdr_forget_purge(bigint) IS
    'Lets imports bring back what a purge removed, as far as no other purge covers it; raises 22023 if there is no such purge';
REVOKE ALL ON FUNCTION @extschema@.cdr_forget_purge(bigint) FROM PUBLIC;

-- The drop guard checks every table of the extension, and the tables that inherit from one.
COMMENT ON FUNCTION @extschema@.cdr_guard_drop() IS
    'Loads the library before a command that could drop the extension, so that the library can refuse the command (2BP01) while a table of the extension, or one that inherits from it, has rows, unless vidyo_cdr.allow_drop is on';
COMMENT ON EVENT TRIGGER vidyo_cdr_guard_drop IS
    'Prevents dropping the extension while its tables, or tables that inherit from them, have rows';

-- The comments on earlier objects, in other words.
COMMENT ON DOMAIN @extschema@.cdr_conference_type IS
    'Codes of ConferenceType: D, C, ID, IC; see cdr_codes for their meanings';
COMMENT ON DOMAIN @extschema@.cdr_endpoint_type IS
    'Codes of EndpointType: R, D, G, L, C; see cdr_codes for their meanings';
COMMENT ON DOMAIN @extschema@.cdr_call_state IS
    'The nine values of CallState, in capitals; see cdr_codes for their meanings';
COMMENT ON DOMAIN @extschema@.cdr_direction IS
    'Codes of Direction: I, O; see cdr_codes for their meanings';
COMMENT ON DOMAIN @extschema@.cdr_access_type IS
    'Codes of AccessType: U, G, L, R; see cdr_codes for their meanings';
COMMENT ON DOMAIN @extschema@.cdr_room_type IS
    'Codes of RoomType: M, P, S; see cdr_codes for their meanings';
COMMENT ON DOMAIN @extschema@.cdr_completion_code IS
    'Codes of CallCompletionCode: 0, 1, 2, 3; see cdr_codes for their meanings';
COMMENT ON SEQUENCE @extschema@.conferencecall2_callid_seq IS
    'Generates the CallID of records that come without one';
COMMENT ON COLUMN @extschema@.ConferenceCall2.CallID IS
    'Number of the record, increasing in order of insertion; taken from the portal, or generated by the sequence';
COMMENT ON COLUMN @extschema@.ConferenceCall2.UniqueCallID IS
    'Identifies one run of a conference; shared by all its participants; usually 16 digits, stored as text because a spreadsheet would round a number';
COMMENT ON COLUMN @extschema@.ConferenceCall2.TenantName IS
    'Name of the tenant to which the call belongs';
COMMENT ON COLUMN @extschema@.ConferenceCall2.ConferenceType IS
    'Two-party call or conference, within the portal or between portals; see cdr_codes';
COMMENT ON COLUMN @extschema@.ConferenceCall2.EndpointType IS
    'Kind of endpoint that took part; see cdr_codes';
COMMENT ON COLUMN @extschema@.ConferenceCall2.CallerID IS
    'Login of the caller; the extension number of a legacy endpoint, Guest for a guest, or empty if unknown';
COMMENT ON COLUMN @extschema@.ConferenceCall2.JoinTime IS
    'When the participant joined; exports select their range by it';
COMMENT ON COLUMN @extschema@.ConferenceCall2.CallState IS
    'State of the call; see cdr_codes';
COMMENT ON COLUMN @extschema@.ConferenceCall2.Direction IS
    'Inbound or outbound; see cdr_codes';
COMMENT ON COLUMN @extschema@.ConferenceCall2.GwPrefix IS
    'Service prefix of the gateway or recorder; NULL if none took part';
COMMENT ON COLUMN @extschema@.ConferenceCall2.GwID IS
    'VidyoGateway that took part; NULL if none did';
COMMENT ON COLUMN @extschema@.ConferenceCall2.ReferenceNumber IS
    'Digits that the client application passed when joining; usually empty';
COMMENT ON COLUMN @extschema@.ConferenceCall2.DeviceModel IS
    'Device model, as reported; can contain commas';
COMMENT ON COLUMN @extschema@.ConferenceCall2.EndpointPublicIPAddress IS
    'Public IPv4 or IPv6 address of the endpoint; NULL where the portal has an empty string';
COMMENT ON COLUMN @extschema@.ConferenceCall2.AccessType IS
    'How the participant joined; see cdr_codes; NULL where the portal has an empty string';
COMMENT ON COLUMN @extschema@.ConferenceCall2.RoomType IS
    'Kind of room; see cdr_codes; NULL where the portal has an empty string';
COMMENT ON COLUMN @extschema@.ConferenceCall2.RoomOwner IS
    'Login of the room''s owner; can be empty';
COMMENT ON COLUMN @extschema@.ConferenceCall2.CallCompletionCode IS
    'Why the call ended; see cdr_codes; 0 if the reason is not known';
COMMENT ON COLUMN @extschema@.ConferenceCall2.Extension IS
    'Extension number; in every portal''s table, although not in the published list of fields';
COMMENT ON CONSTRAINT conferencecall2_times_are_finite ON @extschema@.ConferenceCall2 IS
    'JoinTime and LeaveTime are finite';
COMMENT ON INDEX @extschema@.conferencecall2_jointime_idx IS
    'Gives the order of an export of all tenants';
COMMENT ON INDEX @extschema@.conferencecall2_tenantname_idx IS
    'Gives the order of an export of one tenant';
COMMENT ON INDEX @extschema@.conferencecall2_open_idx IS
    'Finds the calls that are still open';
COMMENT ON VIEW @extschema@.cdr_codes IS
    'Every code of the coded fields of ConferenceCall2, with its meaning';
COMMENT ON COLUMN @extschema@.cdr_codes.code IS
    'The code as text, even if the field is a number';
COMMENT ON VIEW @extschema@.cdr_report IS
    'ConferenceCall2 with plain types, the meaning of each code, the duration and whether the call is open; shows only the records that the reader may see';
COMMENT ON COLUMN @extschema@.cdr_report.duration_seconds IS
    'LeaveTime minus JoinTime in seconds; NULL while LeaveTime is NULL';
COMMENT ON FUNCTION @extschema@.export_cdr_support(internal) IS
    'Planner support for export_cdr: estimates how many records it returns; not callable from SQL';
COMMENT ON FUNCTION @extschema@.export_cdr(timestamptz, timestamptz, text) IS
    'Returns the records with start_time <= JoinTime < end_time (NULL: no bound) of one tenant (NULL: all tenants that the caller may see), ordered by JoinTime and CallID. Raises 54000 before the first row if there are more than vidyo_cdr.export_limit records (at most 65000); the hint gives the latest end_time that fits. Raises 22023 if start_time is after end_time.';
COMMENT ON TABLE @extschema@.cdr_import IS
    'Imports: where the records came from, how they were read, and how many there were';
COMMENT ON COLUMN @extschema@.cdr_import.source IS
    'The path of the file, or schema and name of the feed''s relation; NULL for import_cdr';
COMMENT ON COLUMN @extschema@.cdr_import.header IS
    'The header; put it before a rejected record''s raw_text to import that record again';
COMMENT ON COLUMN @extschema@.cdr_import.profile IS
    'The profile of the file: raw, portal or spreadsheet';
COMMENT ON COLUMN @extschema@.cdr_import.imported_by IS 'The role that ran the import';
COMMENT ON COLUMN @extschema@.cdr_import.updated IS
    'Records that changed a stored record';
COMMENT ON COLUMN @extschema@.cdr_import.unchanged IS 'Records that changed nothing';
COMMENT ON COLUMN @extschema@.cdr_import.rejected IS
    'Records that were rejected and stored in cdr_import_reject';
COMMENT ON COLUMN @extschema@.cdr_import.ambiguous_times IS
    'Records with a time in the hour that is repeated when clocks are set back; the earlier of the two possible times was stored';
COMMENT ON COLUMN @extschema@.cdr_import.finished_at IS
    'When the import ended; of a feed, when its last batch was stored. NULL for imports made by version 1.0';
COMMENT ON TABLE @extschema@.cdr_import_reject IS
    'Records that an import rejected, each with the reason, so that nothing in a file is lost';
COMMENT ON SEQUENCE @extschema@.cdr_import_reject_reject_id_seq IS 'Numbers the rejected records';
COMMENT ON COLUMN @extschema@.cdr_import_reject.reject_id IS 'Number of the rejected record';
COMMENT ON COLUMN @extschema@.cdr_import_reject.import_id IS
    'The import that first rejected it; import the record again with its header, time zone and profile';
COMMENT ON COLUMN @extschema@.cdr_import_reject.callid IS
    'The record''s CallID; NULL if it could not be read';
COMMENT ON COLUMN @extschema@.cdr_import_reject.uniquecallid IS
    'The record''s UniqueCallID; NULL if it could not be read';
COMMENT ON COLUMN @extschema@.cdr_import_reject.raw_text IS 'The record as it was received';
COMMENT ON COLUMN @extschema@.cdr_import_reject.field IS
    'The field or fields at fault; NULL if the fault is in the record as a whole';
COMMENT ON COLUMN @extschema@.cdr_import_reject.reason IS 'Why the record was rejected';
COMMENT ON COLUMN @extschema@.cdr_import_reject.contradicts IS
    'Whether the record is valid but contradicts the stored one';
COMMENT ON COLUMN @extschema@.cdr_import_reject.rejected_by IS 'The role whose import first rejected it';
COMMENT ON COLUMN @extschema@.cdr_import_reject.rejected_at IS 'When it was first rejected';
COMMENT ON COLUMN @extschema@.cdr_import_reject.last_seen_at IS
    'When it was last rejected; the same text rejected for the same reason makes no second row';
COMMENT ON COLUMN @extschema@.cdr_import_reject.accepted IS
    'Whether an accepted record set resolved_at; the reject is reopened if it is rejected again and that record is gone or contradicted';
COMMENT ON CONSTRAINT cdr_import_reject_pkey ON @extschema@.cdr_import_reject IS
    'reject_id identifies a rejected record';
COMMENT ON CONSTRAINT cdr_import_reject_import_fkey ON @extschema@.cdr_import_reject IS
    'An import cannot be deleted while it has rejected records';
COMMENT ON INDEX @extschema@.cdr_import_reject_pkey IS 'Finds a rejected record by its number';
COMMENT ON INDEX @extschema@.cdr_import_reject_raw_text_idx IS
    'Finds a text that was rejected before';
COMMENT ON INDEX @extschema@.cdr_import_reject_unresolved_idx IS
    'Finds the rejects that an accepted record resolves, and those that a feed requests again';
COMMENT ON INDEX @extschema@.cdr_import_reject_import_idx IS
    'Finds the rejected records of an import';
COMMENT ON TABLE @extschema@.cdr_feed IS
    'The position of each feed. A foreign table that is recreated under the same name continues there; delete the row to start over';
COMMENT ON COLUMN @extschema@.cdr_feed.source_schema IS 'Schema of the feed''s relation';
COMMENT ON COLUMN @extschema@.cdr_feed.source_name IS 'Name of the feed''s relation';
COMMENT ON COLUMN @extschema@.cdr_feed.highest_call_id IS
    'All CallIDs up to this one have been requested; 0 before the first sync';
COMMENT ON CONSTRAINT cdr_feed_pkey ON @extschema@.cdr_feed IS 'A feed has one position';
COMMENT ON INDEX @extschema@.cdr_feed_pkey IS 'Finds the position of a feed';
COMMENT ON TABLE @extschema@.cdr_feed_gap IS
    'CallIDs that a feed has not received: the portal can commit a call later than one with a higher CallID, so they are requested again until they have been missing for a day';
COMMENT ON COLUMN @extschema@.cdr_feed_gap.last_call_id IS 'The last CallID that is missing; all between are missing too';
COMMENT ON CONSTRAINT cdr_feed_gap_feed_fkey ON @extschema@.cdr_feed_gap IS
    'A gap is deleted with its feed';
COMMENT ON FUNCTION @extschema@.cdr_role_in(cstring) IS
    'Reads a role from its name; raises 42704 if there is no such role';
COMMENT ON FUNCTION @extschema@.cdr_role_out(@extschema@.cdr_role) IS
    'Writes a role as its current name, or as an empty string if the role was dropped';
COMMENT ON TABLE @extschema@.cdr_role_access IS
    'What each role may see and do; maintained by cdr_grant_tenant, cdr_grant_all_tenants, cdr_grant_import, cdr_grant_purge and cdr_revoke, which grant and revoke the privileges too';
COMMENT ON COLUMN @extschema@.cdr_role_access.access IS
    'tenant: sees the records of one tenant; all tenants: sees all records; import: sees all records and imports new ones; purge: sees all records and removes old ones';
COMMENT ON CONSTRAINT cdr_role_access_names_tenant ON @extschema@.cdr_role_access IS
    'tenant is set if and only if access is tenant';
COMMENT ON FUNCTION @extschema@.cdr_role_access_changes() IS
    'Makes all sessions reload the entries';
COMMENT ON FUNCTION @extschema@.cdr_drop_owned_access() IS
    'Deletes a role''s entries in cdr_role_access when DROP OWNED revokes its privileges';
COMMENT ON EVENT TRIGGER vidyo_cdr_drop_owned_access IS
    'Deletes a role''s entries when DROP OWNED revokes its privileges';
COMMENT ON VIEW @extschema@.cdr_access IS
    'Which role may see and do what, directly or as a member of another role';
COMMENT ON COLUMN @extschema@.cdr_access.role IS
    'The role with the access';
COMMENT ON COLUMN @extschema@.cdr_access.access IS
    'tenant, all tenants, import or purge, as granted; everything: superusers, the table''s owner, and roles that are exempt from row security';
COMMENT ON COLUMN @extschema@.cdr_access.through IS
    'The role to which the access was granted: the role itself, or one of which it is a member';
COMMENT ON FUNCTION @extschema@.cdr_grant_tenant(regrole, text) IS
    'Lets a role and its members see and export the records of a tenant, spelled as in TenantName';
COMMENT ON FUNCTION @extschema@.cdr_grant_all_tenants(regrole) IS
    'Lets a role and its members see and export the records of all tenants';
COMMENT ON FUNCTION @extschema@.cdr_grant_import(regrole) IS
    'Lets a role and its members import records of all tenants, and therefore see them all';
COMMENT ON FUNCTION @extschema@.cdr_revoke(regrole, text) IS
    'Revokes access to a tenant from a role, or all its access if tenant is NULL; revokes the privileges with the last entry';
COMMENT ON FUNCTION @extschema@.cdr_sees_tenant(text) IS
    'Whether the current role has been granted access to the records of a tenant';
COMMENT ON FUNCTION @extschema@.cdr_may_import() IS
    'Whether the current role has been granted import access';
COMMENT ON POLICY cdr_tenants ON @extschema@.ConferenceCall2 IS
    'A role sees the records of the tenants to which it has access';
COMMENT ON POLICY cdr_import_insert ON @extschema@.ConferenceCall2 IS
    'Roles with import access insert records';
COMMENT ON POLICY cdr_import_update ON @extschema@.ConferenceCall2 IS
    'Roles with import access update records';

-- Sharing the records with the nodes of a Citus cluster. The functions run as their caller, who has to
-- be a superuser or the owner of the tables.

CREATE FUNCTION @extschema@.cdr_distribute(OUT nodes bigint, OUT shards bigint, OUT records bigint)
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000000
AS 'MODULE_PATHNAME', 'vidyo_cdr_distribute';
COMMENT ON FUNCTION @extschema@.cdr_distribute() IS
    'Spreads ConferenceCall2 by CallID over the nodes of the Citus cluster whose coordinator this is, and gives each node a copy of cdr_role_access; returns how many nodes and shards have how many records; raises 55000 without Citus, on a worker, or if a node has not the same version of the extension';
REVOKE ALL ON FUNCTION @extschema@.cdr_distribute() FROM PUBLIC;

CREATE FUNCTION @extschema@.cdr_undistribute()
RETURNS bigint
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000000
AS 'MODULE_PATHNAME', 'vidyo_cdr_undistribute';
COMMENT ON FUNCTION @extschema@.cdr_undistribute() IS
    'Takes cdr_distribute back: brings all records and the entries of cdr_role_access to this server; returns how many records; raises 55000 if they are not distributed';
REVOKE ALL ON FUNCTION @extschema@.cdr_undistribute() FROM PUBLIC;

-- A shard is read by the role that runs the query, never through a view.
CREATE FUNCTION @extschema@.cdr_shard_sees_tenant(tenant text)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
SUPPORT @extschema@.cdr_policy_support
AS 'MODULE_PATHNAME', 'vidyo_cdr_shard_sees_tenant';
COMMENT ON FUNCTION @extschema@.cdr_shard_sees_tenant(text) IS
    'For the policy on ConferenceCall2 while it is distributed: whether the current role has been granted access to the records of a tenant; raises 0A000 on a node without a copy of cdr_role_access';

-- A node that does not know of a membership would hide records, so a query asks it first.
CREATE FUNCTION @extschema@.cdr_shard_sees_all(tenants text[])
RETURNS boolean
LANGUAGE c STABLE PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_shard_sees_all';
COMMENT ON FUNCTION @extschema@.cdr_shard_sees_all(text[]) IS
    'For queries of distributed records: true if the current role sees all these tenants on this node, and every tenant if tenants is NULL; raises 55000 otherwise';
