// cdr_usage(start_time, end_time, bucket, time_zone, tenant, group_by, endpoint_types): figures of
// each bucket and group.
#include <algorithm>
#include <type_traits>

#include "base/memory.hpp"
#include "base/zones.hpp"
#include "records/overlap.hpp"
#include "records/requested_records.hpp"
#include "usage/arguments.hpp"
#include "usage/calls.hpp"
#include "usage/functions.hpp"
#include "usage/groups.hpp"
#include "usage/memory.hpp"
#include "usage/rows.hpp"

namespace vidyo_cdr {

static_assert(std::is_trivially_destructible_v<UsageSweep>);

namespace {

// The function's arguments after start_time and end_time.
enum { kBucket = 2, kTimeZone, kTenant, kGroupBy, kEndpointTypes };

bool Uses(UsageColumnSet columns, UsageColumn column) {
  return (columns & UsageColumnSet{1} << column) != 0;
}

// Feeds records to a sweep.
class SweepingSink final : public RecordSink {
 public:
  SweepingSink(const CallReader &reader, UsageGroups *groups, SweepMemory *memory,
               UsageSweep *sweep)
      : reader_(reader), groups_(groups), memory_(memory), sweep_(sweep) {}

  void Start(TupleDesc columns) noexcept override { reader_.CheckColumns(columns); }

  bool Receive(TupleTableSlot *record) noexcept override {
    InMemoryContext(memory_->RowContext(), [&] { Add(record); });
    MemoryContextReset(memory_->RowContext());
    return true;
  }

 private:
  void Add(TupleTableSlot *record) {
    Call call;
    if (reader_.Read(record, &call) && sweep_->Touches(call)) {
      call.group = groups_->Find(reader_, record);
      memory_->Check(call.group == UsageGroups::kNone ? SweepStatus::kNoMemory : sweep_->Add(call));
    }
  }

  CallReader reader_;
  UsageGroups *groups_;
  SweepMemory *memory_;
  UsageSweep *sweep_;
};
static_assert(std::is_trivially_destructible_v<SweepingSink>);

}  // namespace

Datum CdrUsage(FunctionCallInfo fcinfo) {
  const RecordRequest request = ReadRecordRequest(fcinfo, kTenant);
  const BucketArgument bucket = ReadBucket(fcinfo, kBucket);
  pg_tz *zone = ReadZone(fcinfo, kTimeZone);
  const int32_t group_column = ReadGroupColumn(fcinfo, kGroupBy);
  const CallRules rules = RulesFor(ReadEndpointTypes(fcinfo, kEndpointTypes));
  CheckRecordRequest(request);
  InitMaterializedSRF(fcinfo, 0);
  if (request.start_time == request.end_time) {
    return Datum{0};
  }

  const UsageColumnSet used = UsedColumns(fcinfo);
  Calendar calendar(bucket.length, FindOffsetOfZone, zone);
  SweepRequest sweep_request;
  sweep_request.start = request.start_time;
  sweep_request.end = request.end_time;
  sweep_request.calendar = bucket.is_whole_range ? nullptr : &calendar;
  sweep_request.is_grouped = group_column != kRecordColumnCount;
  sweep_request.needs_meetings = Uses(used, kMeetings) || Uses(used, kPeakMeetings);
  sweep_request.needs_callers = Uses(used, kUniqueCallers);
  sweep_request.max_rows = kMaxUsageRows;
  sweep_request.seed = pg_prng_uint64(&pg_global_prng_state);

  SweepMemory memory;
  UsageGroups groups(group_column, memory.Get(), sweep_request.seed);
  UsageRows rows(reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo), used, &groups, &memory);
  UsageSweep sweep(sweep_request, memory.Get(), &rows);
  const ColumnSet columns = groups.Columns() | CallReader::ColumnsOf(sweep_request.needs_meetings,
                                                                     sweep_request.needs_callers);
  SweepingSink sink({rules, columns}, &groups, &memory, &sweep);
  WithRequestedRecords(request, "usage figures", [&](const RecordSource &source) {
    return ReadTouchingRecords(source, request, columns, rules.open_since, sink);
  });
  memory.Check(sweep.Finish());
  if (groups.Exist() && sweep.HasCalls()) {
    rows.WriteGroups(sweep, [&](int64_t start) {
      return sweep_request.calendar == nullptr ? sweep.End()
                                               : std::min(calendar.Next(start), request.end_time);
    });
  }
  return Datum{0};
}

}  // namespace vidyo_cdr
