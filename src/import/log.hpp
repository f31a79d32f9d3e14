// The log of imports: table cdr_import.
#pragma once

#include <string_view>

#include "base/extension.hpp"
#include "base/postgres.hpp"

namespace vidyo_cdr {

// How an import went, in records.
struct ImportCounts {
  int64_t inserted = 0;
  int64_t updated = 0;
  int64_t unchanged = 0;
  int64_t rejected = 0;
  int64_t purged = 0;  // left out, since their calls have been purged
  int64_t ambiguous_times = 0;

  int64_t times_without_offset = 0;  // read in the import's zone
  int64_t other_tenants = 0;         // records that name another tenant than the stored ones

  int64_t Records() const { return inserted + updated + unchanged + rejected + purged; }
};

// What has been counted since `earlier`.
inline ImportCounts operator-(const ImportCounts &counts, const ImportCounts &earlier) {
  return {counts.inserted - earlier.inserted,
          counts.updated - earlier.updated,
          counts.unchanged - earlier.unchanged,
          counts.rejected - earlier.rejected,
          counts.purged - earlier.purged,
          counts.ambiguous_times - earlier.ambiguous_times,
          counts.times_without_offset - earlier.times_without_offset,
          counts.other_tenants - earlier.other_tenants};
}

// Where records come from and how they are read.
struct ImportDescription {
  const char *kind;         // text, file or feed
  const char *source;       // nullptr: none
  std::string_view header;  // the header line
  char delimiter;
  const char *time_zone;
  const char *profile;
};

// Locks the tables that every import uses until the end of the transaction, and returns the
// extension that they belong to. Raises 42704 or 55000 where they are not to be had.
Extension LockImportTables();

// Waits until no import runs, nor a batch of a purge, and keeps others waiting until the end of the
// transaction: they change the same records, and one after the other they cannot deadlock. What has
// been looked up before has to be looked up again.
void WaitForOtherImports();

// Raises 55000 when the extension's schema, which an import's statements name, has been renamed.
void CheckSchemaName(const Extension &extension);

// Notes in cdr_import that an import begins, and returns its import_id. A feed goes on with the row
// that it has.
int64_t LogImportBegin(const Extension &extension, const ImportDescription &description);

// Adds counts to the row in cdr_import, which then has ended now.
void LogImportCounts(const Extension &extension, int64_t import_id, const ImportCounts &counts);

}  // namespace vidyo_cdr
