// The functions that the policies on ConferenceCall2 call for each record.
#include "caller_access.hpp"
#include "guard.hpp"
#include "pg_headers.hpp"

namespace vidyo_cdr {

namespace {

// The access of the role that runs the statement. The function's place in the statement keeps the
// extension's schema from the first record on.
CallerAccess &AccessOfCaller(FunctionCallInfo fcinfo) {
  FmgrInfo *function = fcinfo->flinfo;
  if (function->fn_extra == nullptr) {
    NoticeAccessChanges();
    function->fn_extra =
        reinterpret_cast<void *>(static_cast<uintptr_t>(get_func_namespace(function->fn_oid)));
  }
  const auto schema = static_cast<Oid>(reinterpret_cast<uintptr_t>(function->fn_extra));
  return AccessOfRole(GetUserId(), schema);
}

bool SeesTenant(FunctionCallInfo fcinfo) {
  const text *tenant = PG_GETARG_TEXT_PP(0);
  CallerAccess &access = AccessOfCaller(fcinfo);
  return access.all_tenants ||
         access.tenants.Contains({VARDATA_ANY(tenant), VARSIZE_ANY_EXHDR(tenant)});
}

}  // namespace

}  // namespace vidyo_cdr

extern "C" {

PG_FUNCTION_INFO_V1(vidyo_cdr_sees_tenant);
PG_FUNCTION_INFO_V1(vidyo_cdr_may_import);

Datum vidyo_cdr_sees_tenant(PG_FUNCTION_ARGS) {
  VIDYO_CDR_GUARD(return BoolGetDatum(vidyo_cdr::SeesTenant(fcinfo)));
}

Datum vidyo_cdr_may_import(PG_FUNCTION_ARGS) {
  VIDYO_CDR_GUARD(return BoolGetDatum(vidyo_cdr::AccessOfCaller(fcinfo).import));
}

}  // extern "C"
