-- Row security on the records. The policies are made here because pg_dump does not carry policies of
-- an extension's table. They hold no sub-select: each calls a function that knows what the current
-- role may see.

-- Open to all, since a policy calls them as whoever reads; they tell nothing but the caller's own
-- access. Not LEAKPROOF: a policy's condition goes first anyway.
CREATE FUNCTION @extschema@.cdr_sees_tenant_support(internal)
RETURNS internal
LANGUAGE c IMMUTABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_sees_tenant_support';
COMMENT ON FUNCTION @extschema@.cdr_sees_tenant_support(internal) IS
    'Tells the planner whether the caller sees all tenants, and makes a view ask for its owner''s access; not callable from SQL';
REVOKE ALL ON FUNCTION @extschema@.cdr_sees_tenant_support(internal) FROM PUBLIC;

CREATE FUNCTION @extschema@.cdr_sees_tenant(tenant text)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
SUPPORT @extschema@.cdr_sees_tenant_support
AS 'MODULE_PATHNAME', 'vidyo_cdr_sees_tenant';
COMMENT ON FUNCTION @extschema@.cdr_sees_tenant(text) IS
    'Whether the current role was granted access to the records of a tenant';

-- A view reads with its owner's rights. PostgreSQL takes the policies that hold for the owner, but
-- runs their functions as whoever reads the view, so the planner puts this one there instead.
CREATE FUNCTION @extschema@.cdr_view_owner_sees_tenant(tenant text, view_owner oid)
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_view_owner_sees_tenant';
COMMENT ON FUNCTION @extschema@.cdr_view_owner_sees_tenant(text, oid) IS
    'Stands in the plan for cdr_sees_tenant when a view is read; refuses to be called by a query (42501)';

CREATE FUNCTION @extschema@.cdr_may_import()
RETURNS boolean
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_may_import';
COMMENT ON FUNCTION @extschema@.cdr_may_import() IS
    'Whether the current role was granted the import of records';

CREATE POLICY cdr_tenants ON @extschema@.ConferenceCall2
    FOR SELECT USING (@extschema@.cdr_sees_tenant(TenantName));
CREATE POLICY cdr_import_insert ON @extschema@.ConferenceCall2
    FOR INSERT WITH CHECK (@extschema@.cdr_may_import());
CREATE POLICY cdr_import_update ON @extschema@.ConferenceCall2
    FOR UPDATE USING (@extschema@.cdr_may_import());
ALTER TABLE @extschema@.ConferenceCall2 ENABLE ROW LEVEL SECURITY;
COMMENT ON POLICY cdr_tenants ON @extschema@.ConferenceCall2 IS
    'A role sees the records of the tenants that it was granted';
COMMENT ON POLICY cdr_import_insert ON @extschema@.ConferenceCall2 IS
    'Roles that were granted the import bring in records';
COMMENT ON POLICY cdr_import_update ON @extschema@.ConferenceCall2 IS
    'Roles that were granted the import complete records';

