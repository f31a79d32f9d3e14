// An import: takes records as text from a file or a feed, converts them, and brings them into the
// tables.
#pragma once

#include <type_traits>

#include "core/time/wall_clock.hpp"
#include "import/batch.hpp"
#include "import/log.hpp"

namespace vidyo_cdr {

class RecordImport {
 public:
  // Begins an import into the extension's tables, which are locked, inside SPI and in the current
  // memory context. columns: what the source has. zone: for times without an offset.
  static RecordImport *Begin(const Extension &extension, const ImportDescription &description,
                             ColumnSet columns, pg_tz *zone, Insertion insertion);
  RecordImport(const RecordImport &) = delete;  // its batch counts in its counts
  RecordImport &operator=(const RecordImport &) = delete;

  // Takes a record, or rejects it when a field is at fault. raw_text: the record as it came in.
  void Take(const RecordText &record, int64_t line, std::string_view raw_text);

  // Stores what cannot be taken as a reject.
  void AddReject(const Reject &reject) { batch_.AddReject(reject); }

  // Brings everything taken so far into the tables, lets their own numbering go on above it, and
  // notes the counts.
  void Flush();

  // Tells what the user should know.
  void Finish();

  int64_t ImportId() const { return import_id_; }
  const ImportCounts &Counts() const { return counts_; }

 private:
  RecordImport(const Extension &extension, int64_t import_id, const char *zone_name,
               ColumnSet columns, pg_tz *zone, Insertion insertion);

  void Convert(const RecordText &record, int64_t line, std::string_view raw_text);

  const Extension extension_;
  const char *zone_name_;
  WallClock clock_;
  int64_t import_id_;
  ImportCounts counts_;
  ImportCounts logged_;  // what of it cdr_import has already
  ImportBatch batch_;
  MemoryContext record_context_;
};
static_assert(std::is_trivially_destructible_v<RecordImport>);

}  // namespace vidyo_cdr
