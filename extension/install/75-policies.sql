-- Row security on the records. The policies are created here because pg_dump does not dump policies on
-- an extension's table. They have no subquery: each calls a function that knows what the current role
-- may see.

-- Open to all, since policies call functions as the reader; they reveal only the caller's own access.
-- Not LEAKPROOF: a policy's condition is checked first anyway.
CREATE FUNCTION @extschema@.cdr_sees_tenant(tenant text)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_sees_tenant';
COMMENT ON FUNCTION @extschema@.cdr_sees_tenant(text) IS
    'Whether the current role has been granted access to the records of a tenant';

CREATE FUNCTION @extschema@.cdr_may_import()
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_may_import';
COMMENT ON FUNCTION @extschema@.cdr_may_import() IS
    'Whether the current role has been granted import access';

CREATE FUNCTION @extschema@.cdr_may_purge()
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_may_purge';
COMMENT ON FUNCTION @extschema@.cdr_may_purge() IS
    'Whether the current role has been granted purge access';

-- The role that a policy checks. Only the extension's scripts and the planner can write its values:
-- anyone else who could would find out what others see.
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
    'The role that a policy checks; values cannot be written in a query (42501)';
COMMENT ON FUNCTION @extschema@.cdr_policy_role_in(cstring) IS
    'Reads the role of a policy in the extension''s scripts; raises 42501 elsewhere';
COMMENT ON FUNCTION @extschema@.cdr_policy_role_out(@extschema@.cdr_policy_role) IS
    'Writes the role that a policy checks, as EXPLAIN shows it';

CREATE FUNCTION @extschema@.cdr_policy_support(internal)
RETURNS internal
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_policy_support';
COMMENT ON FUNCTION @extschema@.cdr_policy_support(internal) IS
    'Planner support for the policy on ConferenceCall2: whether the reader sees all tenants, and which role to check in a view; not callable from SQL';
REVOKE ALL ON FUNCTION @extschema@.cdr_policy_support(internal) FROM PUBLIC;

-- A view reads with its owner's privileges. PostgreSQL uses the policies that apply to the owner, but
-- runs their functions as the reader of the view, so the planner puts the owner into this call.
CREATE FUNCTION @extschema@.cdr_policy_sees_tenant(tenant text, role @extschema@.cdr_policy_role)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
SUPPORT @extschema@.cdr_policy_support
AS 'MODULE_PATHNAME', 'vidyo_cdr_policy_sees_tenant';
COMMENT ON FUNCTION @extschema@.cdr_policy_sees_tenant(text, @extschema@.cdr_policy_role) IS
    'For the policy on ConferenceCall2 only: whether the current role, or the owner of the view that is read, has been granted access to the records of a tenant';

CREATE POLICY cdr_tenants ON @extschema@.ConferenceCall2
    FOR SELECT USING (@extschema@.cdr_policy_sees_tenant(TenantName, 'current role'));
CREATE POLICY cdr_import_insert ON @extschema@.ConferenceCall2
    FOR INSERT WITH CHECK (@extschema@.cdr_may_import());
CREATE POLICY cdr_import_update ON @extschema@.ConferenceCall2
    FOR UPDATE USING (@extschema@.cdr_may_import());
CREATE POLICY cdr_purge_delete ON @extschema@.ConferenceCall2
    FOR DELETE USING (@extschema@.cdr_may_purge());
ALTER TABLE @extschema@.ConferenceCall2 ENABLE ROW LEVEL SECURITY;
COMMENT ON POLICY cdr_tenants ON @extschema@.ConferenceCall2 IS
    'A role sees the records of the tenants to which it has access';
COMMENT ON POLICY cdr_import_insert ON @extschema@.ConferenceCall2 IS
    'Roles with import access insert records';
COMMENT ON POLICY cdr_import_update ON @extschema@.ConferenceCall2 IS
    'Roles with import access update records';
COMMENT ON POLICY cdr_purge_delete ON @extschema@.ConferenceCall2 IS
    'Roles with purge access delete records';

