// Where a COPY TO sends its rows: the client, or a file on the server.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"
#include "writing/buffered_rows.hpp"

namespace vidyo_cdr {

// The first members of PostgreSQL's receiver of COPY's rows. COPY reads `processed` from the
// receiver that has run, so one that takes its place begins with the same members.
// The same in PostgreSQL 15 to 19: DR_copy in src/backend/commands/copyto.c.
struct CopyReceiverHead {
  DestReceiver receiver;
  void *copy_state;
  uint64 processed;
};

// Sends whole rows to the destination that PostgreSQL's COPY has opened, and keeps the count that
// the command tag and pg_stat_progress_copy show.
class CopyOutput {
 public:
  // Whether the receiver of a COPY's query, which COPY is about to hand rows to, shows a state that
  // the statement leads to. If not, this is not the COPY that it was taken for, or not a version of
  // PostgreSQL that is known, and nothing may be sent.
  static bool CanSend(const CopyReceiverHead *original, const CopyStmt *statement,
                      const QueryDesc *query);

  // head: of the receiver that is running in the place of COPY's. header_size: the bytes that COPY
  // has sent by itself.
  CopyOutput(CopyReceiverHead *head, int64_t header_size);

  // Sends rows, one message each to the client, as the protocol says.
  void Send(const BufferedPortion &rows);

  // How many rows and bytes have been sent by this COPY, its header among the bytes.
  int64 Rows() const { return static_cast<int64>(head_->processed); }
  int64 Bytes() const { return bytes_; }

 private:
  void SendToClient(const char *row, uint32_t size);
  void WriteToFile(const char *bytes, size_t size);
  void ShowProgress(size_t bytes);

  CopyReceiverHead *head_;
  FILE *file_;     // nullptr: the client
  int64_t bytes_;  // sent by this COPY so far
};
static_assert(std::is_trivially_destructible_v<CopyOutput>);

}  // namespace vidyo_cdr
