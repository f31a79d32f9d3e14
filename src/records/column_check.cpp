// Guards against a table that has been altered.
#include "records/column_check.hpp"

namespace vidyo_cdr {

void CheckColumnTypes(TupleDesc stored, TupleDesc promised) {
  for (int i = 0; i < promised->natts; i++) {
    const Form_pg_attribute column = TupleDescAttr(stored, i);
    const Oid type = TupleDescAttr(promised, i)->atttypid;
    if (column->atttypid != type) {
      ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                      errmsg("column \"%s\" of table conferencecall2 has type %s instead of %s",
                             NameStr(column->attname), format_type_be(column->atttypid),
                             format_type_be(type)),
                      errhint("Change the column back to its original type.")));
    }
  }
}

}  // namespace vidyo_cdr
