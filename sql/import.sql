-- import_cdr: the forms that a file can have.
SET timezone = 'UTC';

-- A file as the portal writes it: its own order and spelling of columns, local times, empty fields.
\set portal 'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerID,CallerName,JoinTime,LeaveTime,Call State,Direction,RouterID,GWPrefix,GWID,ReferenceNumber,ApplicationName,ApplicationVersion,DeviceModel,EndpointPublicIPAddress,AccessType,RoomType,RoomOwner,ApplicationOs,CallCompletionCode,EndpointGUID,Extension\n11,1234567890123456,room@acme,Acme,c,d,ann,"Ann ""A"" Lee",2026-03-02 09:00:00,2026-03-02 09:30:00,Completed,i,router,,,,VidyoDesktop,TAG_1,"iMac17,1",192.0.2.7,u,m,ann,Mac OS,1,guid-1,\n12,1234567890123456,room@acme,Acme,C,G,,,2026-03-02 09:05:00,,In Progress,I,,,,,,,,,,,,,,,\n'
SELECT inserted, updated, unchanged, rejected, ambiguous_times
FROM import_cdr(replace(:'portal', '\n', E'\n'), 'America/New_York');
\x on
SELECT * FROM conferencecall2 ORDER BY callid;
SELECT import_id, kind, source, left(header, 40) AS header, delimiter, time_zone, profile,
       imported_by = CURRENT_USER AS by_me, imported_at > now() - interval '1 hour' AS just_now, inserted, updated,
       unchanged, rejected, ambiguous_times
FROM cdr_import;
\x off

-- The same file again changes nothing, whatever its lines end with, whatever separates its fields,
-- and with a byte order mark.
SELECT inserted, updated, unchanged, rejected
FROM import_cdr(replace(:'portal', '\n', E'\r\n'), 'America/New_York');
SELECT inserted, updated, unchanged, rejected
FROM import_cdr(replace(:'portal', '\n', E'\r'), 'America/New_York');
SELECT inserted, updated, unchanged, rejected
FROM import_cdr(U&'\FEFF' || rtrim(replace(:'portal', '\n', E'\n'), E'\n'), 'America/New_York');
SELECT inserted, updated, unchanged, rejected
FROM import_cdr(replace(replace(replace(:'portal', '\n', E'\n'), ',', ';'), 'iMac17;1', 'iMac17,1'),
                'America/New_York');
SELECT inserted, updated, unchanged, rejected
FROM import_cdr(replace(replace(replace(:'portal', '\n', E'\n'), ',', E'\t'), E'iMac17\t1', 'iMac17,1'),
                'America/New_York');
SELECT DISTINCT delimiter FROM cdr_import ORDER BY delimiter;

-- The required columns alone, in another order and any case, with one that is not known. Numbering
-- goes on above the highest CallID, and other columns get their defaults.
SELECT inserted, updated, unchanged, rejected
FROM import_cdr($$direction,callstate,JOINTIME,endpointtype,conferencetype,Shoe size,tenantname,conferencename,uniquecallid, CallID
O,RINGING,2026-03-03 00:00:00+02,R,ID,44,T1,"room
two",77,500
O,RINGING,2026-03-03 00:00:01.5+02,R,ID,45,"",'',"",0501
$$);
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype,
                             jointime, callstate, direction)
VALUES ('1', 'r', 't', 'C', 'D', '2026-03-04', 'COMPLETED', 'I');
\x on
SELECT * FROM conferencecall2 WHERE callid >= 500 ORDER BY callid;
\x off

-- Empty fields: bare, and quoted.
\pset null '(null)'
TRUNCATE conferencecall2;
CREATE FUNCTION pg_temp.import(columns text, fields text)
RETURNS TABLE (inserted bigint, updated bigint, unchanged bigint, rejected bigint) AS $$
    SELECT inserted, updated, unchanged, rejected FROM import_cdr(
        'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction'
        || columns || E'\n1,7,room,Acme,C,D,2026-03-02 09:00:00,IN PROGRESS,I' || fields)
$$ LANGUAGE sql;
SELECT * FROM pg_temp.import(
    ',CallerID,CallerName,LeaveTime,RouterID,GwPrefix,GwID,ReferenceNumber,EndpointPublicIPAddress,AccessType,RoomType,RoomOwner,CallCompletionCode,EndpointGUID,Extension',
    ',,,,,,,,,,,,,,');
SELECT callerid, callername, leavetime, routerid, gwprefix, gwid, referencenumber, endpointpublicipaddress AS ip, accesstype, roomtype, roomowner, callcompletioncode, endpointguid, extension
FROM conferencecall2 \gx
TRUNCATE conferencecall2;
SELECT * FROM pg_temp.import(
    ',CallerID,CallerName,LeaveTime,RouterID,GwPrefix,GwID,ReferenceNumber,EndpointPublicIPAddress,AccessType,RoomType,RoomOwner,CallCompletionCode,EndpointGUID,Extension',
    ',"","","","","","","","","","","","","",""');
SELECT callerid, callername, leavetime, routerid, gwprefix, gwid, referencenumber, endpointpublicipaddress AS ip, accesstype, roomtype, roomowner, callcompletioncode, endpointguid, extension
FROM conferencecall2 \gx

-- Every code of every field, in small letters.
\pset null ''
SET client_min_messages = warning;
TRUNCATE conferencecall2;
SELECT c.field, c.code, i.inserted, i.rejected
FROM cdr_codes c, import_cdr(format(
    E'CallID,UniqueCallID,ConferenceName,TenantName,JoinTime%s,%s\n%s,1,r,t,2026-01-01 00:00:00%s,%s',
    (SELECT string_agg(',' || f, '') FROM unnest('{ConferenceType,EndpointType,CallState,Direction}'::text[]) f WHERE f <> c.field),
    c.field, abs(hashtext(c.field || c.code)),
    (SELECT string_agg(',' || v, '') FROM (VALUES ('ConferenceType', 'C'), ('EndpointType', 'D'),
        ('CallState', 'COMPLETED'), ('Direction', 'I')) f (f, v) WHERE f <> c.field),
    lower(c.code))) i
ORDER BY c.field, c.code;
SELECT conferencetype, endpointtype, callstate, direction, accesstype, roomtype, callcompletioncode, count(*)
FROM conferencecall2 GROUP BY 1, 2, 3, 4, 5, 6, 7 ORDER BY 1, 2, 3, 4, 5, 6, 7;

-- Numbering that has not begun yet goes on above the highest CallID, too.
TRUNCATE conferencecall2 RESTART IDENTITY;
SELECT inserted FROM import_cdr('CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,CallState,Direction
1,7,r,t,C,D,2026-03-02 09:00:00,COMPLETED,I', 'UTC');
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype,
                             jointime, callstate, direction)
VALUES ('1', 'r', 't', 'C', 'D', '2026-03-04', 'COMPLETED', 'I') RETURNING callid;
TRUNCATE conferencecall2, cdr_import, cdr_import_reject;
