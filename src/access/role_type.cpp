// The type cdr_role: a role's OID that is read and written as the role's name.
#include "access/functions.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

namespace {

// Mostly called by the restore of a dump, which is why the hint tells how to go on there.
Datum ReadRole(const char *name) {
  const Oid role = get_role_oid(name, true);
  if (!OidIsValid(role)) {
    ereport(ERROR, (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("role \"%s\" does not exist", name),
                    errhint("Create the role, then restore again; pg_dumpall --roles-only dumps "
                            "the roles of the original cluster.")));
  }
  PG_RETURN_OID(role);
}

// A role that has been dropped has no name, and no role can have an empty one.
Datum WriteRole(Oid role) {
  char *name = OidIsValid(role) ? GetUserNameFromId(role, true) : nullptr;
  PG_RETURN_CSTRING(name != nullptr ? name : pstrdup(""));
}

}  // namespace

Datum CdrRoleIn(FunctionCallInfo fcinfo) { return ReadRole(PG_GETARG_CSTRING(0)); }

Datum CdrRoleOut(FunctionCallInfo fcinfo) { return WriteRole(PG_GETARG_OID(0)); }

}  // namespace vidyo_cdr
