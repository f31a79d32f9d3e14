// The extension's settings, all below vidyo_cdr.*
#pragma once

namespace vidyo_cdr {

// vidyo_cdr.export_limit: greatest number of records in one export, 1 to 65000; superusers only.
extern int export_limit;

// vidyo_cdr.fast_copy: whether COPY over export_cdr goes through the C++ writer.
extern bool fast_copy;

// vidyo_cdr.allow_drop: whether the extension may be dropped while it holds records.
extern bool allow_drop;

// vidyo_cdr.log_exports: the level of the log line that each export leaves, or kLogNoExports;
// superusers only.
inline constexpr int kLogNoExports = 0;
extern int log_exports;

// Makes the settings known to PostgreSQL; first of all, when the library is loaded. Raises 42501,
// and has changed nothing, when the client set one of the superusers' settings while it connected.
void DefineSettings();

}  // namespace vidyo_cdr
