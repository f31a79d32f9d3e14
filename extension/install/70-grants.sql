-- Granting and revoking access. The functions run as their caller, who has to be a superuser or the
-- owner of the table; src/grants/privileges.cpp lists the privileges that come with an entry.

CREATE FUNCTION @extschema@.cdr_grant_tenant(role regrole, tenant text)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000
AS 'MODULE_PATHNAME', 'vidyo_cdr_grant_tenant';
COMMENT ON FUNCTION @extschema@.cdr_grant_tenant(regrole, text) IS
    'Lets a role and its members see and export the records of a tenant, spelled as in TenantName';
REVOKE ALL ON FUNCTION @extschema@.cdr_grant_tenant(regrole, text) FROM PUBLIC;

CREATE FUNCTION @extschema@.cdr_grant_all_tenants(role regrole)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000
AS 'MODULE_PATHNAME', 'vidyo_cdr_grant_all_tenants';
COMMENT ON FUNCTION @extschema@.cdr_grant_all_tenants(regrole) IS
    'Lets a role and its members see and export the records of all tenants';
REVOKE ALL ON FUNCTION @extschema@.cdr_grant_all_tenants(regrole) FROM PUBLIC;

CREATE FUNCTION @extschema@.cdr_grant_import(role regrole)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000
AS 'MODULE_PATHNAME', 'vidyo_cdr_grant_import';
COMMENT ON FUNCTION @extschema@.cdr_grant_import(regrole) IS
    'Lets a role and its members import records of all tenants, and therefore see them all';
REVOKE ALL ON FUNCTION @extschema@.cdr_grant_import(regrole) FROM PUBLIC;

CREATE FUNCTION @extschema@.cdr_grant_purge(role regrole)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000
AS 'MODULE_PATHNAME', 'vidyo_cdr_grant_purge';
COMMENT ON FUNCTION @extschema@.cdr_grant_purge(regrole) IS
    'Lets a role and its members purge old records of all tenants, and therefore see them all';
REVOKE ALL ON FUNCTION @extschema@.cdr_grant_purge(regrole) FROM PUBLIC;

CREATE FUNCTION @extschema@.cdr_revoke(role regrole, tenant text DEFAULT NULL)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000
AS 'MODULE_PATHNAME', 'vidyo_cdr_revoke';
COMMENT ON FUNCTION @extschema@.cdr_revoke(regrole, text) IS
    'Revokes access to a tenant from a role, or all its access if tenant is NULL; revokes the privileges with the last entry';
REVOKE ALL ON FUNCTION @extschema@.cdr_revoke(regrole, text) FROM PUBLIC;

