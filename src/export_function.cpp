// Finding export_cdr in whatever schema it is.
#include "export_function.hpp"

namespace vidyo_cdr {

Oid FindExportFunction() {
  const Oid extension = get_extension_oid("vidyo_cdr", true);
  if (!OidIsValid(extension)) {
    return InvalidOid;
  }
  Oid found = InvalidOid;
  CatCList *candidates = SearchSysCacheList1(PROCNAMEARGSNSP, CStringGetDatum("export_cdr"));
  for (int i = 0; i < candidates->n_members; i++) {
    const auto *function =
        reinterpret_cast<Form_pg_proc>(GETSTRUCT(&candidates->members[i]->tuple));
    if (getExtensionOfObject(ProcedureRelationId, function->oid) == extension) {
      found = function->oid;
      break;
    }
  }
  ReleaseSysCacheList(candidates);
  return found;
}

}  // namespace vidyo_cdr
