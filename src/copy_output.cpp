// Sending rows the way PostgreSQL's COPY does.
#include "copy_output.hpp"

namespace vidyo_cdr {

namespace {

// The first members of COPY's private state, up to the file that it has opened: CopyToStateData in
// src/backend/commands/copyto.c. There is no other way to a file that a COPY has opened, checked
// and will close. fast_copy.cpp takes over in no version that this has not been compared with.
struct CopyStateHead {
#if PG_VERSION_NUM >= 180000
  const void *routine;
#endif
  int destination;
  FILE *file;
};

// Values of CopyStateHead::destination.
constexpr int kCopyToFile = 0;
constexpr int kCopyToClient = 1;

}  // namespace

CopyOutput::CopyOutput(CopyReceiverHead *head) : head_(head), file_(nullptr), bytes_(0) {
  const auto *state = static_cast<const CopyStateHead *>(head->copy_state);
  if (state->destination == kCopyToFile && state->file != nullptr) {
    file_ = state->file;
  } else if (state->destination != kCopyToClient) {
    elog(ERROR, "unexpected destination of COPY: %d", state->destination);
  }
  if (MyBEEntry != nullptr) {
    bytes_ = MyBEEntry->st_progress_param[PROGRESS_COPY_BYTES_PROCESSED];  // the header
  }
}

void CopyOutput::Send(const HeldPortion &rows) {
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
