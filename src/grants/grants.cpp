// cdr_grant_tenant, cdr_grant_all_tenants, cdr_grant_import, cdr_grant_purge and cdr_revoke:
// entries of cdr_role_access, with the privileges that go with them. As the caller, who therefore
// has to own both or be a superuser.
#include "grants/functions.hpp"
#include "access/entries.hpp"
#include "base/extension.hpp"
#include "base/placement.hpp"
#include "base/postgres.hpp"
#include "base/statement.hpp"
#include "base/values.hpp"
#include "grants/dropped_roles.hpp"
#include "grants/privileges.hpp"
#include "grants/row_security.hpp"
#include "records/unknown_tenant.hpp"

namespace vidyo_cdr {

namespace {

// The first argument, a role that exists.
Oid RoleArgument(FunctionCallInfo fcinfo) {
  RequireArgument(fcinfo, 0, "role");
  const Oid role = PG_GETARG_OID(0);
  if (!SearchSysCacheExists1(AUTHOID, ObjectIdGetDatum(role))) {
    ereport(ERROR,
            (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("role with OID %u does not exist", role),
             errhint("The view pg_roles lists the existing roles.")));
  }
  return role;
}

// Lets one transaction at a time change access, and returns the table of entries: of two that grant
// on the same table at once, PostgreSQL ends one with an internal error. Statements on
// cdr_role_access do not wait. Whatever is looked up, is looked up behind this.
Oid LockAccess(const char *function) {
  // A standby would refuse the lock with a message that speaks of locks only.
  PreventCommandIfReadOnly(function);
  return LockMemberTable(kAccessTable, ShareUpdateExclusiveLock);
}

// A role as a value of the table of entries, which Citus hands to other nodes by its name: there it
// has another OID.
Parameter RoleParameter(Oid access_table, Oid role) {
  constexpr AttrNumber kRole = 1;
  return {get_atttype(access_table, kRole), ObjectIdGetDatum(role)};
}

Datum Grant(FunctionCallInfo fcinfo, const char *function, const char *access, text *tenant) {
  const Oid access_table = LockAccess(function);
  const Oid table = LockMemberTable("conferencecall2", AccessShareLock);
  const Extension extension = GetExtension();
  AccessNeeds needs;
  needs.Add(access);
  RequireRowSecurity(extension, table, needs.purging);
  const Oid role = RoleArgument(fcinfo);  // it may have been dropped meanwhile
  SPI_connect();
  DeleteEntriesOfDroppedRoles(extension, access_table);
  RunStatement(psprintf(R"sql(
INSERT INTO %s.cdr_role_access (role, access, tenant) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING)sql",
                        extension.quoted_schema),
               SPI_OK_INSERT,
               {RoleParameter(access_table, role), TextParameter(access), TextParameter(tenant)});
  GrantPrivileges(role, needs);
  SPI_finish();
  if (tenant != nullptr) {
    NoticeUnknownTenant(table, tenant);
  }
  PG_RETURN_VOID();
}

// Deletes a role's entry for one tenant, or all its entries without one, and returns what they
// needed.
AccessNeeds DeleteEntries(const Extension &extension, const Parameter &role, const text *tenant) {
  const uint64_t deleted = RunStatement(
      psprintf(R"sql(
DELETE FROM %s.cdr_role_access
WHERE role OPERATOR(pg_catalog.=) $1
    AND ($3 IS NULL OR access OPERATOR(pg_catalog.=) $2 AND tenant OPERATOR(pg_catalog.=) $3)
RETURNING access)sql",
               extension.quoted_schema),
      SPI_OK_DELETE_RETURNING, {role, TextParameter(kTenantAccess), TextParameter(tenant)});
  AccessNeeds needs;
  for (uint64_t row = 0; row < deleted; row++) {
    needs.Add(TextDatumGetCString(ResultValue(static_cast<int>(row), 1)));
  }
  SPI_freetuptable(SPI_tuptable);
  return needs;
}

}  // namespace

Datum CdrGrantTenant(FunctionCallInfo fcinfo) {
  RequireArgument(fcinfo, 1, "tenant", "Use cdr_grant_all_tenants to grant access to all tenants.");
  return Grant(fcinfo, "cdr_grant_tenant()", kTenantAccess, PG_GETARG_TEXT_PP(1));
}

Datum CdrGrantAllTenants(FunctionCallInfo fcinfo) {
  return Grant(fcinfo, "cdr_grant_all_tenants()", kAllTenantsAccess, nullptr);
}

Datum CdrGrantImport(FunctionCallInfo fcinfo) {
  return Grant(fcinfo, "cdr_grant_import()", kImportAccess, nullptr);
}

Datum CdrGrantPurge(FunctionCallInfo fcinfo) {
  return Grant(fcinfo, "cdr_grant_purge()", kPurgeAccess, nullptr);
}

// Takes away one tenant, or everything without one.
Datum CdrRevoke(FunctionCallInfo fcinfo) {
  const Oid access_table = LockAccess("cdr_revoke()");
  const Oid role = RoleArgument(fcinfo);  // it may have been dropped meanwhile
  const Extension extension = GetExtension();
  SPI_connect();
  DeleteEntriesOfDroppedRoles(extension, access_table);
  AccessNeeds needs = DeleteEntries(extension, RoleParameter(access_table, role),
                                    PG_ARGISNULL(1) ? nullptr : PG_GETARG_TEXT_PP(1));
  if (!needs.reading) {
    ereport(NOTICE, (errmsg("role \"%s\" has not been granted this access to call detail records",
                            GetUserNameFromId(role, false)),
                     errhint("The view cdr_access shows which roles have which access.")));
  } else {
    const AccessNeeds left = NeedsOfRole(role, access_table);
    RevokePrivileges(role, {needs.reading && !left.reading, needs.importing && !left.importing,
                            needs.purging && !left.purging});
  }
  SPI_finish();
  PG_RETURN_VOID();
}

}  // namespace vidyo_cdr
