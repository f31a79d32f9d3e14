-- Granting and revoking access. The functions run as their caller, who has to be a superuser or the
-- owner of the table; the privileges that go with an entry stand in src/grants/privileges.cpp.

CREATE FUNCTION @extschema@.cdr_grant_tenant(role regrole, tenant text)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000
AS 'MODULE_PATHNAME', 'vidyo_cdr_grant_tenant';
COMMENT ON FUNCTION @extschema@.cdr_grant_tenant(regrole, text) IS
    'Lets a role, and its members, see and export the records of a tenant, named as in TenantName';
REVOKE ALL ON FUNCTION @extschema@.cdr_grant_tenant(regrole, text) FROM PUBLIC;

CREATE FUNCTION @extschema@.cdr_grant_all_tenants(role regrole)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000
AS 'MODULE_PATHNAME', 'vidyo_cdr_grant_all_tenants';
COMMENT ON FUNCTION @extschema@.cdr_grant_all_tenants(regrole) IS
    'Lets a role, and its members, see and export the records of all tenants';
REVOKE ALL ON FUNCTION @extschema@.cdr_grant_all_tenants(regrole) FROM PUBLIC;

CREATE FUNCTION @extschema@.cdr_grant_import(role regrole)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000
AS 'MODULE_PATHNAME', 'vidyo_cdr_grant_import';
COMMENT ON FUNCTION @extschema@.cdr_grant_import(regrole) IS
    'Lets a role, and its members, bring in records of all tenants, and so see them all';
REVOKE ALL ON FUNCTION @extschema@.cdr_grant_import(regrole) FROM PUBLIC;

CREATE FUNCTION @extschema@.cdr_revoke(role regrole, tenant text DEFAULT NULL)
RETURNS void
LANGUAGE c VOLATILE PARALLEL UNSAFE COST 1000
AS 'MODULE_PATHNAME', 'vidyo_cdr_revoke';
COMMENT ON FUNCTION @extschema@.cdr_revoke(regrole, text) IS
    'Takes a tenant away from a role, or, without a tenant, all that it was granted; the privileges go with the last entry';
REVOKE ALL ON FUNCTION @extschema@.cdr_revoke(regrole, text) FROM PUBLIC;

