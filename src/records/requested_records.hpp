// What all calls that take start_time, end_time and tenant have in common: how the records of their
// request are read.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"
#include "records/reader.hpp"
#include "records/unknown_tenant.hpp"

namespace vidyo_cdr {

// Tells in messages that they come out of a reading: its purpose, such as "export", its range, and
// what is missing where the caller may not read.
class ReadingContext {
 public:
  ReadingContext(const char *purpose, const RecordRequest *request, const RecordSource &source);

  // From here on, until an error or End().
  void Begin();
  void End() { error_context_stack = callback_.previous; }

 private:
  static void AddTo(void *context);

  ErrorContextCallback callback_;
  const char *purpose_;
  const RecordRequest *request_;
  bool may_read_;  // whether the caller has the privileges on schema and table
};
static_assert(std::is_trivially_destructible_v<ReadingContext>);

// Runs read(source) as the current user, in the active snapshot and with the access that it has
// now; it returns how many records there were. Messages tell of the purpose and the range; a NOTICE
// tells of a tenant without records. Returns where the records are. Raises 22023 when start_time is
// after end_time, 42501 without the privilege to read them, and what LockMemberTable() raises when
// the table is not to be had.
template <typename Read>
RecordSource WithRequestedRecords(const RecordRequest &request, const char *purpose,
                                  const Read &read) {
  CheckRecordRequest(request);
  RecordSource source;
  WithOneAccess([&] {
    source = OpenRecords(request);
    ReadingContext context(purpose, &request, source);
    context.Begin();
    const uint64 records = read(source);
    if (request.tenant != nullptr && records == 0) {
      NoticeUnknownTenant(source.table, request.tenant);
    }
    context.End();
  });
  return source;
}

// Reads so much of the requested records and hands them to the sink.
RecordSource ReadRequestedRecords(const RecordRequest &request, const char *purpose,
                                  const ReadExtent &extent, RecordSink &sink);

}  // namespace vidyo_cdr
