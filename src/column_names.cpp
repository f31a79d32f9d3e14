// Listing columns.
#include "column_names.hpp"

#include "core/export_columns.hpp"
#include "pg_headers.hpp"

namespace vidyo_cdr {

char *ColumnNames(ColumnSet columns) {
  StringInfoData names;
  initStringInfo(&names);
  for (int i = 0; i < kExportColumnCount; i++) {
    if (HasColumn(columns, i)) {
      appendStringInfo(&names, "%s%s", names.len > 0 ? ", " : "", kExportColumns[i].data());
    }
  }
  return names.data;
}

}  // namespace vidyo_cdr
