// COPY (SELECT columns FROM export_cdr(...)): the records go straight from the export's query to
// the writer, without the tuplestore and the scan in between.
#pragma once

#include "copy_output.hpp"
#include "pg_headers.hpp"
#include "record_writer.hpp"

namespace vidyo_cdr {

// The call when a started query is no more than columns of one call of export_cdr; nullptr
// otherwise.
const FuncExpr *PlainExportCall(const QueryDesc *query);

// Does what the query would do, in the place of its plan's only node: runs the export as the call
// wants it, writes its records in the style, and sends them when the limit has been checked. The
// node then says that it has no more rows.
void RunPlainExport(const QueryDesc *query, const FuncExpr *call, RecordStyle style,
                    CopyOutput *output);

}  // namespace vidyo_cdr
