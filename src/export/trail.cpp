// The fields that the trail has of an export's request.
#include "export/trail.hpp"

#include "base/settings.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

const char *BoundOrNull(TimestampTz bound) {
  return TIMESTAMP_NOT_FINITE(bound) ? nullptr : TimestampText(bound);
}

}  // namespace

Trail *BeginExportTrail(MemoryContext context, const char *function, const RecordRequest &request,
                        const char *profile) {
  if (settings.log_exports == kLogNoExports) {
    return nullptr;
  }
  StringInfoData fields;
  initStringInfo(&fields);
  AppendTrailText(&fields, "start_time", BoundOrNull(request.start_time));
  AppendTrailText(&fields, "end_time", BoundOrNull(request.end_time));
  AppendTrailText(&fields, "tenant",
                  request.tenant == nullptr ? nullptr : text_to_cstring(request.tenant));
  AppendTrailText(&fields, "profile", profile);
  return BeginTrail(context, "export", function, fields.data);
}

}  // namespace vidyo_cdr
