// cdr_grant_tenant, cdr_grant_all_tenants, cdr_grant_import and cdr_revoke: entries of
// cdr_role_access, with the privileges that go with them. As the caller, who therefore has to own
// both or be a superuser.
#include "access_entries.hpp"
#include "access_privileges.hpp"
#include "arguments.hpp"
#include "guard.hpp"
#include "pg_headers.hpp"
#include "statement.hpp"

namespace vidyo_cdr {

namespace {

// The schema that the called function is in.
Oid SchemaOf(FunctionCallInfo fcinfo) { return get_func_namespace(fcinfo->flinfo->fn_oid); }

// The first argument, a role that exists.
Oid RoleArgument(FunctionCallInfo fcinfo) {
  RequireArgument(fcinfo, 0, "role");
  const Oid role = PG_GETARG_OID(0);
  if (!SearchSysCacheExists1(AUTHOID, ObjectIdGetDatum(role))) {
    ereport(ERROR,
            (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("role with OID %u does not exist", role),
             errhint("Give the name of a role that pg_roles lists.")));
  }
  return role;
}

// Lets one transaction at a time change access: of two that grant on the same table at once,
// PostgreSQL ends one with an internal error. Statements on cdr_role_access do not wait.
void LockAccess(FunctionCallInfo fcinfo) {
  // A standby would refuse the lock with a message that speaks of locks only.
  PreventCommandIfReadOnly(psprintf("%s()", get_func_name(fcinfo->flinfo->fn_oid)));
  const Oid table = FindAccessTable(SchemaOf(fcinfo));
  if (OidIsValid(table)) {
    LockRelationOid(table, ShareUpdateExclusiveLock);
  }
}

// Entries of roles that have been dropped mean nothing.
void DeleteEntriesOfDroppedRoles(const char *schema) {
  RunStatement(
      psprintf("DELETE FROM %s.cdr_role_access WHERE NOT EXISTS (SELECT FROM pg_catalog.pg_roles"
               " AS r WHERE r.oid OPERATOR(pg_catalog.=) role)",
               quote_identifier(schema)),
      SPI_OK_DELETE, {});
}

Datum Grant(FunctionCallInfo fcinfo, const char *access, const text *tenant) {
  LockAccess(fcinfo);
  const Oid role = RoleArgument(fcinfo);  // it may have been dropped meanwhile
  const char *schema = get_namespace_name(SchemaOf(fcinfo));
  SPI_connect();
  DeleteEntriesOfDroppedRoles(schema);
  RunStatement(psprintf("INSERT INTO %s.cdr_role_access (role, access, tenant)"
                        " VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                        quote_identifier(schema)),
               SPI_OK_INSERT,
               {{OIDOID, ObjectIdGetDatum(role)},
                {TEXTOID, CStringGetTextDatum(access)},
                {TEXTOID, PointerGetDatum(tenant), tenant == nullptr}});
  SyncPrivileges(role, SchemaOf(fcinfo));
  SPI_finish();
  PG_RETURN_VOID();
}

Datum GrantTenant(FunctionCallInfo fcinfo) {
  RequireArgument(fcinfo, 1, "tenant", "cdr_grant_all_tenants grants access to all tenants.");
  return Grant(fcinfo, kTenantAccess, PG_GETARG_TEXT_PP(1));
}

// Takes away one tenant, or everything without one.
Datum Revoke(FunctionCallInfo fcinfo) {
  LockAccess(fcinfo);
  const Oid role = RoleArgument(fcinfo);  // it may have been dropped meanwhile
  const char *schema = get_namespace_name(SchemaOf(fcinfo));
  const text *tenant = PG_ARGISNULL(1) ? nullptr : PG_GETARG_TEXT_PP(1);
  SPI_connect();
  DeleteEntriesOfDroppedRoles(schema);
  const uint64_t deleted =
      RunStatement(psprintf("DELETE FROM %s.cdr_role_access WHERE role OPERATOR(pg_catalog.=) $1"
                            " AND ($3 IS NULL OR access OPERATOR(pg_catalog.=) $2"
                            " AND tenant OPERATOR(pg_catalog.=) $3)",
                            quote_identifier(schema)),
                   SPI_OK_DELETE,
                   {{OIDOID, ObjectIdGetDatum(role)},
                    {TEXTOID, CStringGetTextDatum(kTenantAccess)},
                    {TEXTOID, PointerGetDatum(tenant), tenant == nullptr}});
  if (deleted == 0) {
    ereport(NOTICE, (errmsg("role \"%s\" had no such access to call detail records",
                            GetUserNameFromId(role, false)),
                     errhint("cdr_access shows what was granted to whom.")));
  } else {
    SyncPrivileges(role, SchemaOf(fcinfo));
  }
  SPI_finish();
  PG_RETURN_VOID();
}

}  // namespace

}  // namespace vidyo_cdr

extern "C" {

PG_FUNCTION_INFO_V1(vidyo_cdr_grant_tenant);
PG_FUNCTION_INFO_V1(vidyo_cdr_grant_all_tenants);
PG_FUNCTION_INFO_V1(vidyo_cdr_grant_import);
PG_FUNCTION_INFO_V1(vidyo_cdr_revoke);

Datum vidyo_cdr_grant_tenant(PG_FUNCTION_ARGS) {
  VIDYO_CDR_GUARD(return vidyo_cdr::GrantTenant(fcinfo));
}

Datum vidyo_cdr_grant_all_tenants(PG_FUNCTION_ARGS) {
  VIDYO_CDR_GUARD(return vidyo_cdr::Grant(fcinfo, vidyo_cdr::kAllTenantsAccess, nullptr));
}

Datum vidyo_cdr_grant_import(PG_FUNCTION_ARGS) {
  VIDYO_CDR_GUARD(return vidyo_cdr::Grant(fcinfo, vidyo_cdr::kImportAccess, nullptr));
}

Datum vidyo_cdr_revoke(PG_FUNCTION_ARGS) { VIDYO_CDR_GUARD(return vidyo_cdr::Revoke(fcinfo)); }

}  // extern "C"
