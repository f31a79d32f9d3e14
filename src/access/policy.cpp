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

// Asks once for each statement whether this node of a cluster has the entries.
void RequireEntries(const FmgrInfo *function) {
  if (function->fn_extra == nullptr) {
    RequireSharedAccess();
  }
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

// Whether the access covers the tenants of an array, nullptr: all that there are.
bool Covers(RoleAccess *access, ArrayType *tenants) {
  if (access->all_tenants || tenants == nullptr) {
    return access->all_tenants;
  }
  Datum *names;
  bool *nulls;
  int count;
  deconstruct_array(tenants, TEXTOID, -1, false, TYPALIGN_INT, &names, &nulls, &count);
  for (int i = 0; i < count; i++) {
    if (!nulls[i] && !access->tenants.Contains(TextOf(names[i]))) {
      return false;
    }
  }
  return true;
}

bool MayImport(FunctionCallInfo fcinfo) { return AccessFor(fcinfo->flinfo, GetUserId()).import; }

bool MayPurge(FunctionCallInfo fcinfo) { return AccessFor(fcinfo->flinfo, GetUserId()).purge; }

}  // namespace

Datum CdrSeesTenant(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(SeesTenant(fcinfo, GetUserId())); }

// For the policy while the records are distributed.
Datum CdrShardSeesTenant(FunctionCallInfo fcinfo) {
  RequireEntries(fcinfo->flinfo);
  PG_RETURN_BOOL(SeesTenant(fcinfo, GetUserId()));
}

// For queries of shards: raises 55000 unless this node would show the current role the tenants that
// the coordinator asks for.
Datum CdrShardSeesAll(FunctionCallInfo fcinfo) {
  RequireEntries(fcinfo->flinfo);
  RoleAccess &access = AccessFor(fcinfo->flinfo, GetUserId());
  if (!Covers(&access, PG_ARGISNULL(0) ? nullptr : PG_GETARG_ARRAYTYPE_P(0))) {
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("role \"%s\" has less access to records on this node of the Citus cluster "
                    "than on the coordinator",
                    GetUserNameFromId(GetUserId(), false)),
             errhint("Make it a member of the same roles on all nodes.")));
  }
  PG_RETURN_BOOL(true);
}

Datum CdrPolicySeesTenant(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(PolicySeesTenant(fcinfo)); }

Datum CdrViewOwnerSeesTenant(FunctionCallInfo fcinfo) {
  PG_RETURN_BOOL(ViewOwnerSeesTenant(fcinfo));
}

Datum CdrMayImport(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(MayImport(fcinfo)); }

Datum CdrMayPurge(FunctionCallInfo fcinfo) { PG_RETURN_BOOL(MayPurge(fcinfo)); }

}  // namespace vidyo_cdr
