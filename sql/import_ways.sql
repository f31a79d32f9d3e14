-- However an import brings records into the table: triggers, constraints, defaults and policies of others
-- hold for it as for any INSERT.
\set SHOW_CONTEXT never
\set VERBOSITY terse
SET timezone = 'UTC';
SET client_min_messages = warning;
\set header 'CallID,UniqueCallID,ConferenceName,TenantName,ConferenceType,EndpointType,JoinTime,LeaveTime,CallState,Direction' '\n'
\set import 'SELECT inserted, updated, unchanged, rejected FROM import_cdr'
CREATE FUNCTION call(callid bigint, tenant text DEFAULT 'acme', unique_call_id text DEFAULT '7') RETURNS text
    LANGUAGE sql AS $$ SELECT format(
        E'%s,%s,room,%s,C,D,2026-01-01 10:00:00,2026-01-01 11:00:00,COMPLETED,I\n', callid, unique_call_id, tenant) $$;

-- Stored records between those of a file, next to it or far away, have no part in it.
:import(:'header' || call(1) || call(3) || call(5) || call(7), 'UTC');
:import(:'header' || call(2) || call(3) || call(4) || call(6), 'UTC');
:import(:'header' || call(-9223372036854775808) || call(7) || call(9223372036854775806), 'UTC');
:import(:'header' || call(7) || call(-9223372036854775808) || call(9223372036854775806), 'UTC');
SELECT callid FROM conferencecall2 ORDER BY callid;
TRUNCATE conferencecall2 RESTART IDENTITY;

-- Triggers of rows and of statements.
CREATE FUNCTION upper_name() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN NEW.conferencename := upper(NEW.conferencename); RETURN NEW; END $$;
CREATE TABLE noted (callids text);
CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN INSERT INTO noted SELECT string_agg(callid::text, ' ' ORDER BY callid) FROM added; RETURN NULL; END $$;
CREATE TRIGGER upper_name BEFORE INSERT ON conferencecall2 FOR EACH ROW EXECUTE FUNCTION upper_name();
CREATE TRIGGER note AFTER INSERT ON conferencecall2 REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION note();
:import(:'header' || call(1) || call(2), 'UTC');
SELECT callid, conferencename FROM conferencecall2 ORDER BY callid;
SELECT * FROM noted;
DROP TRIGGER upper_name ON conferencecall2;
DROP TRIGGER note ON conferencecall2;

-- A trigger that is quicker: the record is compared, as one that another session stores.
CREATE FUNCTION be_quicker() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF NEW.callid = 3 THEN
            NEW.callid := 4;
            INSERT INTO conferencecall2 SELECT NEW.*;
            NEW.callid := 3;
        END IF;
        RETURN NEW;
    END $$;
CREATE TRIGGER be_quicker BEFORE INSERT ON conferencecall2 FOR EACH ROW EXECUTE FUNCTION be_quicker();
SET client_min_messages = notice;
:import(:'header' || call(3) || call(4) || call(5), 'UTC');
SET client_min_messages = warning;
DROP TRIGGER be_quicker ON conferencecall2;
SELECT callid FROM conferencecall2 ORDER BY callid;
SELECT inserted, unchanged FROM cdr_import ORDER BY import_id DESC LIMIT 1;

-- Invalid state: an error of a trigger that looks like the table's own, but for its names.
CREATE FUNCTION complain() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE unique_violation USING MESSAGE = 'not this one', SCHEMA = 'public'; END $$;
CREATE TRIGGER complain BEFORE INSERT ON conferencecall2 FOR EACH ROW EXECUTE FUNCTION complain();
:import(:'header' || call(6), 'UTC');
DROP TRIGGER complain ON conferencecall2;

-- Columns that others have added get their values.
ALTER TABLE conferencecall2 ADD COLUMN noticed text DEFAULT 'not yet',
    ADD COLUMN seconds numeric GENERATED ALWAYS AS (extract(epoch FROM leavetime - jointime)) STORED;
:import(:'header' || call(6), 'UTC');
SELECT callid, noticed, seconds FROM conferencecall2 WHERE callid = 6;
ALTER TABLE conferencecall2 DROP COLUMN noticed, DROP COLUMN seconds;

-- Invalid state: constraints of others. Nothing of such an import is left.
\set VERBOSITY default
ALTER TABLE conferencecall2 ADD CONSTRAINT not_gamma CHECK (tenantname <> 'gamma');
:import(:'header' || call(7) || call(8, 'gamma'), 'UTC');
ALTER TABLE conferencecall2 DROP CONSTRAINT not_gamma;
CREATE UNIQUE INDEX one_each ON conferencecall2 (uniquecallid, callerid) WHERE uniquecallid <> '7';
SET client_min_messages = notice;
:import(:'header' || call(7) || call(8, unique_call_id => '8') || call(9, unique_call_id => '8'), 'UTC');
SET client_min_messages = warning;
DROP INDEX one_each;
SELECT max(callid), (SELECT count(*) FROM cdr_import) AS imports FROM conferencecall2;

-- Invalid state: a policy that keeps an importer to a tenant, in what it reads or in what it writes.
CREATE ROLE regress_cdr_importer;
SELECT cdr_grant_import('regress_cdr_importer');
CREATE POLICY reads_acme ON conferencecall2 AS RESTRICTIVE FOR SELECT TO regress_cdr_importer USING (tenantname = 'acme');
SET ROLE regress_cdr_importer;
:import(:'header' || call(7), 'UTC');
:import(:'header' || call(8) || call(9, 'beta'), 'UTC');
RESET ROLE;
DROP POLICY reads_acme ON conferencecall2;
CREATE POLICY writes_acme ON conferencecall2 AS RESTRICTIVE FOR INSERT TO regress_cdr_importer WITH CHECK (tenantname = 'acme');
SET ROLE regress_cdr_importer;
:import(:'header' || call(8), 'UTC');
:import(:'header' || call(9) || call(10, 'beta'), 'UTC');
RESET ROLE;
DROP POLICY writes_acme ON conferencecall2;
-- Invalid state: a record that the importer does not see.
CREATE POLICY reads_acme ON conferencecall2 AS RESTRICTIVE FOR SELECT TO regress_cdr_importer USING (tenantname = 'acme');
:import(:'header' || call(11, 'beta'), 'UTC');
SET ROLE regress_cdr_importer;
:import(:'header' || call(11), 'UTC');
RESET ROLE;
DROP POLICY reads_acme ON conferencecall2;
SELECT callid, tenantname FROM conferencecall2 WHERE callid > 6 ORDER BY callid;

DROP OWNED BY regress_cdr_importer;
DROP ROLE regress_cdr_importer;
DROP FUNCTION call, upper_name, note, be_quicker, complain;
DROP TABLE noted;
TRUNCATE cdr_import, cdr_import_reject;
TRUNCATE conferencecall2 RESTART IDENTITY;
