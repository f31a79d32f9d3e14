// Finding the tenants that an export reads.
#include "records/scope.hpp"

#include <algorithm>

#include "access/role_access.hpp"
#include "base/memory.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

// Whether a policy holds for a role.
bool HoldsFor(const RowSecurityPolicy *policy, Oid role) {
  const auto *roles = reinterpret_cast<const Oid *>(ARR_DATA_PTR(policy->roles));
  const int count = ARR_DIMS(policy->roles)[0];
  return std::any_of(roles, roles + count, [role](Oid named) {
    return named == ACL_ID_PUBLIC || has_privs_of_role(role, named);
  });
}

// Whether a policy can show the role records that the extension's own policy does not.
bool CanShowMore(const RowSecurityPolicy *policy, Oid role) {
  const bool for_select = policy->polcmd == '*' || policy->polcmd == ACL_SELECT_CHR;
  return policy->permissive && for_select && strcmp(policy->policy_name, "cdr_tenants") != 0 &&
         HoldsFor(policy, role);
}

// Whether somebody has added a policy that can show the role more than it was granted.
bool HasOtherPolicies(Oid table, Oid role) {
  Relation relation = table_open(table, AccessShareLock);
  bool can_show_more = false;
  if (relation->rd_rsdesc != nullptr) {
    ListCell *cell;
    foreach (cell, relation->rd_rsdesc->policies) {
      can_show_more |= CanShowMore(static_cast<const RowSecurityPolicy *>(lfirst(cell)), role);
    }
  }
  table_close(relation, NoLock);
  return can_show_more;
}

// Whether the role sees what it was granted, and no more.
bool SeesByGrant(Oid table, Oid role) {
  return PoliciesHold(table) && !HasOtherPolicies(table, role);
}

// What the role was granted, unless that is all tenants.
RoleAccess *FindTenants(Oid role) {
  NoticeAccessChanges();
  RoleAccess *access = &AccessOfRole(role);
  return access->all_tenants ? nullptr : access;
}

RecordScope ScopeOfTenants(Datum *tenants, int count) {
  RecordScope scope;
  scope.by_tenant = true;
  scope.tenants = construct_array(tenants, count, TEXTOID, -1, false, TYPALIGN_INT);
  scope.tenant_count = count;
  return scope;
}

// The one tenant that was asked for, or none when the caller does not see it.
RecordScope ScopeOfRequested(Datum tenant, bool is_seen) {
  return ScopeOfTenants(&tenant, is_seen ? 1 : 0);
}

RecordScope ScopeOfGranted(const TenantSet &granted) {
  auto *tenants = AllocateArray<Datum>(static_cast<int64_t>(granted.Size()));
  std::transform(granted.begin(), granted.end(), tenants, TextDatum);
  return ScopeOfTenants(tenants, static_cast<int>(granted.Size()));
}

// The tenants of a request by a role that was granted these only; nullptr: it may see all.
RecordScope ScopeOf(const RecordRequest &request, RoleAccess *only) {
  if (request.tenant != nullptr) {
    const Datum tenant = PointerGetDatum(request.tenant);
    return ScopeOfRequested(tenant, only == nullptr || only->tenants.Contains(TextOf(tenant)));
  }
  return only == nullptr ? RecordScope() : ScopeOfGranted(only->tenants);
}

}  // namespace

bool CallerMayRead(const Extension &extension, Oid table) {
#if PG_VERSION_NUM >= 160000
  const AclResult usage =
      object_aclcheck(NamespaceRelationId, extension.schema, GetUserId(), ACL_USAGE);
#else
  const AclResult usage = pg_namespace_aclcheck(extension.schema, GetUserId(), ACL_USAGE);
#endif
  return usage == ACLCHECK_OK && pg_class_aclcheck(table, GetUserId(), ACL_SELECT) == ACLCHECK_OK;
}

bool CallerSeesAll(Oid table) {
  return !PoliciesHold(table) || AccessOfRole(GetUserId()).all_tenants;
}

bool CallerMayPurge(Oid table) { return !PoliciesHold(table) || AccessOfRole(GetUserId()).purge; }

RecordScope FindRecordScope(Oid table, const RecordRequest &request) {
  const bool sees_by_grant = SeesByGrant(table, GetUserId());
  RoleAccess *only = sees_by_grant ? FindTenants(GetUserId()) : nullptr;
  RecordScope scope = ScopeOf(request, only);
  scope.placement = PlacementOf(table);
  scope.asks_nodes = sees_by_grant && scope.placement == Placement::kOnNodes;
  return scope;
}

}  // namespace vidyo_cdr
