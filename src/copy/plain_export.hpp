// COPY (SELECT columns FROM export_cdr(...)): the records go straight from the export's query to
// the writer, without the tuplestore and the scan in between.
#pragma once

#include "base/postgres.hpp"
#include "copy/output.hpp"
#include "writing/record_writer.hpp"

namespace vidyo_cdr {

struct Trail;

// A plain export whose rows wait to be sent.
struct BufferedExport {
  BufferedRows *rows;
  Trail *trail;
};

// The call when a started query is no more than columns of one call of export_cdr; nullptr
// otherwise.
const FuncExpr *PlainExportCall(const QueryDesc *query);

// Runs the export as the call wants it, in the place of the query's only node, and writes its
// records in the style into memory that lasts as long as the query.
BufferedExport BufferPlainExport(const QueryDesc *query, const FuncExpr *call, RecordStyle style);

// Sends the rows, and lets the node say that it has no more.
void SendBufferedExport(const QueryDesc *query, const BufferedExport &buffered, CopyOutput *output);

}  // namespace vidyo_cdr
