// The trail of exports: a line in the server log for each, when vidyo_cdr.log_exports asks for it.
#pragma once

#include "export_request.hpp"
#include "pg_headers.hpp"

namespace vidyo_cdr {

// One export's line, written when the export ends, however that is.
struct ExportTrail;

// Begins the line of an export that `function` was called for. The export has been given up when
// the context is deleted before anything else ended it. Returns nullptr when none is wanted; the
// other functions then do nothing.
ExportTrail *BeginExportTrail(MemoryContext context, const char *function,
                              const ExportRequest &request, const char *profile);

// The records are there, for a statement that has yet to send them. Until something has gone out,
// the export has failed when the context is deleted: the statement has not come to sending.
void AwaitSending(ExportTrail *trail);

// Notes what has gone out so far. bytes: negative when they are not known.
void NoteExported(ExportTrail *trail, int64 records, int64 bytes);

// The export is done: writes the line.
void EndExportTrail(ExportTrail *trail);

// Inside PG_CATCH: writes the line of an export that ends with the error being handled.
void FailExportTrail(ExportTrail *trail);

// Runs a part of the export, which throws no C++ exception; an error is its end.
template <typename Part>
void RunOnTrail(ExportTrail *trail, const Part &part) {
  PG_TRY();
  { part(); }
  PG_CATCH();
  {
    FailExportTrail(trail);
    PG_RE_THROW();
  }
  PG_END_TRY();
}

}  // namespace vidyo_cdr
