-- cdr_report: plain types, every code with its meaning, duration, open or not.
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

-- No domain, no array, no type that a reporting tool would not know.
SELECT attnum, attname, format_type(atttypid, atttypmod) AS type
FROM pg_attribute
WHERE attrelid = 'cdr_report'::regclass AND attnum BETWEEN 1 AND 36  -- later ones: report_duration
ORDER BY attnum;

-- Names that need no quotes.
SELECT attname FROM pg_attribute
WHERE attrelid = 'cdr_report'::regclass AND quote_ident(attname) <> attname;

-- Each column of the table is there, in its order.
SELECT t.attname FROM pg_attribute AS t
WHERE t.attrelid = 'conferencecall2'::regclass AND t.attnum > 0
  AND NOT EXISTS (SELECT FROM pg_attribute AS r
                  WHERE r.attrelid = 'cdr_report'::regclass AND r.attname = t.attname);

-- One record for each code of each field.
INSERT INTO conferencecall2
    (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, leavetime,
     callstate, direction, accesstype, roomtype, callcompletioncode)
SELECT field, code, 'acme',
       CASE field WHEN 'ConferenceType' THEN code ELSE 'C' END,
       CASE field WHEN 'EndpointType' THEN code ELSE 'D' END,
       '2026-01-05 10:00', '2026-01-05 11:30:00.5',
       CASE field WHEN 'CallState' THEN code ELSE 'COMPLETED' END,
       CASE field WHEN 'Direction' THEN code ELSE 'I' END,
       CASE field WHEN 'AccessType' THEN code END,
       CASE field WHEN 'RoomType' THEN code END,
       CASE field WHEN 'CallCompletionCode' THEN code::smallint ELSE 0 END
FROM cdr_codes;

-- The meanings are those of cdr_codes, for every code.
SELECT c.field, c.code, c.meaning, v.meaning AS reported
FROM cdr_report AS r
JOIN cdr_codes AS c ON (c.field, c.code) = (r.uniquecallid, r.conferencename)
CROSS JOIN LATERAL (VALUES
    ('ConferenceType', r.conferencetype, r.conferencetype_meaning),
    ('EndpointType', r.endpointtype, r.endpointtype_meaning),
    ('CallState', r.callstate, r.callstate_meaning),
    ('Direction', r.direction, r.direction_meaning),
    ('AccessType', r.accesstype, r.accesstype_meaning),
    ('RoomType', r.roomtype, r.roomtype_meaning),
    ('CallCompletionCode', r.callcompletioncode::text, r.callcompletioncode_meaning))
    AS v (field, code, meaning)
WHERE v.field = c.field AND (v.code, v.meaning) IS DISTINCT FROM (c.code, c.meaning);
SELECT count(*) AS codes_reported FROM cdr_report;

-- NULL has no meaning; a duration needs both times.
SELECT accesstype, accesstype_meaning, roomtype, roomtype_meaning, duration_seconds, is_open
FROM cdr_report WHERE uniquecallid = 'Direction' AND conferencename = 'I';

-- Open: no LeaveTime and no final state.
UPDATE conferencecall2 SET leavetime = NULL WHERE uniquecallid = 'CallState';
SELECT callstate, leavetime, duration_seconds, is_open
FROM cdr_report WHERE uniquecallid = 'CallState' ORDER BY callid;
UPDATE conferencecall2 SET leavetime = jointime WHERE uniquecallid = 'CallState';
SELECT count(*) FILTER (WHERE is_open) AS open, min(duration_seconds), max(duration_seconds)
FROM cdr_report WHERE uniquecallid = 'CallState';

-- A report's filter reaches the table's index.
SET enable_seqscan = off;
SET enable_bitmapscan = off;
EXPLAIN (COSTS off)
SELECT count(*) FROM cdr_report WHERE tenantname = 'acme' AND jointime >= '2026-01-01';
RESET enable_seqscan;
RESET enable_bitmapscan;
TRUNCATE conferencecall2 RESTART IDENTITY;
