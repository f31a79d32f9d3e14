// Guards against a table that has been altered.
#include "records/column_check.hpp"

namespace vidyo_cdr {

void CheckColumnType(const FormData_pg_attribute &stored, Oid expected) {
  if (stored.atttypid != expected) {
    ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                    errmsg("column \"%s\" of table conferencecall2 has type %s instead of %s",
                           NameStr(stored.attname), format_type_be(stored.atttypid),
                           format_type_be(expected)),
                    errhint("Change the column back to its original type.")));
  }
}

void CheckBaseType(const FormData_pg_attribute &stored, Oid expected) {
  if (getBaseType(stored.atttypid) != expected) {
    CheckColumnType(stored, expected);
  }
}

void CheckColumnTypes(TupleDesc stored, TupleDesc promised) {
  for (int i = 0; i < promised->natts; i++) {
    CheckColumnType(*TupleDescAttr(stored, i), TupleDescAttr(promised, i)->atttypid);
  }
}

}  // namespace vidyo_cdr
