// The functions of access that SQL calls, through the list in module.cpp; their comments are in
// extension/install.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

Datum CdrPolicySupport(FunctionCallInfo fcinfo);
Datum CdrSeesTenantSupport(FunctionCallInfo fcinfo);
Datum CdrSeesTenant(FunctionCallInfo fcinfo);
Datum CdrShardSeesTenant(FunctionCallInfo fcinfo);
Datum CdrShardSeesAll(FunctionCallInfo fcinfo);
Datum CdrPolicySeesTenant(FunctionCallInfo fcinfo);
Datum CdrViewOwnerSeesTenant(FunctionCallInfo fcinfo);
Datum CdrMayImport(FunctionCallInfo fcinfo);
Datum CdrMayPurge(FunctionCallInfo fcinfo);
Datum CdrRoleAccessChanges(FunctionCallInfo fcinfo);
Datum CdrDropOwnedAccess(FunctionCallInfo fcinfo);
Datum CdrPolicyRoleIn(FunctionCallInfo fcinfo);
Datum CdrPolicyRoleOut(FunctionCallInfo fcinfo);
Datum CdrRoleIn(FunctionCallInfo fcinfo);
Datum CdrRoleOut(FunctionCallInfo fcinfo);

}  // namespace vidyo_cdr
