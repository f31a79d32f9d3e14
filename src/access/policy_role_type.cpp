// The type cdr_policy_role: the role that a policy of the extension asks for. Only the extension's
// scripts and the planner make its values: whoever could write one could ask what others see.
#include "access/policy_role_type.hpp"

#include "access/functions.hpp"
#include "base/extension.hpp"
#include "base/statement.hpp"

namespace vidyo_cdr {

namespace {

// As it stands in the policy; in a plan it can be the owner of a view.
constexpr const char *kCurrentRole = "current role";

bool runs_policy_statement = false;

// Whether the statement belongs to the extension or its scripts, or to pg_upgrade, which repeats
// these.
bool IsOurs() {
  return runs_policy_statement || IsBinaryUpgrade ||
         (creating_extension && CurrentExtensionObject == FindExtension().oid);
}

Datum ReadPolicyRole(const char *text) {
  if (!IsOurs() || strcmp(text, kCurrentRole) != 0) {
    ereport(ERROR,
            (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
             errmsg("cannot accept a value of type cdr_policy_role"),
             errhint("Use cdr_sees_tenant to find out whether the current role sees a tenant.")));
  }
  PG_RETURN_OID(InvalidOid);
}

Datum WritePolicyRole(Oid role) {
  const char *name = OidIsValid(role) ? GetUserNameFromId(role, true) : kCurrentRole;
  PG_RETURN_CSTRING(pstrdup(name != nullptr ? name : ""));
}

}  // namespace

void RunPolicyStatement(const char *statement) {
  runs_policy_statement = true;
  PG_TRY();
  { RunStatement(statement, SPI_OK_UTILITY, {}); }
  PG_FINALLY();
  { runs_policy_statement = false; }
  PG_END_TRY();
}

Datum CdrPolicyRoleIn(FunctionCallInfo fcinfo) { return ReadPolicyRole(PG_GETARG_CSTRING(0)); }

Datum CdrPolicyRoleOut(FunctionCallInfo fcinfo) { return WritePolicyRole(PG_GETARG_OID(0)); }

}  // namespace vidyo_cdr
