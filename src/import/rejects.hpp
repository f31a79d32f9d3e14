// The records that an import rejects, stored in cdr_import_reject.
#pragma once

#include <string_view>
#include <type_traits>

#include "base/extension.hpp"
#include "base/named_rows.hpp"
#include "base/postgres.hpp"
#include "core/growing_array.hpp"

namespace vidyo_cdr {

// A rejected record. Texts are copied when it is added.
struct Reject {
  int64_t line = 0;  // where it starts; 0 for a feed
  std::string_view raw_text;
  bool has_call_id = false;
  int64_t call_id = 0;
  std::string_view unique_call_id;  // without data: not known
  const char *field = nullptr;      // nullptr: the record as a whole
  const char *reason = nullptr;
  bool contradicts = false;  // sound, but contradicts the stored record
};

class ImportRejects {
 public:
  // Makes an empty list, and the statements that store it, in the current memory context.
  ImportRejects(const Extension &extension, int64_t import_id);

  void Add(const Reject &reject);
  int64_t Count() const { return rows_.Count(); }

  // The CallIDs of those that have one. palloc'ed.
  ArrayType *CallIds();

  // Stores the rejects, and is of no more use. One that was rejected before for the same reason is
  // only seen again; it is open again unless its CallID is among those that are stored.
  void Store(ArrayType *stored_call_ids);

  // Marks what was rejected earlier and is resolved by accepted records, of which these are the
  // CallIDs and, in the same order, the UniqueCallIDs.
  static void Resolve(const Extension &extension, int64_t import_id, ArrayType *call_ids,
                      ArrayType *unique_call_ids);

 private:
  const char *quoted_schema_;
  int64_t import_id_;
  GrowingArray<Datum> call_ids_;
  NamedRows rows_;
};
static_assert(std::is_trivially_destructible_v<ImportRejects>);

}  // namespace vidyo_cdr
