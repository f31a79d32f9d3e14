// How far an import is, for other sessions in pg_stat_progress_copy, where a COPY FROM would be.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"
#include "import/csv_input.hpp"
#include "import/log.hpp"

namespace vidyo_cdr {

class ImportProgress {
 public:
  // Begins to show an import into a table, unless the session shows another command already.
  ImportProgress(Oid table, const CsvInput &input);

  // Shows how much has been read, and what has become of it. An error takes it away, as it does
  // PostgreSQL's own; so does one in a subtransaction, which a trigger may have, and here it comes
  // back.
  void Show(const ImportCounts &counts) const;

  // Shows nothing any more.
  void End() const;

 private:
  Oid table_;
  const CsvInput &input_;
  bool is_shown_;
};
static_assert(std::is_trivially_destructible_v<ImportProgress>);

}  // namespace vidyo_cdr
