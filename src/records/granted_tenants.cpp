// cdr_granted_tenants(): what the view cdr_tenants has to look up for those who do not see all.
#include "base/extension.hpp"
#include "base/guard.hpp"
#include "base/postgres.hpp"
#include "records/scope.hpp"

namespace vidyo_cdr {

namespace {

// The tenants of the current role's exports; NULL when these name none.
Datum GrantedTenants(FunctionCallInfo fcinfo) {
  const Oid table = LockMemberTable("conferencecall2", AccessShareLock);
  const RecordScope scope = FindRecordScope(table, {});
  if (!scope.by_tenant) {
    PG_RETURN_NULL();
  }
  PG_RETURN_ARRAYTYPE_P(scope.tenants);
}

}  // namespace

}  // namespace vidyo_cdr

extern "C" {

PG_FUNCTION_INFO_V1(vidyo_cdr_granted_tenants);

Datum vidyo_cdr_granted_tenants(PG_FUNCTION_ARGS) {
  VIDYO_CDR_GUARD(return vidyo_cdr::GrantedTenants(fcinfo));
}

}  // extern "C"
