// Listing columns.
#include "import/column_names.hpp"

#include "base/postgres.hpp"
#include "core/columns.hpp"

namespace vidyo_cdr {

char *ColumnNames(ColumnSet columns) {
  StringInfoData names;
  initStringInfo(&names);
  for (int i = 0; i < kRecordColumnCount; i++) {
    if (HasColumn(columns, i)) {
      appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "", kColumns[i].name.data());
    }
  }
  return names.data;
}

}  // namespace vidyo_cdr
