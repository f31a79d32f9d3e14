// What a feed asks its relation.
#pragma once

#include <string_view>
#include <type_traits>

#include "base/postgres.hpp"
#include "core/record_conversion.hpp"
#include "feed/call_ids.hpp"
#include "feed/source_relation.hpp"
#include "import/record_import.hpp"

namespace vidyo_cdr {

class FeedSource {
 public:
  explicit FeedSource(const SourceRelation &relation) : relation_(relation) {}

  // Reads the highest CallID; false when there are no calls.
  bool ReadHighestCallId(int64_t *call_id) const;

  // Reads the lowest CallID above another one; false when there is none.
  bool ReadNextCallId(int64_t above, int64_t *call_id) const;

  // Reads the calls with CallIDs in the ranges into an import; one that the source cannot deliver
  // is rejected. Returns the CallIDs that came, in ascending order. Values arrive as text, so
  // DateStyle has to be ISO.
  CallIdList Read(CallIdRanges ranges, RecordImport *import) const;

  // How many ranges one question to the source may have. MariaDB makes a table of a list of 1,000
  // numbers or more (in_predicate_conversion_threshold), and reads that as well.
  static constexpr int kMaxRanges = 999;

 private:
  bool ReadOneCallId(const char *query, int64_t *call_id) const;
  char *Query(CallIdRanges ranges) const;
  bool Ask(CallIdRanges ranges, ErrorData **failure) const;
  void ReadInto(CallIdRanges ranges, RecordImport *import, CallIdList *found) const;
  void TakeRows(RecordImport *import, CallIdList *found) const;
  int64_t TakeRow(HeapTuple row, TupleDesc columns, RecordImport *import) const;

  const SourceRelation relation_;
};
static_assert(std::is_trivially_destructible_v<FeedSource>);

}  // namespace vidyo_cdr
