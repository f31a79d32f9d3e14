// The groups of usage figures: a number for each value of a field.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"
#include "core/columns.hpp"
#include "core/usage/key_table.hpp"
#include "usage/calls.hpp"

namespace vidyo_cdr {

class UsageGroups {
 public:
  static constexpr uint32_t kNone = KeyTable::kNone;

  // column: the field; kRecordColumnCount when all calls are one group.
  UsageGroups(int32_t column, Memory memory, uint64_t seed)
      : column_(column), values_(memory, seed) {}

  bool Exist() const { return column_ != kRecordColumnCount; }

  // The columns that groups are read from.
  ColumnSet Columns() const { return Exist() ? Only(column_) : 0; }

  // The number of the record's group, kNone when there is no memory for it.
  uint32_t Find(const CallReader &reader, TupleTableSlot *record);

  // The group's value as text, or NULL; palloc'ed.
  Datum Value(uint32_t group, bool *is_null) const;

  // The groups in byte order of their values, NULL last; palloc'ed.
  uint32_t *InOrder() const;

  uint32_t Size() const { return values_.Size(); }

 private:
  int32_t column_;
  KeyTable values_;
  uint32_t null_group_ = kNone;
};
static_assert(std::is_trivially_destructible_v<UsageGroups>);

}  // namespace vidyo_cdr
