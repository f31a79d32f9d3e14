// export_cdr_csv(start_time, end_time, tenant, profile, delimiter, header): the export as the text
// of a CSV file, in chunks, for clients without COPY.
#include <algorithm>

#include "core/export_columns.hpp"
#include "core/export_limit.hpp"
#include "csv_profile.hpp"
#include "export_pipeline.hpp"
#include "guard.hpp"
#include "held_record_sink.hpp"
#include "held_rows.hpp"
#include "pg_headers.hpp"
#include "record_writer.hpp"

namespace vidyo_cdr {

namespace {

// How many bytes of whole records make a chunk.
constexpr size_t kChunkSize = size_t{128} * 1024;

// A text argument, or its default when it is NULL.
const char *TextArgument(FunctionCallInfo fcinfo, int number, const char *fallback) {
  return PG_ARGISNULL(number) ? fallback : text_to_cstring(PG_GETARG_TEXT_PP(number));
}

char *Append(char *out, std::string_view text) { return std::copy(text.begin(), text.end(), out); }

// Writes what stands before the first record, as the first row.
void WriteHeader(const CsvProfile &profile, HeldRows *rows) {
  size_t room = profile.file_begin.size() + profile.style.line_end.size();
  for (const std::string_view column : kExportColumns) {
    room += column.size() + 1;
  }
  char *out = Append(rows->MakeRoom(rows->RowBegin(), room), profile.file_begin);
  for (const std::string_view column : kExportColumns) {
    if (column != kExportColumns[0]) {
      *out++ = profile.style.dialect.delimiter;
    }
    out = Append(out, column);
  }
  rows->Commit(Append(out, profile.style.line_end));
}

// Writes the whole file into memory, or a temporary file, that lasts until the last call.
HeldRows *WriteFile(FunctionCallInfo fcinfo) {
  const ExportRequest request = ReadExportRequest(fcinfo);
  const CsvProfile profile =
      FindCsvProfile(TextArgument(fcinfo, 3, "raw"), TextArgument(fcinfo, 4, ","));
  const bool header = PG_ARGISNULL(5) || PG_GETARG_BOOL(5);

  HeldRows *rows = HeldRows::Make(kMaxExportRecords + 1);
  if (header) {
    WriteHeader(profile, rows);
  }
  HeldRecordSink sink(profile.style, nullptr, rows);
  RunExport(get_func_namespace(fcinfo->flinfo->fn_oid), request, sink);
  return rows;
}

// Called when the query ends without an error before all chunks have been taken.
void CloseRows(Datum rows) { reinterpret_cast<HeldRows *>(DatumGetPointer(rows))->Close(); }

// A chunk as text, without its last line feed: clients put one behind each row.
Datum ChunkText(const HeldPortion &portion) {
  return PointerGetDatum(
      cstring_to_text_with_len(portion.bytes, static_cast<int>(portion.size) - 1));
}

const ReturnSetInfo *ResultOf(FunctionCallInfo fcinfo) {
  return reinterpret_cast<const ReturnSetInfo *>(fcinfo->resultinfo);
}

Datum ExportCdrCsv(FunctionCallInfo fcinfo) {
  if (SRF_IS_FIRSTCALL()) {
    FuncCallContext *call = SRF_FIRSTCALL_INIT();
    const MemoryContext caller_context = MemoryContextSwitchTo(call->multi_call_memory_ctx);
    HeldRows *rows = WriteFile(fcinfo);
    MemoryContextSwitchTo(caller_context);
    call->user_fctx = rows;
    RegisterExprContextCallback(ResultOf(fcinfo)->econtext, CloseRows, PointerGetDatum(rows));
  }

  FuncCallContext *call = SRF_PERCALL_SETUP();
  auto *rows = static_cast<HeldRows *>(call->user_fctx);
  HeldPortion portion;
  if (rows->TakeNext(kChunkSize, &portion)) {
    SRF_RETURN_NEXT(call, ChunkText(portion));
  }
  // The memory goes now, and with it what the callback would close.
  UnregisterExprContextCallback(ResultOf(fcinfo)->econtext, CloseRows, PointerGetDatum(rows));
  rows->Close();
  SRF_RETURN_DONE(call);
}

}  // namespace

}  // namespace vidyo_cdr

extern "C" {

PG_FUNCTION_INFO_V1(vidyo_cdr_export_csv);

Datum vidyo_cdr_export_csv(PG_FUNCTION_ARGS) {
  VIDYO_CDR_GUARD(return vidyo_cdr::ExportCdrCsv(fcinfo));
}

}  // extern "C"
