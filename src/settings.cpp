// Definition of the extension's settings.
#include "settings.hpp"

#include "core/export_limit.hpp"
#include "pg_headers.hpp"

namespace vidyo_cdr {

int export_limit = kMaxExportRecords;
bool fast_copy = true;
bool allow_drop = false;
int log_exports = kLogNoExports;

namespace {

// Levels that can be kept from the client: so not INFO.
const config_enum_entry kLogLevels[] = {
    {"off", kLogNoExports, false}, {"debug5", DEBUG5, false}, {"debug4", DEBUG4, false},
    {"debug3", DEBUG3, false},     {"debug2", DEBUG2, false}, {"debug1", DEBUG1, false},
    {"debug", DEBUG2, true},       {"notice", NOTICE, false}, {"warning", WARNING, false},
    {"log", LOG, false},           {nullptr, 0, false}};

}  // namespace

void DefineSettings() {
  DefineCustomIntVariable(
      "vidyo_cdr.export_limit", "Greatest number of call detail records in one export.",
      "The portal's limit of 65000 can be lowered, not raised.", &export_limit, kMaxExportRecords,
      1, kMaxExportRecords, PGC_SUSET, 0, nullptr, nullptr, nullptr);
  DefineCustomBoolVariable(
      "vidyo_cdr.fast_copy",
      "Lets COPY in FORMAT csv over export_cdr use the extension's CSV writer.",
      "The output is the same, only faster.", &fast_copy, true, PGC_USERSET, 0, nullptr, nullptr,
      nullptr);
  DefineCustomBoolVariable("vidyo_cdr.allow_drop",
                           "Lets the extension be dropped together with its call detail records.",
                           nullptr, &allow_drop, false, PGC_USERSET, 0, nullptr, nullptr, nullptr);
  DefineCustomEnumVariable("vidyo_cdr.log_exports",
                           "Level of the line that each export leaves in the server log.",
                           "The line is JSON and is never sent to the client.", &log_exports,
                           kLogNoExports, kLogLevels, PGC_SUSET, 0, nullptr, nullptr, nullptr);
  MarkGUCPrefixReserved("vidyo_cdr");
}

}  // namespace vidyo_cdr
