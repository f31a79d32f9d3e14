-- From version 1.1: the holes that attack and use have found.
\echo Use "ALTER EXTENSION vidyo_cdr UPDATE TO '1.2'" to load this file. \quit

-- The entries of access can be published, and a subscriber's sessions notice what arrives: logical
-- replication fires no triggers of statements, but for TRUNCATE.
ALTER TABLE @extschema@.cdr_role_access REPLICA IDENTITY FULL;
DROP TRIGGER cdr_role_access_changed ON @extschema@.cdr_role_access;
CREATE TRIGGER cdr_role_access_changed
    AFTER INSERT OR UPDATE OR DELETE ON @extschema@.cdr_role_access
    FOR EACH ROW EXECUTE FUNCTION @extschema@.cdr_role_access_changes();
CREATE TRIGGER cdr_role_access_truncated
    AFTER TRUNCATE ON @extschema@.cdr_role_access
    FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.cdr_role_access_changes();
ALTER TABLE @extschema@.cdr_role_access ENABLE ALWAYS TRIGGER cdr_role_access_changed;
ALTER TABLE @extschema@.cdr_role_access ENABLE ALWAYS TRIGGER cdr_role_access_truncated;
COMMENT ON TRIGGER cdr_role_access_changed ON @extschema@.cdr_role_access IS
    'Makes all sessions read the entries again';
COMMENT ON TRIGGER cdr_role_access_truncated ON @extschema@.cdr_role_access IS
    'Makes all sessions read the entries again';

-- The policy on ConferenceCall2 gets a function of its own, and cdr_sees_tenant asks for the current role's
-- access wherever it stands: a view that called it showed what the view's owner sees.

-- The role that a policy asks for. Its values cannot be written but by the extension's scripts and the
-- planner: who could write one could ask what others see.
CREATE TYPE @extschema@.cdr_policy_role;
CREATE FUNCTION @extschema@.cdr_policy_role_in(cstring)
RETURNS @extschema@.cdr_policy_role
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_policy_role_in';
CREATE FUNCTION @extschema@.cdr_policy_role_out(@extschema@.cdr_policy_role)
RETURNS cstring
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_policy_role_out';
CREATE TYPE @extschema@.cdr_policy_role (
    INPUT = @extschema@.cdr_policy_role_in,
    OUTPUT = @extschema@.cdr_policy_role_out,
    INTERNALLENGTH = 4,
    PASSEDBYVALUE,
    ALIGNMENT = int4);
COMMENT ON TYPE @extschema@.cdr_policy_role IS
    'The role that a policy asks for; no query can write a value (42501)';
COMMENT ON FUNCTION @extschema@.cdr_policy_role_in(cstring) IS
    'Reads the role of a policy in the extension''s scripts only; 42501 elsewhere';
COMMENT ON FUNCTION @extschema@.cdr_policy_role_out(@extschema@.cdr_policy_role) IS
    'Writes the role that a policy asks for, as EXPLAIN shows it';

CREATE FUNCTION @extschema@.cdr_policy_support(internal)
RETURNS internal
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_policy_support';
COMMENT ON FUNCTION @extschema@.cdr_policy_support(internal) IS
    'Tells the planner whether the reader sees all tenants, and makes the policy ask for a view''s owner; not callable from SQL';
REVOKE ALL ON FUNCTION @extschema@.cdr_policy_support(internal) FROM PUBLIC;

-- A view reads with its owner's rights. PostgreSQL takes the policies that hold for the owner, but
-- runs their functions as whoever reads the view, so the planner puts the owner into this call.
CREATE FUNCTION @extschema@.cdr_policy_sees_tenant(tenant text, role @extschema@.cdr_policy_role)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
SUPPORT @extschema@.cdr_policy_support
AS 'MODULE_PATHNAME', 'vidyo_cdr_policy_sees_tenant';
COMMENT ON FUNCTION @extschema@.cdr_policy_sees_tenant(text, @extschema@.cdr_policy_role) IS
    'For the policy on ConferenceCall2 only: whether the role that reads, or the owner of the view that is read, was granted access to the records of a tenant';
ALTER POLICY cdr_tenants ON @extschema@.ConferenceCall2
    USING (@extschema@.cdr_policy_sees_tenant(TenantName, 'current role'));
DROP FUNCTION @extschema@.cdr_view_owner_sees_tenant(text, oid);
CREATE OR REPLACE FUNCTION @extschema@.cdr_sees_tenant(tenant text)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_sees_tenant';
DROP FUNCTION @extschema@.cdr_sees_tenant_support(internal);
