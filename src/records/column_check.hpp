// Guards against a table that has been altered.
#pragma once

#include "base/postgres.hpp"

namespace vidyo_cdr {

// Raises 42804 unless a column of ConferenceCall2 has the type that is expected of it.
void CheckColumnType(const FormData_pg_attribute &stored, Oid expected);

// The same for a column whose type may be a domain over the expected one.
void CheckBaseType(const FormData_pg_attribute &stored, Oid expected);

// Raises 42804 unless each column of ConferenceCall2 has the type that export_cdr promises its
// callers: a value of another type would be misread.
void CheckColumnTypes(TupleDesc stored, TupleDesc promised);

}  // namespace vidyo_cdr
