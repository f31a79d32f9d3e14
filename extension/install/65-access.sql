-- Who may see and do what: the entries of each role, written by the functions of 70-grants.sql and
-- enforced by the policies of 75-policies.sql.

-- An entry belongs to a role, not to a name: a rename is followed, and a later role of the same name
-- has nothing to do with it. PostgreSQL's regrole would do that too, but it does not say what to do
-- when a dump names a role that is missing, and takes a number for whatever role has that OID.
CREATE TYPE @extschema@.cdr_role;
CREATE FUNCTION @extschema@.cdr_role_in(cstring)
RETURNS @extschema@.cdr_role
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_role_in';
CREATE FUNCTION @extschema@.cdr_role_out(@extschema@.cdr_role)
RETURNS cstring
LANGUAGE c STABLE STRICT PARALLEL SAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_role_out';
CREATE TYPE @extschema@.cdr_role (
    INPUT = @extschema@.cdr_role_in,
    OUTPUT = @extschema@.cdr_role_out,
    INTERNALLENGTH = 4,
    PASSEDBYVALUE,
    ALIGNMENT = int4);
CREATE CAST (@extschema@.cdr_role AS oid) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (oid AS @extschema@.cdr_role) WITHOUT FUNCTION AS ASSIGNMENT;
COMMENT ON TYPE @extschema@.cdr_role IS
    'A role, written as its name without quotes';
COMMENT ON FUNCTION @extschema@.cdr_role_in(cstring) IS
    'Reads a role from its name; raises 42704 if there is no such role';
COMMENT ON FUNCTION @extschema@.cdr_role_out(@extschema@.cdr_role) IS
    'Writes a role as its current name, or as an empty string if the role was dropped';
COMMENT ON CAST (@extschema@.cdr_role AS oid) IS
    'The role''s OID';
COMMENT ON CAST (oid AS @extschema@.cdr_role) IS
    'The role with that OID';

CREATE TABLE @extschema@.cdr_role_access (
    role    @extschema@.cdr_role NOT NULL,
    access  text NOT NULL,
    tenant  text,
    CONSTRAINT cdr_role_access_known CHECK (access IN ('tenant', 'all tenants', 'import', 'purge')),
    CONSTRAINT cdr_role_access_names_tenant
        CHECK ((access = 'tenant') = (tenant IS NOT NULL))
);
CREATE UNIQUE INDEX cdr_role_access_tenant_idx
    ON @extschema@.cdr_role_access (role, tenant) WHERE tenant IS NOT NULL;
CREATE UNIQUE INDEX cdr_role_access_other_idx
    ON @extschema@.cdr_role_access (role, access) WHERE tenant IS NULL;
-- So that the table can be published: changes and deletions are found by the whole entry.
ALTER TABLE @extschema@.cdr_role_access REPLICA IDENTITY FULL;

-- pg_dump includes the entries, except those of roles that have been dropped.
SELECT pg_catalog.pg_extension_config_dump('@extschema@.cdr_role_access',
    'WHERE EXISTS (SELECT FROM pg_catalog.pg_roles AS r WHERE r.oid OPERATOR(pg_catalog.=) role)');

COMMENT ON TABLE @extschema@.cdr_role_access IS
    'What each role may see and do; maintained by cdr_grant_tenant, cdr_grant_all_tenants, cdr_grant_import, cdr_grant_purge and cdr_revoke, which grant and revoke the privileges too';
COMMENT ON COLUMN @extschema@.cdr_role_access.role IS
    'The role; its members have the same access';
COMMENT ON COLUMN @extschema@.cdr_role_access.access IS
    'tenant: sees the records of one tenant; all tenants: sees all records; import: sees all records and imports new ones; purge: sees all records and removes old ones';
COMMENT ON COLUMN @extschema@.cdr_role_access.tenant IS
    'The tenant, spelled as in TenantName; NULL unless access is tenant';
COMMENT ON CONSTRAINT cdr_role_access_known ON @extschema@.cdr_role_access IS
    'access must be one of the four kinds';
COMMENT ON CONSTRAINT cdr_role_access_names_tenant ON @extschema@.cdr_role_access IS
    'tenant is set if and only if access is tenant';
COMMENT ON INDEX @extschema@.cdr_role_access_tenant_idx IS
    'A role has one entry for a tenant';
COMMENT ON INDEX @extschema@.cdr_role_access_other_idx IS
    'A role has one entry each for all tenants, import and purge';

-- Sessions cache what their role may see; any change of an entry makes them reload it. ALWAYS, and for
-- each row, so that changes by logical replication count too.
CREATE FUNCTION @extschema@.cdr_role_access_changes()
RETURNS trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_role_access_changes';
COMMENT ON FUNCTION @extschema@.cdr_role_access_changes() IS
    'Makes all sessions reload the entries';
REVOKE ALL ON FUNCTION @extschema@.cdr_role_access_changes() FROM PUBLIC;

CREATE TRIGGER cdr_role_access_changed
    AFTER INSERT OR UPDATE OR DELETE ON @extschema@.cdr_role_access
    FOR EACH ROW EXECUTE FUNCTION @extschema@.cdr_role_access_changes();
CREATE TRIGGER cdr_role_access_truncated
    AFTER TRUNCATE ON @extschema@.cdr_role_access
    FOR EACH STATEMENT EXECUTE FUNCTION @extschema@.cdr_role_access_changes();
ALTER TABLE @extschema@.cdr_role_access ENABLE ALWAYS TRIGGER cdr_role_access_changed;
ALTER TABLE @extschema@.cdr_role_access ENABLE ALWAYS TRIGGER cdr_role_access_truncated;
COMMENT ON TRIGGER cdr_role_access_changed ON @extschema@.cdr_role_access IS
    'Makes all sessions reload the entries';
COMMENT ON TRIGGER cdr_role_access_truncated ON @extschema@.cdr_role_access IS
    'Makes all sessions reload the entries';

-- DROP OWNED revokes a role's privileges before the role can be dropped; its entries are deleted too.
CREATE FUNCTION @extschema@.cdr_drop_owned_access()
RETURNS event_trigger
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1
AS 'MODULE_PATHNAME', 'vidyo_cdr_drop_owned_access';
COMMENT ON FUNCTION @extschema@.cdr_drop_owned_access() IS
    'Deletes a role''s entries in cdr_role_access when DROP OWNED revokes its privileges';
REVOKE ALL ON FUNCTION @extschema@.cdr_drop_owned_access() FROM PUBLIC;
CREATE EVENT TRIGGER vidyo_cdr_drop_owned_access
    ON ddl_command_end
    WHEN TAG IN ('DROP OWNED')
    EXECUTE FUNCTION @extschema@.cdr_drop_owned_access();
ALTER EVENT TRIGGER vidyo_cdr_drop_owned_access ENABLE ALWAYS;
COMMENT ON EVENT TRIGGER vidyo_cdr_drop_owned_access IS
    'Deletes a role''s entries when DROP OWNED revokes its privileges';

CREATE VIEW @extschema@.cdr_access WITH (security_invoker = true) AS
SELECT r.oid::pg_catalog.regrole AS role, a.access, a.tenant,
       a.role::oid::pg_catalog.regrole AS through
FROM pg_catalog.pg_roles AS r
JOIN @extschema@.cdr_role_access AS a ON pg_catalog.pg_has_role(r.oid, a.role::oid, 'USAGE')
WHERE NOT r.rolsuper
UNION ALL
SELECT r.oid::pg_catalog.regrole, 'everything', NULL,
       CASE WHEN r.rolsuper OR r.rolbypassrls THEN r.oid ELSE c.relowner END::pg_catalog.regrole
FROM pg_catalog.pg_roles AS r
JOIN pg_catalog.pg_class AS c
    ON c.oid = '@extschema@.conferencecall2'::pg_catalog.regclass
WHERE r.rolsuper
   OR pg_catalog.pg_has_role(r.oid, c.relowner, 'USAGE')
   OR (r.rolbypassrls AND pg_catalog.has_table_privilege(r.oid, c.oid, 'SELECT'));
COMMENT ON VIEW @extschema@.cdr_access IS
    'Which role may see and do what, directly or as a member of another role';
COMMENT ON COLUMN @extschema@.cdr_access.role IS
    'The role with the access';
COMMENT ON COLUMN @extschema@.cdr_access.access IS
    'tenant, all tenants, import or purge, as granted; everything: superusers, the table''s owner, and roles that are exempt from row security';
COMMENT ON COLUMN @extschema@.cdr_access.tenant IS
    'The tenant whose records the role sees; NULL unless access is tenant';
COMMENT ON COLUMN @extschema@.cdr_access.through IS
    'The role to which the access was granted: the role itself, or one of which it is a member';

