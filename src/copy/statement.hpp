// What a COPY statement asks of the writer.
#pragma once

#include "base/postgres.hpp"
#include "writing/record_writer.hpp"

namespace vidyo_cdr {

// What a COPY statement wants written.
struct CopyForm {
  RecordStyle style;    // of the rows
  int64_t header_size;  // bytes of the header that COPY writes by itself, 0 without one
};

// The statement, when it is a COPY of a query TO something; nullptr otherwise.
const CopyStmt *AsCopyOfQuery(const PlannedStmt *planned);

// The COPY that the client has sent, when a query with this text, the very same memory, is its
// query; nullptr otherwise. This finds the COPY that has been going on when the library was loaded.
const CopyStmt *FindClientCopy(const char *query_text);

// Whether the writer knows all that a COPY of a query TO something asks for. An option that it does
// not know, or an encoding to convert to, is left to PostgreSQL's writer.
bool IsKnownCopy(const CopyStmt *statement);

// How the statement's options, which PostgreSQL has checked, want rows with these columns. Made in
// the current memory context.
CopyForm FormOfCopy(const CopyStmt *statement, TupleDesc columns);

}  // namespace vidyo_cdr
