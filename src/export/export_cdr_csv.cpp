// export_cdr_csv(start_time, end_time, tenant, profile, delimiter, header): the export as the text
// of a CSV file, in chunks, for clients without COPY.
#include <algorithm>
#include <type_traits>

#include "export/functions.hpp"
#include "base/postgres.hpp"
#include "base/values.hpp"
#include "core/columns.hpp"
#include "core/export_limit.hpp"
#include "export/buffering_sink.hpp"
#include "export/export.hpp"
#include "export/trail.hpp"
#include "writing/buffered_rows.hpp"
#include "writing/csv_profile.hpp"
#include "writing/record_writer.hpp"

namespace vidyo_cdr {

namespace {

// How many bytes of whole records make a chunk.
constexpr size_t kChunkSize = size_t{128} * 1024;

bool HasHeader(FunctionCallInfo fcinfo) { return PG_ARGISNULL(5) || PG_GETARG_BOOL(5); }

char *Append(char *out, std::string_view text) { return std::copy(text.begin(), text.end(), out); }

// Writes what stands before the first record, as the first row.
void WriteHeader(const CsvProfile &profile, BufferedRows *rows) {
  size_t room = profile.file_begin.size() + profile.style.line_end.size();
  for (const Column &column : kColumns) {
    room += column.name.size() + 1;
  }
  char *out = Append(rows->MakeRoom(rows->RowBegin(), room), profile.file_begin);
  for (const Column &column : kColumns) {
    if (&column != kColumns) {
      *out++ = profile.style.dialect.delimiter;
    }
    out = Append(out, column.name);
  }
  rows->Commit(Append(out, profile.style.line_end));
}

// An export whose chunks are being taken.
struct ChunkedExport {
  BufferedRows *rows;
  Trail *trail;
  int64 records;
  int64 bytes;
};
static_assert(std::is_trivially_destructible_v<ChunkedExport>);

// Writes the whole file into memory, or a temporary file, that lasts until the last call.
void WriteFile(FunctionCallInfo fcinfo, const RecordRequest &request, const char *profile_name,
               BufferedRows *rows) {
  CheckRecordRequest(request);
  const CsvProfile profile = FindCsvProfile(profile_name, TextArgument(fcinfo, 4, ","));
  if (HasHeader(fcinfo)) {
    WriteHeader(profile, rows);
  }
  BufferingSink sink(profile.style, nullptr, rows);
  RunExport(request, sink);
}

ChunkedExport *BeginExport(FunctionCallInfo fcinfo) {
  const RecordRequest request = ReadRecordRequest(fcinfo);
  const char *profile = TextArgument(fcinfo, 3, "raw");
  auto *chunked = static_cast<ChunkedExport *>(palloc0(sizeof(ChunkedExport)));
  chunked->records = HasHeader(fcinfo) ? -1 : 0;  // the header is a row, but no record
  chunked->rows = BufferedRows::Make(kMaxExportRecords + 1);
  chunked->trail = BeginExportTrail(CurrentMemoryContext, "export_cdr_csv", request, profile);
  RunOnTrail(chunked->trail, [&] { WriteFile(fcinfo, request, profile, chunked->rows); });
  NoteProgress(chunked->trail, 0, chunked->bytes);
  return chunked;
}

// Takes the next chunk out; false: there are no more.
bool TakeChunk(ChunkedExport *chunked, BufferedPortion *portion) {
  bool is_taken = false;
  RunOnTrail(chunked->trail, [&] { is_taken = chunked->rows->TakeNext(kChunkSize, portion); });
  if (is_taken) {
    chunked->records += portion->row_count;
    chunked->bytes += static_cast<int64>(portion->size);
    NoteProgress(chunked->trail, chunked->records, chunked->bytes);
  }
  return is_taken;
}

// Called when the query ends without an error before all chunks have been taken.
void CloseRows(Datum rows) noexcept {
  reinterpret_cast<BufferedRows *>(DatumGetPointer(rows))->Close();
}

// A chunk as text, without its last line feed: clients put one behind each row.
Datum ChunkText(const BufferedPortion &portion) {
  return TextDatum({portion.bytes, portion.size - 1});
}

const ReturnSetInfo *ResultOf(FunctionCallInfo fcinfo) {
  return reinterpret_cast<const ReturnSetInfo *>(fcinfo->resultinfo);
}

}  // namespace

Datum ExportCdrCsv(FunctionCallInfo fcinfo) {
  if (SRF_IS_FIRSTCALL()) {
    FuncCallContext *call = SRF_FIRSTCALL_INIT();
    const MemoryContext caller_context = MemoryContextSwitchTo(call->multi_call_memory_ctx);
    ChunkedExport *chunked = BeginExport(fcinfo);
    MemoryContextSwitchTo(caller_context);
    call->user_fctx = chunked;
    RegisterExprContextCallback(ResultOf(fcinfo)->econtext, CloseRows,
                                PointerGetDatum(chunked->rows));
  }

  FuncCallContext *call = SRF_PERCALL_SETUP();
  auto *chunked = static_cast<ChunkedExport *>(call->user_fctx);
  BufferedPortion portion;
  if (TakeChunk(chunked, &portion)) {
    SRF_RETURN_NEXT(call, ChunkText(portion));
  }
  EndTrail(chunked->trail);
  // The memory goes now, and with it what the callback would close.
  UnregisterExprContextCallback(ResultOf(fcinfo)->econtext, CloseRows,
                                PointerGetDatum(chunked->rows));
  chunked->rows->Close();
  SRF_RETURN_DONE(call);
}

}  // namespace vidyo_cdr
