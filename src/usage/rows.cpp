// Writing rows; see the header.
#include "usage/rows.hpp"

#include <algorithm>

#include "base/memory.hpp"

namespace vidyo_cdr {

namespace {

// A cell as the only column of a waiting row.
Datum CellDatum(const UsageCell &cell) {
  auto *bytes = static_cast<bytea *>(palloc(VARHDRSZ + sizeof cell));
  SET_VARSIZE(bytes, VARHDRSZ + sizeof cell);
  memcpy(VARDATA(bytes), &cell, sizeof cell);
  return PointerGetDatum(bytes);
}

// A bound of a bucket. Raises 22008 for one that no timestamp can show.
Datum BoundDatum(int64_t moment) {
  if (!IS_VALID_TIMESTAMP(moment)) {
    ereport(ERROR, (errcode(ERRCODE_DATETIME_VALUE_OUT_OF_RANGE), errmsg("timestamp out of range"),
                    errdetail("A bucket of usage figures reaches beyond the range of type "
                              "timestamp with time zone."),
                    errhint("Give start_time and end_time.")));
  }
  return TimestampTzGetDatum(moment);
}

}  // namespace

UsageRows::UsageRows(const ReturnSetInfo *result, UsageColumnSet columns, const UsageGroups *groups,
                     SweepMemory *memory)
    : rows_(result->setResult),
      row_type_(result->setDesc),
      columns_(columns),
      groups_(groups),
      row_context_(
          AllocSetContextCreate(CurrentMemoryContext, "usage figures, row", ALLOCSET_SMALL_SIZES)),
      memory_(memory),
      cells_(memory->Get()) {
  if (groups->Exist()) {
    waiting_type_ = CreateTemplateTupleDesc(1);
    TupleDescInitEntry(waiting_type_, 1, "cell", BYTEAOID, -1, 0);
    waiting_ = tuplestore_begin_heap(false, false, work_mem);
    waiting_slot_ = MakeSingleTupleTableSlot(waiting_type_, &TTSOpsMinimalTuple);
  }
}

void UsageRows::Take(const UsageCell &cell) noexcept {
  CHECK_FOR_INTERRUPTS();
  InMemoryContext(row_context_, [&] {
    if (waiting_ == nullptr) {
      WriteRow(cell);
    } else {
      Datum value = CellDatum(cell);
      bool is_null = false;
      tuplestore_putvalues(waiting_, waiting_type_, &value, &is_null);
    }
  });
  MemoryContextReset(row_context_);
}

void UsageRows::WriteRow(const UsageCell &cell) {
  const auto length = static_cast<double>(SummedTime{cell.end} - cell.start);
  const auto time = static_cast<double>(cell.participant_time);
  Datum values[kUsageColumnCount];
  bool nulls[kUsageColumnCount] = {};
  values[kBucketStart] = BoundDatum(cell.start);
  values[kBucketEnd] = BoundDatum(cell.end);
  values[kGroupValue] = groups_->Value(cell.group, &nulls[kGroupValue]);
  values[kPeakParticipants] = Int64GetDatum(cell.peak);
  values[kPeakTime] = TimestampTzGetDatum(cell.peak_time);
  nulls[kPeakTime] = cell.peak == 0;
  values[kAverageParticipants] = Float8GetDatum(length > 0 ? time / length : 0);
  nulls[kAverageParticipants] = length == 0;
  values[kParticipantMinutes] = Float8GetDatum(Minutes(cell.participant_time));
  values[kLegacyMinutes] = Float8GetDatum(Minutes(cell.legacy_time));
  values[kPeakMeetings] = Int64GetDatum(cell.peak_meetings);
  values[kMeetings] = Int64GetDatum(cell.meetings);
  values[kUniqueCallers] = Int64GetDatum(cell.callers);
  values[kJoins] = Int64GetDatum(cell.joins);
  values[kAttempts] = Int64GetDatum(cell.attempts);
  values[kUnknownEnd] = Int64GetDatum(cell.unknown_ends);
  for (int i = 0; i < kUsageColumnCount; i++) {
    nulls[i] |= (columns_ & UsageColumnSet{1} << i) == 0;
  }
  tuplestore_putvalues(rows_, row_type_, values, nulls);
}

void UsageRows::BeginGroups() {
  order_ = groups_->InOrder();
  if (cells_.Extend(groups_->Size()) == nullptr) {
    memory_->Check(SweepStatus::kNoMemory);
  }
  ReadCell();
}

// Takes the next waiting cell.
void UsageRows::ReadCell() {
  has_next_ = tuplestore_gettupleslot(waiting_, true, false, waiting_slot_);
  if (has_next_) {
    bool is_null;
    const void *bytes = DatumGetPointer(slot_getattr(waiting_slot_, 1, &is_null));
    memcpy(&next_, VARDATA_ANY(bytes), sizeof next_);
  }
}

void UsageRows::WriteBucket(uint32_t bucket, int64_t start, int64_t end) {
  UsageCell empty = {};
  empty.start = start;
  empty.end = end;
  std::fill(cells_.begin(), cells_.end(), empty);
  for (; has_next_ && next_.bucket == bucket; ReadCell()) {
    cells_[next_.group] = next_;
  }
  for (uint32_t i = 0; i < groups_->Size(); i++) {
    CHECK_FOR_INTERRUPTS();
    UsageCell &cell = cells_[order_[i]];
    cell.group = order_[i];
    InMemoryContext(row_context_, [&] { WriteRow(cell); });
    MemoryContextReset(row_context_);
  }
}

}  // namespace vidyo_cdr
