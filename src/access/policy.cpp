// The functions that the policies on ConferenceCall2 call for each record.
#include "access/functions.hpp"
#include "access/role_access.hpp"
#include "base/placement.hpp"
#include "base/postgres.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

// The access of a role, for a function of a statement, which takes in changes with its first
// record.
RoleAccess &AccessFor(FmgrInfo *function, Oid role) {
  if (function->fn_extra == nullptr) {
    NoticeAccessChanges();
    function->fn_extra = function;  // noted: any pointer will do
  }
  return AccessOfRole(role);
}

// Whether the role sees the tenant of the first argument.
bool SeesTenant(FunctionCallInfo fcinfo, Oid role) {
  const std::string_view tenant = TextOf(PG_GETARG_DATUM(0));
  RoleAccess &access = AccessFor(fcinfo->flinfo, role);
  return access.all_tenants || access.tenants.Contains(tenant);
}

// Whether the role that a policy asks for sees the tenant: the current one, or a view's owner.
bool PolicySeesTenant(FunctionCallInfo fcinfo) {
  const Oid role = PG_GETARG_OID(1);
  return SeesTenant(fcinfo, OidIsValid(role) ? role : GetUserId());
}

// The same for a view's owner where the objects are those of version 1.0 or 1.1. Other roles'
// access is told to plans only, which show no more than the records of a view.
bool ViewOwnerSeesTenant(FunctionCallInfo fcinfo) {
  if (!get_fn_expr_variadic(fcinfo->flinfo)) {
    ereport(ERROR,
            (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
             errmsg("cdr_view_owner_sees_tenant cannot be called in a query"),
             errhint("Use cdr_sees_tenant to find out whether the current role sees a tenant.")));
  }
  return SeesTenant(fcinfo, PG_GETARG_OID(1));
}

bool MayImport(FunctionCallInfo fcinfo) { return AccessFor(fcinfo->flinfo, GetUserId()).import; }

bool MayPurge(FunctionCallInfo fcinfo) { return AccessFor(fcinfo->flinfo, GetUserId()).purge; }

}  // namespace

Datum CdrSeesTenant(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(SeesTenant(fcinfo, GetUserId())); }

// For the policy while the records are distributed. Asks once for each statement whether this node
// has the entries.
Datum CdrShardSeesTenant(FunctionCallInfo fcinfo) {
  if (fcinfo->flinfo->fn_extra == nullptr) {
    RequireSharedAccess();
  }
  PG_RETURN_BOOL(SeesTenant(fcinfo, GetUserId()));
}

Datum CdrPolicySeesTenant(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(PolicySeesTenant(fcinfo)); }

Datum CdrViewOwnerSeesTenant(FunctionCallInfo fcinfo) {
  PG_RETURN_BOOL(ViewOwnerSeesTenant(fcinfo));
}

Datum CdrMayImport(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(MayImport(fcinfo)); }

Datum CdrMayPurge(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(MayPurge(fcinfo)); }

}  // namespace vidyo_cdr
