-- import_cdr on records with faults: each is kept, and the others go on.
SET timezone = 'UTC';
\set header 'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,CallerName,JoinTime,LeaveTime,CallState,Direction,EndpointPublicIPAddress,AccessType,CallCompletionCode'
CREATE FUNCTION pg_temp.import(header text, records text, OUT inserted bigint, OUT updated bigint,
                               OUT unchanged bigint, OUT rejected bigint) AS $$
    SELECT inserted, updated, unchanged, rejected FROM import_cdr(header || E'\n' || records, 'America/New_York')
$$ LANGUAGE sql;

-- One fault in each record but the first and the last.
SELECT * FROM pg_temp.import(:'header',
'1,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0
,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0
x3,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0
99999999999999999999,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0
4,7,r,t,X,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0
5,7,r,t,C,,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0
6,7,r,t,C,D,,,,IN PROGRESS,I,,,0
7,7,r,t,C,D,,2026-02-30 09:00:00,,IN PROGRESS,I,,,0
8,7,r,t,C,D,,2026-03-02 09:00:00,0000-00-00 00:00:00,IN PROGRESS,I,,,0
9,7,r,t,C,D,,2026-03-08 02:30:00,,IN PROGRESS,I,,,0
10,7,r,t,C,D,,2026-03-02 09:00:00,2026-03-02 08:59:59,COMPLETED,I,,,0
11,7,r,t,C,D,,2026-03-02 09:00:00,,GONE,I,,,0
12,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,,,,0
13,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,192.0.2.300,,0
14,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,::1::,,0
15,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,Z,0
16,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,,4
17,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,
18,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0,more
19,7,r,t,C,D,"a "quote",2026-03-02 09:00:00,,IN PROGRESS,I,,,0
20,7,r,t,C,D,"several
lines",2026-03-02 09:00:00,,IN PROGRESS,I,,,0
22,7,r,t,C,D,,300000-01-01 00:00:00,,IN PROGRESS,I,,,0
23,7,r,t,C,D,,12/31/2026 09:00:00,,IN PROGRESS,I,,,0
24,7,r,t,C,D,"open,2026-03-02 09:00:00,,IN PROGRESS,I,,,0
25,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,2001:db8::1,,0
9223372036854775807,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0');
SELECT callid FROM conferencecall2 ORDER BY callid;
SELECT last_value FROM conferencecall2_callid_seq;
SELECT line, callid, uniquecallid, field, reason, contradicts FROM cdr_import_reject ORDER BY line;
SELECT line, raw_text FROM cdr_import_reject WHERE line IN (20, 25) ORDER BY line;
SELECT count(*) FROM cdr_import_reject
WHERE rejected_by = CURRENT_USER AND rejected_at = last_seen_at AND resolved_at IS NULL;

-- Seen again: the same rows, with a later time. Profiles raw and portal read it alike; in another zone or as
-- a spreadsheet's file a reject is not the same.
UPDATE cdr_import_reject SET rejected_at = '2026-01-01', last_seen_at = '2026-01-01';
SELECT * FROM pg_temp.import(:'header', '5,7,r,t,C,,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0
5,7,r,t,C,,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0');
SELECT inserted, rejected FROM import_cdr(:'header' || E'\n5,7,r,t,C,,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0', 'UTC');
SELECT inserted, rejected FROM import_cdr(:'header' || E'\n5,7,r,t,C,,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0', 'UTC', 'portal');
SELECT inserted, rejected FROM import_cdr(:'header' || E'\n5,7,r,t,C,,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0', 'UTC', 'spreadsheet');
SELECT dense_rank() OVER (ORDER BY import_id) AS import, line, callid, rejected_at = '2026-01-01' AS old, last_seen_at > now() - interval '1 hour' AS seen_now
FROM cdr_import_reject WHERE callid = 5 ORDER BY reject_id;

-- A reject that version 1.0 or 1.1 stored is the same one, though some of their reasons had other words.
\set faults 'x,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0\n51,7,r,t,X,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0\n52,7,r,t,C,D,,yesterday,,IN PROGRESS,I,,,0\n53,7,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,::1::,,0\n54,7,r,t,C,D,,300000-01-01 00:00:00,,IN PROGRESS,I,,,0\n55,7,r,t,C,D,"a" b,2026-03-02 09:00:00,,IN PROGRESS,I,,,0\n56,7,r,t,C,D,"Bob\n57,7,r,t,C,D,x,2026-03-02 09:00:00,,IN PROGRESS,I,,,0\nend",2026-03-02 09:00:00,,IN PROGRESS,I,,,0'
SELECT max(reject_id) AS last_reject FROM cdr_import_reject \gset
SELECT * FROM pg_temp.import(:'header', :'faults');
UPDATE cdr_import_reject SET reason = former || substr(reason, length(now) + 1)
FROM (VALUES ('is not a 64-bit integer', 'is no whole number of 64 bits'),
    ('is not one of the codes', 'is none of the codes'),
    ('is not a time of the form', 'is no time of the form'), ('is not an IP address', 'is no IP address'),
    ('is outside PostgreSQL''s range of timestamps', 'is out of PostgreSQL''s range of times'),
    ('has text after a closing quote', 'has text behind a closing quote'),
    ('has a quote that is closed only in another record', 'has a quote that is closed in another record only'),
    ('is inside a quote that an earlier line opens', 'stands in a quote that a line above opens'))
    AS rewording (now, former)
WHERE reject_id > :last_reject AND starts_with(reason, now);
SELECT * FROM pg_temp.import(:'header', :'faults');
SELECT count(*), count(DISTINCT import_id) AS imports FROM cdr_import_reject WHERE reject_id > :last_reject;
DELETE FROM cdr_import_reject WHERE reject_id > :last_reject;

-- A mended reject is imported by means of its import's header, time zone and profile, and is resolved.
SELECT i.inserted, i.rejected
FROM cdr_import_reject r JOIN cdr_import c USING (import_id),
     import_cdr(c.header || E'\n' || replace(r.raw_text, ',X,', ',IC,'), c.time_zone, c.profile) i
WHERE r.callid = 4;
SELECT callid, resolved_at > now() - interval '1 hour' AS resolved_now FROM cdr_import_reject WHERE resolved_at IS NOT NULL;
SELECT callid, conferencetype, jointime FROM conferencecall2 WHERE callid = 4;
-- Another call with the CallID of a reject does not resolve it.
SELECT * FROM pg_temp.import(:'header', '6,8,r,t,C,D,,2026-03-02 09:00:00,,IN PROGRESS,I,,,0');
SELECT callid FROM cdr_import_reject WHERE resolved_at IS NOT NULL ORDER BY callid;

-- A stray quote costs its line, however many there are.
SELECT * FROM pg_temp.import(:'header', (SELECT string_agg(format(
    '%s,7,r,t,C,D,%s,2026-03-02 09:00:00,,IN PROGRESS,I,,,0', i, CASE WHEN i % 10 = 0 THEN '"x' ELSE 'x' END), E'\n')
FROM generate_series(1001, 3000) i));
SELECT count(*), min(line), max(line), min(reason) FROM cdr_import_reject WHERE raw_text LIKE '%"x%';

-- Nor do two of them make one record of two lines.
SELECT * FROM pg_temp.import(:'header', '4001,7,r,t,C,D,",2026-03-02 09:00:00,,IN PROGRESS,I,,,0
4002,7,r,t,C,D,",2026-03-02 09:00:00,,IN PROGRESS,I,,,0
4003,7,r,t,C,D,x,2026-03-02 09:00:00,,IN PROGRESS,I,,,0');
SELECT line, reason, raw_text FROM cdr_import_reject WHERE raw_text LIKE '%D,",%' ORDER BY line;
SELECT callid FROM conferencecall2 WHERE callid > 4000 ORDER BY callid;
-- A name that holds a whole record does not bring that record in.
SELECT * FROM pg_temp.import(:'header', '4010,7,r,t,C,D,"Bob
4011,7,r,other tenant,C,D,x,2026-03-02 09:00:00,,IN PROGRESS,I,,,0
end",2026-03-02 09:00:00,,IN PROGRESS,I,,,0');
SELECT line, reason, raw_text FROM cdr_import_reject WHERE raw_text LIKE '401%' OR raw_text LIKE 'end%' ORDER BY line;
SELECT callid FROM conferencecall2 WHERE callid > 4003;

-- What an accepted record resolved is open again when it is refused again and the record is gone,
-- but not what somebody has set aside.
SELECT * FROM pg_temp.import(:'header', '4030,7,r,t,X,D,x,2026-03-02 09:00:00,,IN PROGRESS,I,,,0');
SELECT * FROM pg_temp.import(:'header', '4030,7,r,t,C,D,x,2026-03-02 09:00:00,,IN PROGRESS,I,,,0');
SELECT * FROM pg_temp.import(:'header', '4030,7,r,t,X,D,x,2026-03-02 09:00:00,,IN PROGRESS,I,,,0');
SELECT resolved_at IS NOT NULL AS resolved, accepted FROM cdr_import_reject WHERE callid = 4030;
DELETE FROM conferencecall2 WHERE callid = 4030;
SELECT * FROM pg_temp.import(:'header', '4030,7,r,t,X,D,x,2026-03-02 09:00:00,,IN PROGRESS,I,,,0');
SELECT resolved_at IS NOT NULL AS resolved, accepted FROM cdr_import_reject WHERE callid = 4030;
UPDATE cdr_import_reject SET resolved_at = now() WHERE callid = 4030;
SELECT * FROM pg_temp.import(:'header', '4030,7,r,t,X,D,x,2026-03-02 09:00:00,,IN PROGRESS,I,,,0');
SELECT resolved_at IS NOT NULL AS resolved, accepted FROM cdr_import_reject WHERE callid = 4030;
-- Of a line that is longer than a record may be, a part is kept, whatever else is wrong with it.
SELECT * FROM pg_temp.import(:'header', '4020,7,r,t,C,D,"' || repeat('x', 1100000) || '",2026-03-02 09:00:00,,IN PROGRESS,I,,,0
4021,7,r,t,C,D,"x"y' || repeat('x', 1100000) || ',2026-03-02 09:00:00,,IN PROGRESS,I,,,0');
SELECT line, reason, length(raw_text) FROM cdr_import_reject WHERE raw_text LIKE '402%' ORDER BY line;
-- More rejects than a batch holds, and a long one.
TRUNCATE cdr_import_reject;
SELECT * FROM pg_temp.import(:'header', (SELECT string_agg(format(
    '%s,7,r,t,C,D,,2026-03-02 09:00:00,,NOWHERE,I,,,0', i), E'\n') FROM generate_series(10001, 15000) i));
SELECT * FROM pg_temp.import(:'header', '20000,7,r,t,C,D,' || repeat('x', 1000000) || ',2026-03-02 09:00:00,,NOWHERE,I,,,0
20001,7,r,t,C,D,' || repeat('€', 400000) || ',2026-03-02 09:00:00,,COMPLETED,I,,,0
20002,7,r,t,C,D,' || repeat('x', 1000000) || ',2026-03-02 09:00:00,,COMPLETED,I,,,0');
SELECT callid >= 10001 AND callid <= 15000 AS many, left(reason, 40) AS reason, count(*), max(length(raw_text))
FROM cdr_import_reject GROUP BY 1, 2 ORDER BY 1, 2;

-- Texts that are too long for the table's indexes, which hold long ones when they can be compressed.
TRUNCATE cdr_import_reject;
SELECT string_agg(md5(i::text), '') AS long FROM generate_series(1, 100) i \gset
SELECT * FROM pg_temp.import(:'header', '30001,' || :'long' || ',r,t,C,D,,2026-03-02 09:00:00,,COMPLETED,I,,,0
30002,7,r,' || :'long' || ',C,D,,2026-03-02 09:00:00,,COMPLETED,I,,,0
30003,7,' || :'long' || repeat(:'long', 100) || ',' || repeat('t', 100000) || ',C,D,,2026-03-02 09:00:00,,COMPLETED,I,,,0');
SELECT callid, field, reason, length(raw_text) FROM cdr_import_reject ORDER BY callid;
TRUNCATE conferencecall2, cdr_import, cdr_import_reject;
