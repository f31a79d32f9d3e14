// Looking at the table's policies as PostgreSQL applies them.
#include "grants/row_security.hpp"

namespace vidyo_cdr {

namespace {

// What the extension's scripts put on the table.
struct OwnPolicy {
  const char *name;
  char command;
  bool checks_new_rows;
  bool is_for_purging;
};

constexpr OwnPolicy kOwnPolicies[] = {{"cdr_tenants", ACL_SELECT_CHR, false, false},
                                      {"cdr_import_insert", ACL_INSERT_CHR, true, false},
                                      {"cdr_import_update", ACL_UPDATE_CHR, false, false},
                                      {"cdr_purge_delete", ACL_DELETE_CHR, false, true}};

// Whether a condition is a call of one of the extension's functions, and no more.
bool AsksExtension(const Extension &extension, const Expr *condition) {
  return condition != nullptr && IsA(condition, FuncExpr) &&
         getExtensionOfObject(ProcedureRelationId,
                              reinterpret_cast<const FuncExpr *>(condition)->funcid) ==
             extension.oid;
}

bool IsOwnPolicy(const Extension &extension, const OwnPolicy &own,
                 const RowSecurityPolicy *policy) {
  return strcmp(policy->policy_name, own.name) == 0 && policy->polcmd == own.command &&
         AsksExtension(extension, own.checks_new_rows ? policy->with_check_qual : policy->qual);
}

bool HasPolicy(const Extension &extension, Relation relation, const OwnPolicy &own) {
  if (relation->rd_rsdesc == nullptr) {
    return false;
  }
  ListCell *cell;
  foreach (cell, relation->rd_rsdesc->policies) {
    if (IsOwnPolicy(extension, own, static_cast<const RowSecurityPolicy *>(lfirst(cell)))) {
      return true;
    }
  }
  return false;
}

// The first of the extension's policies that the table lacks, nullptr when it has them all.
const OwnPolicy *FindMissing(const Extension &extension, Relation relation, bool for_purging) {
  for (const OwnPolicy &own : kOwnPolicies) {
    if ((for_purging || !own.is_for_purging) && !HasPolicy(extension, relation, own)) {
      return &own;
    }
  }
  return nullptr;
}

}  // namespace

void RequireRowSecurity(const Extension &extension, Oid table, bool for_purging) {
  Relation relation = table_open(table, NoLock);
  const bool is_enabled = relation->rd_rel->relrowsecurity;
  const OwnPolicy *missing = FindMissing(extension, relation, for_purging);
  table_close(relation, NoLock);
  if (is_enabled && missing == nullptr) {
    return;
  }

  const char *name = quote_qualified_identifier(extension.schema_name, "conferencecall2");
  ereport(ERROR,
          (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
           is_enabled
               ? errmsg("policy %s on table %s is missing or has been changed", missing->name, name)
               : errmsg("row security is disabled on table %s", name),
           errdetail("Tenants would not be separated from each other."),
           is_enabled
               ? errhint("Recreate the policy as docs/security.md shows, then run the grant again.")
               : errhint("Run ALTER TABLE %s ENABLE ROW LEVEL SECURITY, then run the grant again.",
                         name)));
}

}  // namespace vidyo_cdr
