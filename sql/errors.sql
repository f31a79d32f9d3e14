-- Bad input: a clear error with a SQLSTATE, and nothing lost.
\set SHOW_CONTEXT never
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

-- One good record to lose.
INSERT INTO conferencecall2
    (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, leavetime,
     callstate, direction)
VALUES
    ('1', 'room', 'acme', 'C', 'D', '2026-01-05 10:00', '2026-01-05 11:00', 'COMPLETED', 'I');

-- Invalid input: start_time after end_time
SELECT * FROM export_cdr('2026-02-01', '2026-01-01');
SELECT * FROM export_cdr('2026-01-01 00:00:00.000001', '2026-01-01', 'acme');
SELECT * FROM export_cdr('infinity', '2026-01-01');
SELECT * FROM export_cdr('2026-01-01', '-infinity');
-- written with offset and in ISO form whatever the session's style
SET timezone = 'Asia/Kolkata';
SET datestyle = 'German';
SELECT * FROM export_cdr('2026-02-01 00:00Z', '0044-03-15 12:00:00.5+00 BC');
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';

-- Invalid input: times that are none
SELECT * FROM export_cdr('yesterdayish');
SELECT * FROM export_cdr('2026-02-30');
SELECT * FROM export_cdr('294277-01-01');

-- Invalid input: LeaveTime before JoinTime
UPDATE conferencecall2 SET leavetime = '2026-01-05 09:59:59.999999';

-- Invalid input: infinite times
UPDATE conferencecall2 SET jointime = '-infinity';
UPDATE conferencecall2 SET leavetime = 'infinity';

-- Invalid input: a NULL where the portal has none
UPDATE conferencecall2 SET uniquecallid = NULL;
UPDATE conferencecall2 SET conferencename = NULL;
UPDATE conferencecall2 SET tenantname = NULL;
UPDATE conferencecall2 SET conferencetype = NULL;
UPDATE conferencecall2 SET endpointtype = NULL;
UPDATE conferencecall2 SET callerid = NULL;
UPDATE conferencecall2 SET jointime = NULL;
UPDATE conferencecall2 SET callstate = NULL;
UPDATE conferencecall2 SET direction = NULL;
UPDATE conferencecall2 SET roomowner = NULL;
UPDATE conferencecall2 SET callcompletioncode = NULL;
UPDATE conferencecall2 SET endpointguid = NULL;

-- Invalid input: an address that is none; the portal's empty one is NULL here
UPDATE conferencecall2 SET endpointpublicipaddress = '';

-- Invalid input: the same CallID again
INSERT INTO conferencecall2 SELECT * FROM conferencecall2;

-- Invalid input: an unquoted column of export_cdr, whose names are the file's header
SELECT CallID FROM export_cdr();

-- Invalid input: settings
SET vidyo_cdr.export_limit = 0;
SET vidyo_cdr.export_limit = 65001;
SET vidyo_cdr.export_limits = 1;

-- The column types are part of the promise: a changed one is told, not misread.
BEGIN;
DO $$
DECLARE
    view regclass;
BEGIN
    FOREACH view IN ARRAY ARRAY[to_regclass('cdr_live'), to_regclass('cdr_report')] LOOP
        CONTINUE WHEN view IS NULL;  -- before version 1.2
        EXECUTE format('ALTER EXTENSION vidyo_cdr DROP VIEW %s; DROP VIEW %1$s', view);
    END LOOP;
END $$;
ALTER TABLE conferencecall2 ALTER callcompletioncode TYPE integer;
SELECT * FROM export_cdr();
ROLLBACK;
-- A column more does no harm.
BEGIN;
ALTER TABLE conferencecall2 ADD COLUMN note text DEFAULT 'mine';
SELECT count(*) FROM export_cdr();
ROLLBACK;

-- The records are guarded against DROP EXTENSION under whatever name the table has.
DROP EXTENSION vidyo_cdr;
BEGIN;
ALTER TABLE conferencecall2 RENAME TO records;
DROP EXTENSION vidyo_cdr;
ROLLBACK;

-- The event trigger's function is not for direct calls.
SELECT cdr_guard_drop();

-- Nothing was lost.
SELECT * FROM conferencecall2 \gx

-- SQLSTATEs
\set VERBOSITY sqlstate
SELECT * FROM export_cdr('2026-02-01', '2026-01-01');
UPDATE conferencecall2 SET leavetime = '2026-01-05 09:00';
UPDATE conferencecall2 SET jointime = 'infinity', leavetime = 'infinity';
UPDATE conferencecall2 SET direction = 'X';
UPDATE conferencecall2 SET direction = NULL;
SET vidyo_cdr.export_limit = 65001;
TRUNCATE conferencecall2 RESTART IDENTITY;
