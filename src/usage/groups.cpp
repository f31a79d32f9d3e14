// Numbering groups, and putting them in order.
#include "usage/groups.hpp"

#include <algorithm>
#include <charconv>

#include "base/memory.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

// NULL is told apart from the empty text.
constexpr uint32_t kOfValue = 0;
constexpr uint32_t kOfNull = 1;

}  // namespace

uint32_t UsageGroups::Find(const CallReader &reader, TupleTableSlot *record) {
  if (!Exist()) {
    return 0;
  }
  bool is_null;
  const Datum value = reader.Value(record, column_, &is_null);
  if (is_null) {
    null_group_ = values_.Find({kOfNull, {}, {}});
    return null_group_;
  }
  switch (kColumns[column_].type) {
    case ColumnType::kAddress:
      return values_.Find({kOfValue, DatumGetCString(DirectFunctionCall1(inet_out, value)), {}});
    case ColumnType::kInt16: {
      char digits[8];
      const char *end = std::to_chars(digits, digits + sizeof digits, DatumGetInt16(value)).ptr;
      return values_.Find({kOfValue, {digits, static_cast<size_t>(end - digits)}, {}});
    }
    default:
      return values_.Find({kOfValue, TextOf(value), {}});
  }
}

Datum UsageGroups::Value(uint32_t group, bool *is_null) const {
  *is_null = !Exist() || group == null_group_;
  return *is_null ? Datum{0} : TextDatum(values_.First(group));
}

uint32_t *UsageGroups::InOrder() const {
  auto *order = AllocateArray<uint32_t>(Size());
  for (uint32_t i = 0; i < Size(); i++) {
    order[i] = i;
  }
  std::sort(order, order + Size(), [this](uint32_t a, uint32_t b) {
    if (a == null_group_ || b == null_group_) {
      return b == null_group_ && a != b;
    }
    return values_.First(a) < values_.First(b);
  });
  return order;
}

}  // namespace vidyo_cdr
