// The type cdr_role: a role's OID that is read and written as the role's name.
#include "base/guard.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

namespace {

// Mostly called by the restore of a dump, which is why the hint tells how to go on there.
Datum ReadRole(const char *name) {
  const Oid role = get_role_oid(name, true);
  if (!OidIsValid(role)) {
    ereport(
        ERROR,
        (errcode(ERRCODE_UNDEFINED_OBJECT), errmsg("role \"%s\" does not exist", name),
         errhint("Create the role, then restore again; pg_dumpall --roles-only writes the roles "
                 "of the cluster that was dumped.")));
  }
  PG_RETURN_OID(role);
}

// A role that has been dropped has no name, and no role can have an empty one.
Datum WriteRole(Oid role) {
  char *name = OidIsValid(role) ? GetUserNameFromId(role, true) : nullptr;
  PG_RETURN_CSTRING(name != nullptr ? name : pstrdup(""));
}

}  // namespace

}  // namespace vidyo_cdr

extern "C" {

PG_FUNCTION_INFO_V1(vidyo_cdr_role_in);
PG_FUNCTION_INFO_V1(vidyo_cdr_role_out);

Datum vidyo_cdr_role_in(PG_FUNCTION_ARGS) {
  VIDYO_CDR_GUARD(return vidyo_cdr::ReadRole(PG_GETARG_CSTRING(0)));
}

Datum vidyo_cdr_role_out(PG_FUNCTION_ARGS) {
  VIDYO_CDR_GUARD(return vidyo_cdr::WriteRole(PG_GETARG_OID(0)));
}

}  // extern "C"
