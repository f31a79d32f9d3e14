-- What an export wrote, an import gives back: the identical table.
SET timezone = 'America/New_York';
SET datestyle = 'ISO';
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype,
    callerid, callername, jointime, leavetime, callstate, direction, routerid, gwprefix, gwid,
    referencenumber, applicationname, applicationversion, devicemodel, endpointpublicipaddress,
    accesstype, roomtype, roomowner, applicationos, callcompletioncode, endpointguid, extension)
SELECT text, text || 'x', text, 'C', 'D', text, NULLIF(text, 'NULL'), '2026-03-08Z'::timestamptz + i * interval '7 minutes',
       NULLIF('2026-06-08Z'::timestamptz + i * interval '7 minutes', '2026-06-08Z'::timestamptz + 70 * interval '1 minute'),
       (ARRAY['COMPLETED', 'IN PROGRESS', 'RING NO ANSWER'])[1 + i % 3], 'O', NULLIF(text, 'NULL'), NULLIF(text, ''),
       NULLIF(text, ''), text, NULLIF(text, ''), text, NULLIF(text, 'NULL'),
       (ARRAY['192.0.2.7', '2001:db8::7', '10.100.200.100', '192.0.2.0/24', NULL]::inet[])[1 + i % 5],
       (ARRAY['U', NULL])[1 + i % 2], (ARRAY['M', 'P', 'S', NULL])[1 + i % 4], text, NULLIF(text, 'NULL'),
       i % 4, text, NULLIF(text, 'NULL')
FROM unnest(ARRAY['', 'NULL', 'plain', 'a,b', 'a;b', E'a\tb', 'say "hi"', '"', '""', E'two\nlines', E'two\r\nlines', E'\n', E'\r',
    '=1+1', '+41 22 767', '-1', '@x', '''quoted', '''=1', 'x;=1', E'x\t@y', ' =1', '"=1', '1234567890123456', '0071', '3.10', '1,234', '1/2',
    '10:30', 'TRUE', '1E5', ' ', '  lead', 'trail  ', '\.', '\N', 'ü€😀', U&'\FF1D1', U&'\FEFF', E'\x01', '''''', ''',''', ''';''''']) WITH ORDINALITY AS t (text, i);
INSERT INTO conferencecall2 (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, callstate, direction)
VALUES (-5, '1', 'r', 't', 'C', 'D', '0044-03-15 12:00:00 BC', 'COMPLETED', 'I'),
       (1234567890123456789, '1', 'r', 't', 'C', 'D', '12026-03-15 12:00:00', 'COMPLETED', 'I');
CREATE TEMP TABLE original AS SELECT * FROM conferencecall2;
CREATE FUNCTION pg_temp.difference() RETURNS SETOF original AS $$
    (SELECT * FROM conferencecall2 EXCEPT ALL SELECT * FROM original)
    UNION ALL (SELECT * FROM original EXCEPT ALL SELECT * FROM conferencecall2)
$$ LANGUAGE sql;

-- Each profile that promises it, with each delimiter, through the text of a file.
CREATE FUNCTION pg_temp.round_trip(profile text, delimiter text, OUT inserted bigint, OUT rejected bigint) AS $$
DECLARE
    file text;
BEGIN
    SELECT string_agg(chunk, E'\n') INTO file
    FROM export_cdr_csv(profile => round_trip.profile, delimiter => round_trip.delimiter) chunk;
    TRUNCATE conferencecall2;
    SELECT i.inserted, i.rejected INTO inserted, rejected
    FROM import_cdr(file, profile => round_trip.profile) i;
END $$ LANGUAGE plpgsql;
SET client_min_messages = warning;
SELECT * FROM pg_temp.round_trip('raw', ',');
SELECT callid, conferencename FROM pg_temp.difference();
SELECT * FROM pg_temp.round_trip('raw', ';');
SELECT callid, conferencename FROM pg_temp.difference();
SELECT * FROM pg_temp.round_trip('raw', E'\t');
SELECT callid, conferencename FROM pg_temp.difference();
SELECT * FROM pg_temp.round_trip('spreadsheet', ',');
SELECT callid, conferencename FROM pg_temp.difference();
SELECT * FROM pg_temp.round_trip('spreadsheet', ';');
SELECT callid, conferencename FROM pg_temp.difference();
SELECT * FROM pg_temp.round_trip('spreadsheet', E'\t');
SELECT callid, conferencename FROM pg_temp.difference();
-- The portal's form cannot tell NULL from ''; everything else comes back.
SELECT * FROM pg_temp.round_trip('portal', ',');
SELECT count(*) FROM (
    SELECT callid, uniquecallid, COALESCE(callername, ''), jointime, leavetime, COALESCE(extension, '') FROM conferencecall2
    EXCEPT SELECT callid, uniquecallid, COALESCE(callername, ''), jointime, leavetime, COALESCE(extension, '') FROM original) d;
-- Guards are taken off a spreadsheet's file only.
TRUNCATE conferencecall2;
SELECT inserted FROM import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction
1,''1234567890123456,''=1,t,C,D,2026-03-02 09:00:00,COMPLETED,I', 'UTC');
SELECT uniquecallid, conferencename FROM conferencecall2;
TRUNCATE conferencecall2, cdr_import, cdr_import_reject;
RESET timezone;
