// Definition of the extension's settings.
#include "base/settings.hpp"

#include "base/postgres.hpp"
#include "core/export_limit.hpp"

namespace vidyo_cdr {

Settings settings = {kMaxExportRecords, true, false, kLogNoExports, kMinutesPerDay};

namespace {

// Levels that can be kept from the client: so not INFO.
const config_enum_entry kLogLevels[] = {
    {"off", kLogNoExports, false}, {"debug5", DEBUG5, false}, {"debug4", DEBUG4, false},
    {"debug3", DEBUG3, false},     {"debug2", DEBUG2, false}, {"debug1", DEBUG1, false},
    {"debug", DEBUG2, true},       {"notice", NOTICE, false}, {"warning", WARNING, false},
    {"log", LOG, false},           {nullptr, 0, false}};

constexpr const char *kExportLimit = "vidyo_cdr.export_limit";
constexpr const char *kLogExports = "vidyo_cdr.log_exports";

// What PostgreSQL knows of a setting, null when nobody has set it yet.
const config_generic *FindSetting(const char *name) {
#if PG_VERSION_NUM >= 160000
  return find_option(name, false, true, ERROR);
#else
  config_generic **settings = get_guc_variables();
  for (int i = 0; i < GetNumConfigOptions(); i++) {
    if (pg_strcasecmp(settings[i]->name, name) == 0) {
      return settings[i];
    }
  }
  return nullptr;
#endif
}

// Raises 42501 when the client has set what it may not set while it connected. PostgreSQL would
// drop that value with a warning, but the administrator's, whose place it has taken, is gone. The
// value that a RESET brings back tells, since a later SET hides where the current one came from.
void RefuseValueOfClient(const char *name) {
  const config_generic *setting = FindSetting(name);
  if (setting == nullptr || (setting->flags & GUC_CUSTOM_PLACEHOLDER) == 0 ||
      setting->reset_source != PGC_S_CLIENT || setting->reset_scontext != PGC_BACKEND ||
      pg_parameter_aclcheck(name, setting->reset_srole, ACL_SET) == ACLCHECK_OK) {
    return;
  }
  ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                  errmsg("permission denied to set parameter \"%s\"", name),
                  errdetail("The client set it while connecting; only superusers and roles with "
                            "the SET privilege on the parameter may do that."),
                  errhint("Remove it from PGOPTIONS, the connection string or the driver's "
                          "settings, and connect again.")));
}

}  // namespace

void DefineSettings() {
  RefuseValueOfClient(kExportLimit);
  RefuseValueOfClient(kLogExports);
  DefineCustomIntVariable(
      kExportLimit, "Sets the maximum number of call detail records in one export.",
      "The portal's limit of 65000 can be lowered but not raised.", &settings.export_limit,
      kMaxExportRecords, 1, kMaxExportRecords, PGC_SUSET, 0, nullptr, nullptr, nullptr);
  DefineCustomBoolVariable("vidyo_cdr.fast_copy",
                           "Uses the extension's CSV writer for COPY TO with FORMAT csv when its "
                           "query reads export_cdr.",
                           "The output is the same, only written faster.", &settings.fast_copy,
                           true, PGC_USERSET, 0, nullptr, nullptr, nullptr);
  DefineCustomBoolVariable("vidyo_cdr.allow_drop",
                           "Allows dropping the extension while its tables have rows.", nullptr,
                           &settings.allow_drop, false, PGC_USERSET, 0, nullptr, nullptr, nullptr);
  DefineCustomEnumVariable(
      kLogExports, "Sets the level of the line that each export writes to the server log.",
      "The line is JSON and is never sent to the client.", &settings.log_exports, kLogNoExports,
      kLogLevels, PGC_SUSET, 0, nullptr, nullptr, nullptr);
  DefineCustomIntVariable("vidyo_cdr.stale_after",
                          "Age from which on a call that is still open is taken for dead.",
                          "Usage figures then count it with no length; cdr_live leaves it out.",
                          &settings.stale_after, kMinutesPerDay, 1, 365 * kMinutesPerDay,
                          PGC_USERSET, GUC_UNIT_MIN, nullptr, nullptr, nullptr);
  MarkGUCPrefixReserved("vidyo_cdr");
}

}  // namespace vidyo_cdr
