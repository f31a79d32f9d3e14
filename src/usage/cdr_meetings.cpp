// cdr_meetings(start_time, end_time, tenant, endpoint_types): a row for each meeting that began in
// the range. Its records come one after the other, and are swept as one bucket.
#include <type_traits>

#include "base/memory.hpp"
#include "base/values.hpp"
#include "records/overlap.hpp"
#include "records/requested_records.hpp"
#include "usage/arguments.hpp"
#include "usage/calls.hpp"
#include "usage/functions.hpp"
#include "usage/memory.hpp"

namespace vidyo_cdr {

namespace {

constexpr int kEndpointTypes = 3;

// The columns of a meeting.
enum MeetingColumn : int32_t {
  kMeetingId,
  kMeetingName,
  kMeetingTenant,
  kMeetingType,
  kMeetingRoomType,
  kMeetingRoomOwner,
  kStartedAt,
  kEndedAt,
  kDurationMinutes,
  kParticipantsNow,
  kMeetingPeak,
  kMeetingPeakTime,
  kMeetingCallers,
  kMeetingJoins,
  kMeetingMinutes,
  kMeetingUnknownEnd,
  kMeetingColumnCount
};

// The fields that a meeting takes from its first record, in the order of its columns.
constexpr int32_t kFirstFields[] = {kUniqueCallID,   kConferenceName, kTenantName,
                                    kConferenceType, kRoomType,       kRoomOwner};

constexpr ColumnSet FirstFields() {
  ColumnSet columns = 0;
  for (const int32_t column : kFirstFields) {
    columns |= Only(column);
  }
  return columns;
}

// Keeps the only cell of a sweep.
class CellSink final : public UsageSink {
 public:
  void Take(const UsageCell &cell) noexcept override { cell_ = cell; }
  const UsageCell &Cell() const { return cell_; }

 private:
  UsageCell cell_ = {};
};

SweepRequest RequestOfMeetings() {
  SweepRequest request;
  request.needs_meetings = false;
  request.seed = pg_prng_uint64(&pg_global_prng_state);
  return request;
}

// Makes rows of meetings.
class MeetingSink final : public RecordSink {
 public:
  MeetingSink(const CallReader &reader, const ReturnSetInfo *result, SweepMemory *memory)
      : reader_(reader),
        rows_(result->setResult),
        row_type_(result->setDesc),
        memory_(memory),
        sweep_(RequestOfMeetings(), memory->Get(), &cell_sink_),
        meeting_context_(AllocSetContextCreate(CurrentMemoryContext, "usage figures, meeting",
                                               ALLOCSET_SMALL_SIZES)) {}
  MeetingSink(const MeetingSink &) = delete;  // its sweep points into it
  MeetingSink &operator=(const MeetingSink &) = delete;

  void Start(TupleDesc columns) noexcept override { reader_.CheckColumns(columns); }

  bool Receive(TupleTableSlot *record) noexcept override {
    InMemoryContext(memory_->RowContext(), [&] { Add(record); });
    MemoryContextReset(memory_->RowContext());
    return true;
  }

  // Writes the last meeting. Returns how many there were.
  uint64 Finish() {
    if (has_meeting_) {
      InMemoryContext(memory_->RowContext(), [&] { WriteMeeting(); });
    }
    return count_;
  }

 private:
  void Add(TupleTableSlot *record) {
    const std::string_view id = reader_.Text(record, kUniqueCallID);
    if (!has_meeting_ || id != id_) {
      if (has_meeting_) {
        WriteMeeting();
      }
      BeginMeeting(record);
    }
    Call call;
    if (reader_.Read(record, &call)) {
      participants_now_ += call.is_open ? 1 : 0;
      memory_->Check(sweep_.Add(call));
    }
  }

  // Takes the fields of the first record.
  void BeginMeeting(TupleTableSlot *record) {
    MemoryContextReset(meeting_context_);
    InMemoryContext(meeting_context_, [&] {
      for (int i = 0; i <= kMeetingRoomOwner; i++) {
        const Datum value = reader_.Value(record, kFirstFields[i], &nulls_[i]);
        values_[i] = nulls_[i] ? Datum{0} : TextDatum(TextOf(value));
      }
    });
    id_ = TextOf(values_[kMeetingId]);
    has_meeting_ = true;
    participants_now_ = 0;
    sweep_.Restart();
  }

  void WriteMeeting() {
    memory_->Check(sweep_.Finish());
    const UsageCell &cell = cell_sink_.Cell();
    count_++;
    values_[kStartedAt] = TimestampTzGetDatum(sweep_.Start());
    values_[kEndedAt] = TimestampTzGetDatum(sweep_.End());
    nulls_[kEndedAt] = participants_now_ > 0;
    values_[kDurationMinutes] = Float8GetDatum(Minutes(SummedTime{sweep_.End()} - sweep_.Start()));
    values_[kParticipantsNow] = Int64GetDatum(participants_now_);
    values_[kMeetingPeak] = Int64GetDatum(cell.peak);
    values_[kMeetingPeakTime] = TimestampTzGetDatum(cell.peak_time);
    nulls_[kMeetingPeakTime] = cell.peak == 0;
    values_[kMeetingCallers] = Int64GetDatum(cell.callers);
    values_[kMeetingJoins] = Int64GetDatum(cell.joins);
    values_[kMeetingMinutes] = Float8GetDatum(Minutes(cell.participant_time));
    values_[kMeetingUnknownEnd] = Int64GetDatum(cell.unknown_ends);
    tuplestore_putvalues(rows_, row_type_, values_, nulls_);
  }

  CallReader reader_;
  Tuplestorestate *rows_;
  TupleDesc row_type_;
  SweepMemory *memory_;
  CellSink cell_sink_;
  UsageSweep sweep_;
  MemoryContext meeting_context_;
  std::string_view id_;
  bool has_meeting_ = false;
  int64 participants_now_ = 0;
  uint64 count_ = 0;
  Datum values_[kMeetingColumnCount] = {};
  bool nulls_[kMeetingColumnCount] = {};
};
static_assert(std::is_trivially_destructible_v<MeetingSink>);

}  // namespace

Datum CdrMeetings(FunctionCallInfo fcinfo) {
  const RecordRequest request = ReadRecordRequest(fcinfo);
  ArrayType *endpoint_types = ReadEndpointTypes(fcinfo, kEndpointTypes);
  CheckRecordRequest(request);
  InitMaterializedSRF(fcinfo, 0);
  if (request.start_time == request.end_time) {
    return Datum{0};
  }
  const ColumnSet columns = CallReader::ColumnsOf(true, true) | FirstFields();
  SweepMemory memory;
  const CallReader reader(RulesFor(endpoint_types), columns);
  MeetingSink sink(reader, reinterpret_cast<ReturnSetInfo *>(fcinfo->resultinfo), &memory);
  WithRequestedRecords(request, "meetings", [&](const RecordSource &source) {
    ReadMeetings(source, request, columns, endpoint_types, sink);
    return sink.Finish();
  });
  return Datum{0};
}

}  // namespace vidyo_cdr
