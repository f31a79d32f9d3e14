// The relation that a feed reads, mostly a foreign table of mysql_fdw.
#pragma once

#include <string_view>

#include "base/postgres.hpp"
#include "core/columns.hpp"

namespace vidyo_cdr {

// Texts in the memory context in which the relation was looked at.
struct SourceRelation {
  const char *schema;
  const char *name;
  const char *quoted_name;   // both, as SQL writes them
  const char *call_id_name;  // quoted
  const char *field_names;   // those that ConferenceCall2 has, for a query
  int field_count;
  RecordColumn fields[kRecordColumnCount];  // what each of these fields is
  ColumnSet columns;                        // all of them
  std::string_view header;                  // their names as a header line of a CSV file
};

// Looks at a relation, which is then locked. One that is none, lacks a required column or has one
// twice is an error.
SourceRelation FindSourceRelation(Oid oid);

}  // namespace vidyo_cdr
