-- Every code of every coded field with its meaning, for reports to join and people to look up.

CREATE VIEW @extschema@.cdr_codes (field, code, meaning) WITH (security_invoker = true) AS
VALUES
    ('ConferenceType', 'D', 'Call between two parties'),
    ('ConferenceType', 'C', 'Conference'),
    ('ConferenceType', 'ID', 'Call between two parties on different portals'),
    ('ConferenceType', 'IC', 'Conference across portals'),
    ('EndpointType', 'R', 'VidyoRoom system'),
    ('EndpointType', 'D', 'VidyoDesktop client'),
    ('EndpointType', 'G', 'Guest'),
    ('EndpointType', 'L', 'Legacy endpoint through VidyoGateway'),
    ('EndpointType', 'C', 'Recorder (VidyoReplay or VidyoRecorder)'),
    ('CallState', 'RINGING', 'The caller''s side is ringing the other side'),
    ('CallState', 'RING ACCEPTED', 'The callee has accepted; the conference has not begun yet'),
    ('CallState', 'RING REJECTED', 'The callee did not accept'),
    ('CallState', 'RING NO ANSWER', 'Nobody answered in time'),
    ('CallState', 'RING CANCELLED', 'The caller gave up while ringing'),
    ('CallState', 'ALERTING', 'The callee is told of an incoming call'),
    ('CallState', 'ALERT CANCELLED', 'The caller withdrew the call while the callee was told of it'),
    ('CallState', 'IN PROGRESS', 'The call is going on'),
    ('CallState', 'COMPLETED', 'The call has ended'),
    ('Direction', 'I', 'Inbound'),
    ('Direction', 'O', 'Outbound'),
    ('AccessType', 'U', 'Registered user'),
    ('AccessType', 'G', 'Guest'),
    ('AccessType', 'L', 'Legacy endpoint through VidyoGateway'),
    ('AccessType', 'R', 'Recorder (VidyoReplay or VidyoRecorder)'),
    ('RoomType', 'M', 'Private room of a registered member'),
    ('RoomType', 'P', 'Public room'),
    ('RoomType', 'S', 'Scheduled room'),
    ('CallCompletionCode', '0', 'No reason is known'),
    ('CallCompletionCode', '1', 'The user hung up'),
    ('CallCompletionCode', '2', 'An admin, an operator or the room''s owner ended the call'),
    ('CallCompletionCode', '3', 'The network failed between endpoint and VidyoManager');

COMMENT ON VIEW @extschema@.cdr_codes IS
    'Every code of the coded fields of ConferenceCall2, with its meaning';
COMMENT ON COLUMN @extschema@.cdr_codes.field IS
    'Name of the coded field, spelled as in an export''s header';
COMMENT ON COLUMN @extschema@.cdr_codes.code IS
    'The code as text, even if the field is a number';
COMMENT ON COLUMN @extschema@.cdr_codes.meaning IS
    'What the code stands for';

GRANT SELECT ON @extschema@.cdr_codes TO PUBLIC;

