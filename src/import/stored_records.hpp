// What an import does to ConferenceCall2: every access, through the executor and as the caller.
#pragma once

#include <type_traits>

#include "base/extension.hpp"
#include "base/named_rows.hpp"
#include "base/placement.hpp"
#include "base/postgres.hpp"
#include "import/record.hpp"

namespace vidyo_cdr {

// What to do about a record that another session has stored since it was looked for.
enum class Insertion {
  kOrFail,        // PostgreSQL's own error, 23505
  kUnlessStored,  // leave the stored one; this takes longer
};

// CallIDs of records, each once.
struct CallIds {
  ArrayType *all;
  int count;
  int64_t lowest;
  int64_t highest;

  // Whether there are hardly any others between the lowest and the highest.
  bool IsDense() const {
    return static_cast<uint64_t>(highest) - static_cast<uint64_t>(lowest) <
           4 * static_cast<uint64_t>(count);
  }
};

// The statements, for the table of the extension.
class StoredRecords {
 public:
  // Makes them in the current memory context.
  StoredRecords(const Extension &extension, Insertion insertion);

  // Reads the stored records with these CallIDs into SPI_tuptable, and maybe some others, and locks
  // them when asked to, but then no others; returns how many there are. The caller frees
  // SPI_tuptable.
  uint64_t Read(const CallIds &call_ids, bool lock) const;

  // Those of these CallIDs that are stored. palloc'ed.
  ArrayType *StoredAmong(ArrayType *call_ids) const;

  // Inserts records; returns how many it inserted.
  uint64_t Insert(NamedRows &records) const;

  // Gives stored records the values of these, which have those CallIDs, except what identifies a
  // call; returns how many.
  uint64_t Update(NamedRows &records, const CallIds &call_ids) const;

  // Lets the table's own numbering go on above a CallID.
  void ContinueAbove(int64_t call_id) const;

  // What the statements call the rows in memory.
  static constexpr const char *kRowsName = "incoming_records";

 private:
  Placement placement_;
  char *read_range_;
  char *read_;
  char *read_and_lock_;
  char *stored_among_;
  char *insert_;
  int insert_result_ = SPI_OK_INSERT;
  char *update_;
  char *continue_above_;
};
static_assert(std::is_trivially_destructible_v<StoredRecords>);

// A record out of SPI_tuptable; its values live as long as that does.
ImportRecord ReadStoredRecord(uint64_t row);

}  // namespace vidyo_cdr
