// The extension's settings, all below vidyo_cdr.*
#pragma once

namespace vidyo_cdr {

// No line in the log for exports.
inline constexpr int kLogNoExports = 0;

inline constexpr int kMinutesPerDay = 1440;

struct Settings {
  // vidyo_cdr.export_limit: greatest number of records in one export, 1 to 65000; superusers only.
  int export_limit;

  // vidyo_cdr.fast_copy: whether COPY over export_cdr goes through the C++ writer.
  bool fast_copy;

  // vidyo_cdr.allow_drop: whether the extension may be dropped while its tables have rows.
  bool allow_drop;

  // vidyo_cdr.log_exports: the level of the log line that each export leaves, or kLogNoExports;
  // superusers only.
  int log_exports;

  // vidyo_cdr.stale_after: how old an open call may be, in minutes, before it is taken for dead.
  int stale_after;
};

// The settings as they are now; PostgreSQL writes them.
extern Settings settings;

// Makes the settings known to PostgreSQL; first of all, when the library is loaded. Raises 42501,
// and has changed nothing, when the client set one of the superusers' settings while it connected.
void DefineSettings();

}  // namespace vidyo_cdr
