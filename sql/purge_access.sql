-- Since 1.2: who may purge, and what the grant of it gives and takes.
SET timezone = 'UTC';
SET datestyle = 'ISO, YMD';
\set SHOW_CONTEXT never
TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_purge RESTART IDENTITY;
CREATE ROLE regress_cdr_purger;
CREATE ROLE regress_cdr_purgers_member IN ROLE regress_cdr_purger;
CREATE ROLE regress_cdr_acme;
CREATE ROLE regress_cdr_importer;
CREATE ROLE regress_cdr_nobody;
CREATE FUNCTION add_calls(first int, last int) RETURNS void LANGUAGE sql AS $$
    INSERT INTO conferencecall2 (callid, uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime,
                                 callstate, direction)
    SELECT i, i, 'room', (ARRAY['acme', 'beta'])[1 + i % 2], 'C', 'D', timestamptz '2020-01-01Z' + i * interval '1 min',
           'COMPLETED', 'I'
    FROM generate_series(first, last) i
$$;
CREATE VIEW privileges AS
SELECT c.relname AS object, a.grantee::regrole AS role, string_agg(a.privilege_type, ' ' ORDER BY a.privilege_type) AS privileges
FROM pg_class c, aclexplode(c.relacl) a WHERE a.grantee::regrole::text = 'regress_cdr_purger' GROUP BY 1, 2
UNION ALL
SELECT p.proname, a.grantee::regrole, string_agg(a.privilege_type, ' ')
FROM pg_proc p, aclexplode(p.proacl) a WHERE a.grantee::regrole::text = 'regress_cdr_purger' GROUP BY 1, 2
ORDER BY 1;
SELECT add_calls(1, 10);

SELECT cdr_grant_tenant('regress_cdr_acme', 'acme'), cdr_grant_import('regress_cdr_importer');
SELECT cdr_grant_purge('regress_cdr_purger');
SELECT role, access, tenant, through FROM cdr_access WHERE role::text LIKE 'regress_cdr%' ORDER BY role::text COLLATE "C", access;
SELECT * FROM privileges;

-- Neither a tenant's admin nor an importer may purge, nor who has not been granted anything.
SET ROLE regress_cdr_acme;
CALL purge_cdr('2020-02-01Z');
CALL purge_cdr('2020-02-01Z', 'acme', dry_run => true);
SELECT cdr_forget_purge(1);
DELETE FROM conferencecall2;
SELECT count(*) FROM cdr_purge;
SELECT last_value FROM cdr_purge_purge_id_seq;
SELECT cdr_grant_purge('regress_cdr_acme');
SELECT cdr_may_purge();
SET ROLE regress_cdr_importer;
CALL purge_cdr('2020-02-01Z');
DELETE FROM conferencecall2;
SET ROLE regress_cdr_nobody;
CALL purge_cdr('2020-02-01Z');
SELECT cdr_grant_purge('regress_cdr_nobody');
RESET ROLE;

-- Privileges alone are not enough: nothing would be removed, and everything remembered as purged.
GRANT EXECUTE ON PROCEDURE purge_cdr TO regress_cdr_acme, regress_cdr_nobody;
GRANT DELETE ON conferencecall2 TO regress_cdr_acme;
GRANT INSERT, SELECT, UPDATE ON cdr_purge TO regress_cdr_acme;
SET ROLE regress_cdr_acme;
CALL purge_cdr('2020-02-01Z', 'acme');
CALL purge_cdr('2020-02-01Z', 'acme', dry_run => true);
DELETE FROM conferencecall2;
SET ROLE regress_cdr_nobody;
CALL purge_cdr('2020-02-01Z', dry_run => true);
SET row_security = off;
CALL purge_cdr('2020-02-01Z');
RESET row_security;
RESET ROLE;
SELECT count(*) AS records, (SELECT count(*) FROM cdr_purge) AS purges FROM conferencecall2;
REVOKE ALL ON cdr_purge FROM regress_cdr_acme;
REVOKE DELETE ON conferencecall2 FROM regress_cdr_acme;
REVOKE EXECUTE ON PROCEDURE purge_cdr FROM regress_cdr_acme, regress_cdr_nobody;

-- Who has been granted purges sees and purges all tenants, and nothing else.
SET ROLE regress_cdr_purger;
SELECT cdr_may_purge(), cdr_may_import(), cdr_sees_tenant('beta');
SELECT count(*) FROM conferencecall2;
CALL purge_cdr('2020-01-01 00:03Z', dry_run => true, with_rejects => true);
CALL purge_cdr('2020-01-01 00:03Z', with_rejects => true);
CALL purge_cdr('2020-01-01 00:05Z', 'acme');
SELECT purge_id, tenant, records, purged_by FROM cdr_purge ORDER BY purge_id;
SELECT cdr_forget_purge(2);
UPDATE conferencecall2 SET callid = 100 WHERE callid = 3;
INSERT INTO conferencecall2 (uniquecallid, conferencename, tenantname, conferencetype, endpointtype, jointime, callstate, direction)
VALUES ('1', 'r', 't', 'C', 'D', '2020-01-01Z', 'COMPLETED', 'I');
TRUNCATE conferencecall2;
DELETE FROM cdr_purge;
SELECT count(*) FROM cdr_role_access;
SET ROLE regress_cdr_purgers_member;
CALL purge_cdr('2020-01-01 00:06Z');
SELECT purged_by FROM cdr_purge ORDER BY purge_id DESC LIMIT 1;
RESET ROLE;

-- What is granted is taken back, and a purger that is an importer, too, keeps that.
SELECT cdr_revoke('regress_cdr_purger');
SELECT * FROM privileges;
SET ROLE regress_cdr_purger;
CALL purge_cdr('2020-02-01Z');
RESET ROLE;
SELECT cdr_grant_purge('regress_cdr_purger'), cdr_grant_import('regress_cdr_purger'), cdr_grant_tenant('regress_cdr_purger', 'acme');
SELECT cdr_revoke('regress_cdr_purger', 'acme');
SET ROLE regress_cdr_purger;
SELECT cdr_may_purge(), cdr_may_import();
CALL purge_cdr('2020-01-01 00:07Z');
RESET ROLE;
SELECT cdr_revoke('regress_cdr_purger');
SELECT * FROM privileges;

-- Access that is taken away in the middle of a batch undoes the batch.
SELECT cdr_grant_purge('regress_cdr_purger');
CREATE FUNCTION take_away() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
BEGIN
    IF old.callid = 8 THEN DELETE FROM cdr_role_access WHERE access = 'purge'; END IF;
    RETURN old;
END $$;
CREATE TRIGGER take_away BEFORE DELETE ON conferencecall2 FOR EACH ROW EXECUTE FUNCTION take_away();
SET ROLE regress_cdr_purger;
CALL purge_cdr('2020-02-01Z', batch_size => 1);
RESET ROLE;
DROP TRIGGER take_away ON conferencecall2;
DROP FUNCTION take_away;
SELECT string_agg(callid::text, ' ' ORDER BY callid) FROM conferencecall2;
SELECT purged_to, purged_to_callid, records, finished_at FROM cdr_purge ORDER BY purge_id DESC LIMIT 1;

-- A restrictive policy of the owner's holds, and its records stay.
CREATE POLICY hold ON conferencecall2 AS RESTRICTIVE FOR DELETE USING (callid <> 9);
SET ROLE regress_cdr_purger;
CALL purge_cdr('2020-02-01Z');
RESET ROLE;
SELECT string_agg(callid::text, ' ' ORDER BY callid) FROM conferencecall2;
DROP POLICY hold ON conferencecall2;
-- A grant of purges needs its policy; other grants do not.
ALTER POLICY cdr_purge_delete ON conferencecall2 USING (true);
SELECT cdr_grant_purge('regress_cdr_nobody');
SELECT cdr_grant_tenant('regress_cdr_nobody', 'acme');
ALTER POLICY cdr_purge_delete ON conferencecall2 USING (cdr_may_purge());
-- Invalid input: no such access, and no role
INSERT INTO cdr_role_access (role, access) VALUES ('regress_cdr_nobody', 'purging');
SELECT cdr_grant_purge(NULL);

-- Row security that is forced on the owner asks it for a grant as well.
ALTER TABLE conferencecall2 OWNER TO regress_cdr_nobody;
ALTER TABLE conferencecall2 FORCE ROW LEVEL SECURITY;
GRANT EXECUTE ON PROCEDURE purge_cdr TO regress_cdr_nobody;
SET ROLE regress_cdr_nobody;
CALL purge_cdr('2020-02-01Z', dry_run => true);
RESET ROLE;
ALTER TABLE conferencecall2 NO FORCE ROW LEVEL SECURITY;
SET ROLE regress_cdr_nobody;
CALL purge_cdr('2020-02-01Z', dry_run => true);
RESET ROLE;
ALTER TABLE conferencecall2 OWNER TO CURRENT_USER;

DROP VIEW privileges;
DROP FUNCTION add_calls;
DROP OWNED BY regress_cdr_purger, regress_cdr_purgers_member, regress_cdr_acme, regress_cdr_importer, regress_cdr_nobody;
SELECT * FROM cdr_role_access;
DROP ROLE regress_cdr_purgers_member, regress_cdr_purger, regress_cdr_acme, regress_cdr_importer, regress_cdr_nobody;
TRUNCATE conferencecall2, cdr_import, cdr_import_reject, cdr_purge RESTART IDENTITY;
