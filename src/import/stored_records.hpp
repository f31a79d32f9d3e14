// What an import does to ConferenceCall2: every access, through the executor and as the caller.
#pragma once

#include <type_traits>

#include "base/extension.hpp"
#include "base/named_rows.hpp"
#include "base/postgres.hpp"
#include "import/record.hpp"

namespace vidyo_cdr {

// The statements, for the table of the extension.
class StoredRecords {
 public:
  // Makes them in the current memory context.
  explicit StoredRecords(const Extension &extension);

  // Reads the stored records with these CallIDs into SPI_tuptable, and locks them when asked to;
  // returns how many there are. The caller frees SPI_tuptable.
  uint64_t Read(ArrayType *call_ids, bool lock) const;

  // Inserts records, but none whose CallID has been stored meanwhile; returns how many it inserted.
  uint64_t Insert(NamedRows &records) const { return records.Run(insert_, SPI_OK_INSERT); }

  // Gives stored records the values of these, except what identifies a call; returns how many.
  uint64_t Update(NamedRows &records) const { return records.Run(update_, SPI_OK_UPDATE); }

  // Lets the table's own numbering go on above a CallID.
  void ContinueAbove(int64_t call_id) const;

  // What the statements call the rows in memory.
  static constexpr const char *kRowsName = "incoming_records";

 private:
  char *read_;
  char *read_and_lock_;
  char *insert_;
  char *update_;
  char *continue_above_;
};
static_assert(std::is_trivially_destructible_v<StoredRecords>);

// A record out of SPI_tuptable; its values live as long as that does.
ImportRecord ReadStoredRecord(uint64_t row);

}  // namespace vidyo_cdr
