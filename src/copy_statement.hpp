// What a COPY statement asks of the writer.
#pragma once

#include "pg_headers.hpp"
#include "record_writer.hpp"

namespace vidyo_cdr {

// Whether the writer knows all that a COPY of a query TO something asks for. An option that it does
// not know, or an encoding to convert to, is left to PostgreSQL's writer.
bool IsKnownCopy(const CopyStmt *statement);

// How the statement's options, which PostgreSQL has checked, want rows with these columns. Made in
// the current memory context.
RecordStyle StyleOfCopy(const CopyStmt *statement, TupleDesc columns);

}  // namespace vidyo_cdr
