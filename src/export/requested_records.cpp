// Reading the records of a request, with messages that tell of it.
#include "export/requested_records.hpp"

#include "records/unknown_tenant.hpp"

namespace vidyo_cdr {

namespace {

// What messages tell of the reading that they come out of.
struct ReadingContext {
  ErrorContextCallback callback;
  const char *purpose;
  const RecordRequest *request;
  bool may_read;  // whether the caller has the privileges on schema and table
};

void AddReadingContext(void *argument) {
  const auto *context = static_cast<const ReadingContext *>(argument);
  if (!context->may_read && geterrcode() == ERRCODE_INSUFFICIENT_PRIVILEGE) {
    errhint(
        "Ask the owner of the extension to grant access with cdr_grant_tenant or "
        "cdr_grant_all_tenants.");
  }
  errcontext("%s of call detail records, %s", context->purpose, DescribeRange(*context->request));
}

// Reads with the access that the caller has now.
RecordSource Read(const RecordRequest &request, const char *purpose, const ReadExtent &extent,
                  RecordSink &sink) {
  const RecordSource source = OpenRecords(request);
  ReadingContext context = {{error_context_stack, AddReadingContext, &context},
                            purpose,
                            &request,
                            CallerMayRead(source.extension, source.table)};
  error_context_stack = &context.callback;
  const uint64 records = ReadRecords(source, request, extent, sink);
  if (request.tenant != nullptr && records == 0) {
    NoticeUnknownTenant(source.table, request.tenant);
  }
  error_context_stack = context.callback.previous;
  return source;
}

}  // namespace

RecordSource ReadRequestedRecords(const RecordRequest &request, const char *purpose,
                                  const ReadExtent &extent, RecordSink &sink) {
  CheckRecordRequest(request);
  RecordSource source;
  WithOneAccess([&] { source = Read(request, purpose, extent, sink); });
  return source;
}

}  // namespace vidyo_cdr
