-- Installing: any schema, any search_path, a renamed schema, and everything explained by comments.
SET client_min_messages = warning;
DROP EXTENSION vidyo_cdr;

-- What a hostile search_path could offer in place of the real things.
CREATE SCHEMA hostile;
CREATE TABLE hostile.conferencecall2 (LIKE pg_catalog.pg_class);
CREATE FUNCTION hostile.isfinite(timestamptz) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE FUNCTION hostile.ge(timestamptz, timestamptz) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR hostile.>= (FUNCTION = hostile.ge, LEFTARG = timestamptz, RIGHTARG = timestamptz);
CREATE OPERATOR hostile.< (FUNCTION = hostile.ge, LEFTARG = timestamptz, RIGHTARG = timestamptz);
CREATE FUNCTION hostile.eq(text, text) RETURNS boolean LANGUAGE sql AS 'SELECT false';
CREATE OPERATOR hostile.= (FUNCTION = hostile.eq, LEFTARG = text, RIGHTARG = text);
SET search_path = hostile, pg_catalog;

CREATE SCHEMA "Call Records";
CREATE EXTENSION vidyo_cdr SCHEMA "Call Records";
INSERT INTO "Call Records".conferencecall2
    (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, leavetime,
     callstate, direction)
VALUES
    ('1', 'room', 'acme', 'C', 'D', '2026-01-05 10:00Z', '2026-01-05 11:00Z', 'COMPLETED', 'I');
SELECT "CallID", "TenantName", "CallState"
FROM "Call Records".export_cdr('2026-01-01', '2026-02-01', 'acme');
SELECT callstate, callstate_meaning, duration_seconds, is_open FROM "Call Records".cdr_report;
-- Invalid input: the domains hold with a hostile = in front
INSERT INTO "Call Records".conferencecall2
    (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, callstate,
     direction)
VALUES ('2', 'room', 'acme', 'X', 'D', '2026-01-05 10:00Z', 'COMPLETED', 'I');

-- After a rename the session's prepared query must find the table under the new name.
ALTER SCHEMA "Call Records" RENAME TO cdr;
SELECT "CallID" FROM cdr.export_cdr(tenant => 'acme');
SELECT "CallID" FROM cdr.export_cdr();
-- ... and not a table that now bears the old name.
CREATE SCHEMA "Call Records";
CREATE TABLE "Call Records".conferencecall2 (LIKE cdr.conferencecall2);
SELECT "CallID" FROM cdr.export_cdr(tenant => 'acme');
SELECT "CallID" FROM cdr.export_cdr();
SELECT callid FROM cdr.cdr_report;
DROP SCHEMA "Call Records" CASCADE;

-- A temporary table of the same name is not taken for the records.
CREATE TEMP TABLE conferencecall2 (LIKE cdr.conferencecall2);
SET search_path = pg_temp, hostile, cdr;
SELECT "CallID" FROM export_cdr();
RESET search_path;
DROP TABLE pg_temp.conferencecall2;

-- An empty search_path, and the extension again where it was.
SET search_path = '';
SELECT "CallID" FROM cdr.export_cdr();
TRUNCATE cdr.conferencecall2;
DROP EXTENSION vidyo_cdr;
DROP SCHEMA hostile CASCADE;
DROP SCHEMA cdr;
RESET search_path;
CREATE EXTENSION vidyo_cdr;

-- The names work as people write them today.
SELECT CallID, JoinTime FROM ConferenceCall2;
INSERT INTO ConferenceCall2
    (CallID, UniqueCallID, ConferenceName, TenantName, ConferenceType, EndpointType, JoinTime,
     CallState, Direction)
VALUES (7, '1', 'room', 'acme', 'C', 'D', '2026-01-05 10:00Z', 'IN PROGRESS', 'I');
INSERT INTO ConferenceCall2
    (UniqueCallID, ConferenceName, TenantName, ConferenceType, EndpointType, JoinTime, CallState,
     Direction)
VALUES ('1', 'room', 'acme', 'C', 'D', '2026-01-05 10:00Z', 'IN PROGRESS', 'I')
RETURNING CallID;
TRUNCATE ConferenceCall2 RESTART IDENTITY;

-- Columns in the portal's order.
SELECT attnum, attname, format_type(atttypid, atttypmod) AS type, attnotnull
FROM pg_attribute
WHERE attrelid = 'conferencecall2'::regclass AND attnum > 0
ORDER BY attnum;

SELECT indexrelid::regclass AS index, pg_get_indexdef(indexrelid)
FROM pg_index
WHERE indrelid = 'conferencecall2'::regclass AND indexrelid::regclass::text <> 'conferencecall2_long_idx'  -- since 1.2
ORDER BY indexrelid::regclass::text;

-- Every view over records reads as its caller: there is none that does not.
SELECT c.oid::regclass AS view, c.reloptions
FROM pg_depend AS d JOIN pg_class AS c ON c.oid = d.objid
WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e' AND c.relkind = 'v'
  AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'vidyo_cdr')
  AND c.reloptions IS DISTINCT FROM '{security_invoker=true}';

-- Every object of the extension explains itself: no member without a comment ...
SELECT pg_describe_object(classid, objid, 0) AS without_comment
FROM pg_depend AS d
WHERE deptype = 'e'
  AND refobjid = (SELECT oid FROM pg_extension WHERE extname = 'vidyo_cdr')
  AND NOT EXISTS (SELECT FROM pg_description AS c
                  WHERE (c.classoid, c.objoid, c.objsubid) = (d.classid, d.objid, 0))
  -- types of tables and views, and arrays, come with their owners
  AND NOT EXISTS (SELECT FROM pg_type AS t
                  WHERE d.classid = 'pg_type'::regclass AND t.oid = d.objid AND t.typtype <> 'd')
  AND d.classid <> 'pg_rewrite'::regclass;
-- ... and no column, index or constraint of its relations and domains.
SELECT a.attrelid::regclass AS relation, a.attname AS without_comment
FROM pg_depend AS d JOIN pg_attribute AS a ON a.attrelid = d.objid
JOIN pg_class AS c ON c.oid = d.objid
WHERE d.classid = 'pg_class'::regclass AND d.deptype = 'e' AND c.relkind IN ('r', 'v')
  AND d.refobjid = (SELECT oid FROM pg_extension WHERE extname = 'vidyo_cdr')
  AND a.attnum > 0 AND col_description(a.attrelid, a.attnum) IS NULL;
SELECT conname AS without_comment
FROM pg_constraint AS con
WHERE (conrelid = 'conferencecall2'::regclass
       OR contypid IN (SELECT objid FROM pg_depend
                       WHERE classid = 'pg_type'::regclass AND deptype = 'e'
                         AND refobjid = (SELECT oid FROM pg_extension
                                         WHERE extname = 'vidyo_cdr')))
  AND contype <> 'n'
  AND obj_description(oid, 'pg_constraint') IS NULL;
SELECT indexrelid::regclass AS without_comment
FROM pg_index
WHERE indrelid = 'conferencecall2'::regclass
  AND obj_description(indexrelid, 'pg_class') IS NULL;
