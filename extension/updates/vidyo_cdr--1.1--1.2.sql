-- From version 1.1: the holes that attack and use have found.
\echo Use "ALTER EXTENSION vidyo_cdr UPDATE TO '1.2'" to load this file. \quit

-- The duration of extreme times.
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
    -- Not of their difference, which an interval need not hold.
    (EXTRACT(EPOCH FROM c.LeaveTime) - EXTRACT(EPOCH FROM c.JoinTime))::double precision
        AS duration_seconds,
    (c.LeaveTime IS NULL AND c.CallState::text NOT IN (
        'COMPLETED', 'RING REJECTED', 'RING NO ANSWER', 'RING CANCELLED', 'ALERT CANCELLED'))
        AS is_open
FROM @extschema@.ConferenceCall2 AS c;

COMMENT ON FUNCTION @extschema@.export_cdr_csv(timestamptz, timestamptz, text, text, text, boolean) IS
    'The records of export_cdr(start_time, end_time, tenant) as a CSV file, in chunks of whole records of about 128 kB, each without its last line feed. profile: raw (as COPY writes it), portal (times without offset in the session''s zone, NULL and empty text alike), spreadsheet (UTF-8 with byte order mark, CRLF, portal times, NULL as nothing and empty text in quotes, guarded against formulas and changed values; needs UTF8 on both sides). delimiter: a comma, a semicolon or a tab. NULL stands for an argument''s default. Limit and errors as export_cdr; 22023 for an unknown profile or delimiter.';
COMMENT ON FUNCTION @extschema@.import_cdr(text, text, text) IS
    'Imports the text of a CSV file that the portal or export_cdr wrote, and returns how many records were new, changed a stored one, brought nothing new, or were refused into cdr_import_reject. Times without an offset are read in time_zone, by default the session''s. profile is raw, portal or spreadsheet. NULL stands for an argument''s default. A text that is no such CSV file is 22P04, an unknown time zone or profile 22023.';
COMMENT ON FUNCTION @extschema@.import_cdr_file(text, text, text, text) IS
    'The same for a file on the server, in the given encoding, by default UTF8, for members of pg_read_server_files. A file that is not in that encoding is 22021, and the message names the line.';
COMMENT ON PROCEDURE @extschema@.sync_cdr(regclass, text, integer) IS
    'Brings in what is new in a relation with the portal''s columns, such as a foreign table of mysql_fdw: calls above the highest CallID that it has given, CallIDs that were missing, records that were refused, and whatever has become of calls that are open here. Times without an offset are read in time_zone. Commits after each batch_size CallIDs, 1 to 1000000 (NULL: 10000); inside a transaction block it is refused with 25001.';

-- The entries of access can be published, and a subscriber's sessions notice what arrives: logical
-- replication fires no triggers of statements, but for TRUNCATE.
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
    'Makes all sessions read the entries again';
COMMENT ON TRIGGER cdr_role_access_truncated ON @extschema@.cdr_role_access IS
    'Makes all sessions read the entries again';

-- The policy on ConferenceCall2 gets a function of its own, and cdr_sees_tenant asks for the current role's
-- access wherever it stands: a view that called it showed what the view's owner sees.

-- The role that a policy asks for. Its values cannot be written but by the extension's scripts and the
-- planner: who could write one could ask what others see.
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
    'The role that a policy asks for; no query can write a value (42501)';
COMMENT ON FUNCTION @extschema@.cdr_policy_role_in(cstring) IS
    'Reads the role of a policy in the extension''s scripts only; 42501 elsewhere';
COMMENT ON FUNCTION @extschema@.cdr_policy_role_out(@extschema@.cdr_policy_role) IS
    'Writes the role that a policy asks for, as EXPLAIN shows it';

CREATE FUNCTION @extschema@.cdr_policy_support(internal)
RETURNS internal
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_policy_support';
COMMENT ON FUNCTION @extschema@.cdr_policy_support(internal) IS
    'Tells the planner whether the reader sees all tenants, and makes the policy ask for a view''s owner; not callable from SQL';
REVOKE ALL ON FUNCTION @extschema@.cdr_policy_support(internal) FROM PUBLIC;

-- A view reads with its owner's rights. PostgreSQL takes the policies that hold for the owner, but
-- runs their functions as whoever reads the view, so the planner puts the owner into this call.
CREATE FUNCTION @extschema@.cdr_policy_sees_tenant(tenant text, role @extschema@.cdr_policy_role)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
SUPPORT @extschema@.cdr_policy_support
AS 'MODULE_PATHNAME', 'vidyo_cdr_policy_sees_tenant';
COMMENT ON FUNCTION @extschema@.cdr_policy_sees_tenant(text, @extschema@.cdr_policy_role) IS
    'For the policy on ConferenceCall2 only: whether the role that reads, or the owner of the view that is read, was granted access to the records of a tenant';
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
    'The tenants that the current role was granted, when it sees the records of no others; NULL when it may see more';

-- Who sees all goes from each name to the next one. With row security that would step over every record
-- that it hides, so who sees some tenants only looks these up. "= ANY", with the name in ORDER BY, has
-- the planner take the tenants' index: with "=" it may look for the name along the time's index.
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
    'The tenants whose records the reader sees, with the times of the first and the last one; as fast in a large table as in a small one';
COMMENT ON COLUMN @extschema@.cdr_tenants.TenantName IS
    'Name of the tenant, as its records spell it';
COMMENT ON COLUMN @extschema@.cdr_tenants.first_jointime IS
    'JoinTime of the tenant''s first record';
COMMENT ON COLUMN @extschema@.cdr_tenants.last_jointime IS
    'JoinTime of the tenant''s last record';

-- Harmless: the view reads the table as its caller, who needs SELECT there as well.
GRANT SELECT ON @extschema@.cdr_tenants TO PUBLIC;

-- The guard of drops looks at every table of the extension, and at those that inherit from one.
COMMENT ON FUNCTION @extschema@.cdr_guard_drop() IS
    'Loads the library before a command that could drop the extension, so that it can refuse while a table of the extension, or one that inherits from it, has rows (SQLSTATE 2BP01); vidyo_cdr.allow_drop = on lets the command pass';
COMMENT ON EVENT TRIGGER vidyo_cdr_guard_drop IS
    'Keeps the extension from being dropped while its tables, or those that inherit from them, have rows';
