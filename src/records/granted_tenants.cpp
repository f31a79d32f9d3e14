// cdr_granted_tenants(): what the view cdr_tenants has to look up for those who do not see all.
#include "records/functions.hpp"
#include "base/extension.hpp"
#include "base/postgres.hpp"
#include "records/scope.hpp"

namespace vidyo_cdr {

// The tenants of the current role's exports; NULL when these name none.
Datum CdrGrantedTenants(FunctionCallInfo fcinfo) {
  const Oid table = LockMemberTable("conferencecall2", AccessShareLock);
  const RecordScope scope = FindRecordScope(table, {});
  if (!scope.by_tenant) {
    PG_RETURN_NULL();
  }
  PG_RETURN_ARRAYTYPE_P(scope.tenants);
}

}  // namespace vidyo_cdr
