// Sending rows the way PostgreSQL's COPY does.
#include "copy/output.hpp"

namespace vidyo_cdr {

namespace {

// The first members of COPY's private state: CopyToStateData in src/backend/commands/copyto.c.
// There is no other way to a file that a COPY has opened, checked and will close. The members
// between what is needed and `query` are there for `query`: a state that has the running query in
// its place has the others in theirs.
struct CopyStateHead {
#if PG_VERSION_NUM >= 180000
  const void *routine;
#endif
  int destination;
  FILE *file;
  StringInfo row;
  int encoding;
  bool converts;
  bool embeds_ascii;
  const void *table;
  const QueryDesc *query;
};

// Values of CopyStateHead::destination.
constexpr int kCopyToFile = 0;
constexpr int kCopyToClient = 1;

const CopyStateHead *StateOf(const CopyReceiverHead *receiver) {
  return static_cast<const CopyStateHead *>(receiver->copy_state);
}

}  // namespace

bool CopyOutput::CanSend(const CopyReceiverHead *original, const CopyStmt *statement,
                         const QueryDesc *query) {
  const CopyStateHead *state = StateOf(original);
  if (state == nullptr || state->query != query || state->table != nullptr ||
      (state->encoding != GetDatabaseEncoding() && state->encoding != PG_SQL_ASCII)) {
    return false;
  }
  return statement->filename == nullptr
             ? state->destination == kCopyToClient
             : state->destination == kCopyToFile && state->file != nullptr;
}

CopyOutput::CopyOutput(CopyReceiverHead *head, int64_t header_size)
    : head_(head), file_(nullptr), bytes_(header_size) {
  if (StateOf(head)->destination == kCopyToFile) {
    file_ = StateOf(head)->file;
  }
}

void CopyOutput::Send(const BufferedPortion &rows) {
  if (file_ != nullptr) {
    WriteToFile(rows.bytes, rows.size);
  } else {
    const char *row = rows.bytes;
    for (int32_t i = 0; i < rows.row_count; i++) {
      SendToClient(row, rows.row_sizes[i]);
      row += rows.row_sizes[i];
    }
  }
  head_->processed += static_cast<uint64>(rows.row_count);
  ShowProgress(rows.size);
  CHECK_FOR_INTERRUPTS();
}

void CopyOutput::SendToClient(const char *row, uint32_t size) {
  StringInfoData message;
  message.data = const_cast<char *>(row);  // only read
  message.len = static_cast<int>(size);
  message.maxlen = message.len;
  message.cursor = 'd';  // CopyData; where pq_beginmessage_reuse keeps the type
  pq_endmessage_reuse(&message);
}

void CopyOutput::WriteToFile(const char *bytes, size_t size) {
  if (fwrite(bytes, size, 1, file_) != 1 || ferror(file_) != 0) {
    ereport(ERROR, (errcode_for_file_access(), errmsg("could not write to COPY file: %m")));
  }
}

// Updates what pg_stat_progress_copy shows.
void CopyOutput::ShowProgress(size_t bytes) {
  bytes_ += static_cast<int64_t>(bytes);
  pgstat_progress_update_param(PROGRESS_COPY_BYTES_PROCESSED, bytes_);
  pgstat_progress_update_param(PROGRESS_COPY_TUPLES_PROCESSED,
                               static_cast<int64>(head_->processed));
}

}  // namespace vidyo_cdr
