-- One domain for each coded field: drivers and COPY see its base type, the CHECK lists the
-- codes, and the constraint's name shows the field in an error message.

CREATE DOMAIN @extschema@.cdr_conference_type AS text
    CONSTRAINT conferencetype_code_known CHECK (VALUE IN ('D', 'C', 'ID', 'IC'));
COMMENT ON DOMAIN @extschema@.cdr_conference_type IS
    'Codes of ConferenceType: D, C, ID, IC; see cdr_codes for their meanings';

CREATE DOMAIN @extschema@.cdr_endpoint_type AS text
    CONSTRAINT endpointtype_code_known CHECK (VALUE IN ('R', 'D', 'G', 'L', 'C'));
COMMENT ON DOMAIN @extschema@.cdr_endpoint_type IS
    'Codes of EndpointType: R, D, G, L, C; see cdr_codes for their meanings';

CREATE DOMAIN @extschema@.cdr_call_state AS text
    CONSTRAINT callstate_code_known CHECK (VALUE IN (
        'RINGING', 'RING ACCEPTED', 'RING REJECTED', 'RING NO ANSWER', 'RING CANCELLED',
        'ALERTING', 'ALERT CANCELLED', 'IN PROGRESS', 'COMPLETED'));
COMMENT ON DOMAIN @extschema@.cdr_call_state IS
    'The nine values of CallState, in capitals; see cdr_codes for their meanings';

CREATE DOMAIN @extschema@.cdr_direction AS text
    CONSTRAINT direction_code_known CHECK (VALUE IN ('I', 'O'));
COMMENT ON DOMAIN @extschema@.cdr_direction IS
    'Codes of Direction: I, O; see cdr_codes for their meanings';

CREATE DOMAIN @extschema@.cdr_access_type AS text
    CONSTRAINT accesstype_code_known CHECK (VALUE IN ('U', 'G', 'L', 'R'));
COMMENT ON DOMAIN @extschema@.cdr_access_type IS
    'Codes of AccessType: U, G, L, R; see cdr_codes for their meanings';

CREATE DOMAIN @extschema@.cdr_room_type AS text
    CONSTRAINT roomtype_code_known CHECK (VALUE IN ('M', 'P', 'S'));
COMMENT ON DOMAIN @extschema@.cdr_room_type IS
    'Codes of RoomType: M, P, S; see cdr_codes for their meanings';

CREATE DOMAIN @extschema@.cdr_completion_code AS smallint
    CONSTRAINT callcompletioncode_code_known CHECK (VALUE IN (0, 1, 2, 3));
COMMENT ON DOMAIN @extschema@.cdr_completion_code IS
    'Codes of CallCompletionCode: 0, 1, 2, 3; see cdr_codes for their meanings';

COMMENT ON CONSTRAINT conferencetype_code_known ON DOMAIN @extschema@.cdr_conference_type IS
    'ConferenceType must be one of the portal''s codes';
COMMENT ON CONSTRAINT endpointtype_code_known ON DOMAIN @extschema@.cdr_endpoint_type IS
    'EndpointType must be one of the portal''s codes';
COMMENT ON CONSTRAINT callstate_code_known ON DOMAIN @extschema@.cdr_call_state IS
    'CallState must be one of the portal''s nine states';
COMMENT ON CONSTRAINT direction_code_known ON DOMAIN @extschema@.cdr_direction IS
    'Direction must be one of the portal''s codes';
COMMENT ON CONSTRAINT accesstype_code_known ON DOMAIN @extschema@.cdr_access_type IS
    'AccessType must be one of the portal''s codes; the portal''s empty value is NULL here';
COMMENT ON CONSTRAINT roomtype_code_known ON DOMAIN @extschema@.cdr_room_type IS
    'RoomType must be one of the portal''s codes; the portal''s empty value is NULL here';
COMMENT ON CONSTRAINT callcompletioncode_code_known ON DOMAIN @extschema@.cdr_completion_code IS
    'CallCompletionCode must be one of the portal''s codes';

