// Reading the records of a request, with messages that tell of it.
#include "records/requested_records.hpp"

namespace vidyo_cdr {

ReadingContext::ReadingContext(const char *purpose, const RecordRequest *request,
                               const RecordSource &source)
    : purpose_(purpose),
      request_(request),
      may_read_(CallerMayRead(source.extension, source.table)) {}

void ReadingContext::Begin() {
  callback_ = {error_context_stack, AddTo, this};
  error_context_stack = &callback_;
}

void ReadingContext::AddTo(void *context) {
  const auto *self = static_cast<const ReadingContext *>(context);
  if (!self->may_read_ && geterrcode() == ERRCODE_INSUFFICIENT_PRIVILEGE) {
    errhint(
        "Ask the owner of the extension to grant access with cdr_grant_tenant or "
        "cdr_grant_all_tenants.");
  }
  errcontext("%s of call detail records, %s", self->purpose_, DescribeRange(*self->request_));
}

RecordSource ReadRequestedRecords(const RecordRequest &request, const char *purpose,
                                  const ReadExtent &extent, RecordSink &sink) {
  return WithRequestedRecords(request, purpose, [&](const RecordSource &source) {
    return ReadRecords(source, request, extent, sink);
  });
}

}  // namespace vidyo_cdr
