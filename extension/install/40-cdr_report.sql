-- ConferenceCall2 for reporting tools that build themselves from catalog metadata: plain types
-- instead of domains, every code with its meaning, and what people would otherwise compute.
-- The meanings are those of cdr_codes; CASE instead of seven joins keeps a report's plan simple.

CREATE VIEW @extschema@.cdr_report WITH (security_invoker = true) AS
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

COMMENT ON VIEW @extschema@.cdr_report IS
    'ConferenceCall2 with plain types, the meaning of each code, the duration and whether the call is open; shows only the records that the reader may see';
COMMENT ON COLUMN @extschema@.cdr_report.CallID IS
    'CallID as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.UniqueCallID IS
    'UniqueCallID as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.ConferenceName IS
    'ConferenceName as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.TenantName IS
    'TenantName as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.ConferenceType IS
    'Code of ConferenceType';
COMMENT ON COLUMN @extschema@.cdr_report.ConferenceType_meaning IS
    'Meaning of the code in ConferenceType';
COMMENT ON COLUMN @extschema@.cdr_report.EndpointType IS
    'Code of EndpointType';
COMMENT ON COLUMN @extschema@.cdr_report.EndpointType_meaning IS
    'Meaning of the code in EndpointType';
COMMENT ON COLUMN @extschema@.cdr_report.CallerID IS
    'CallerID as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.CallerName IS
    'CallerName as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.JoinTime IS
    'JoinTime as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.LeaveTime IS
    'LeaveTime as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.CallState IS
    'Code of CallState';
COMMENT ON COLUMN @extschema@.cdr_report.CallState_meaning IS
    'Meaning of the code in CallState';
COMMENT ON COLUMN @extschema@.cdr_report.Direction IS
    'Code of Direction';
COMMENT ON COLUMN @extschema@.cdr_report.Direction_meaning IS
    'Meaning of the code in Direction';
COMMENT ON COLUMN @extschema@.cdr_report.RouterID IS
    'RouterID as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.GwPrefix IS
    'GwPrefix as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.GwID IS
    'GwID as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.ReferenceNumber IS
    'ReferenceNumber as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.ApplicationName IS
    'ApplicationName as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.ApplicationVersion IS
    'ApplicationVersion as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.DeviceModel IS
    'DeviceModel as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.EndpointPublicIPAddress IS
    'EndpointPublicIPAddress as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.AccessType IS
    'Code of AccessType';
COMMENT ON COLUMN @extschema@.cdr_report.AccessType_meaning IS
    'Meaning of the code in AccessType';
COMMENT ON COLUMN @extschema@.cdr_report.RoomType IS
    'Code of RoomType';
COMMENT ON COLUMN @extschema@.cdr_report.RoomType_meaning IS
    'Meaning of the code in RoomType';
COMMENT ON COLUMN @extschema@.cdr_report.RoomOwner IS
    'RoomOwner as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.ApplicationOS IS
    'ApplicationOS as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.CallCompletionCode IS
    'Code of CallCompletionCode';
COMMENT ON COLUMN @extschema@.cdr_report.CallCompletionCode_meaning IS
    'Meaning of the code in CallCompletionCode';
COMMENT ON COLUMN @extschema@.cdr_report.EndpointGUID IS
    'EndpointGUID as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.Extension IS
    'Extension as in ConferenceCall2';
COMMENT ON COLUMN @extschema@.cdr_report.duration_seconds IS
    'LeaveTime minus JoinTime in seconds; NULL while LeaveTime is NULL';
COMMENT ON COLUMN @extschema@.cdr_report.is_open IS
    'True while the call has neither a LeaveTime nor a final CallState';
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

-- Harmless: the view reads the table as its caller, who needs SELECT there as well.
GRANT SELECT ON @extschema@.cdr_report TO PUBLIC;

