// Showing how far an import is.
#include "import/progress.hpp"

namespace vidyo_cdr {

namespace {

// Whether the session shows a command; without a place among the sessions it never can.
bool ShowsCommand() {
  return MyBEEntry == nullptr || MyBEEntry->st_progress_command != PROGRESS_COMMAND_INVALID;
}

}  // namespace

ImportProgress::ImportProgress(Oid table, const CsvInput &input)
    : table_(table), input_(input), is_shown_(!ShowsCommand()) {
  Show({});
}

void ImportProgress::Show(const ImportCounts &counts) const {
  if (!is_shown_) {
    return;
  }
  if (!ShowsCommand()) {
    pgstat_progress_start_command(PROGRESS_COMMAND_COPY, table_);
  }
  constexpr int kParameters[] = {PROGRESS_COPY_COMMAND,          PROGRESS_COPY_TYPE,
                                 PROGRESS_COPY_BYTES_PROCESSED,  PROGRESS_COPY_BYTES_TOTAL,
                                 PROGRESS_COPY_TUPLES_PROCESSED, PROGRESS_COPY_TUPLES_EXCLUDED};
  const int64_t excluded = counts.rejected + counts.purged;
  const int64 values[] = {PROGRESS_COPY_COMMAND_FROM,  PROGRESS_COPY_TYPE_CALLBACK,
                          input_.BytesRead(),          input_.BytesInAll(),
                          counts.Records() - excluded, excluded};
  pgstat_progress_update_multi_param(lengthof(kParameters), kParameters, values);
}

void ImportProgress::End() const {
  if (is_shown_) {
    pgstat_progress_end_command();
  }
}

}  // namespace vidyo_cdr
