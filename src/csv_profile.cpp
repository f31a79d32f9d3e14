// Checking and describing the forms of a file.
#include "csv_profile.hpp"

namespace vidyo_cdr {

namespace {

char CheckedDelimiter(const char *delimiter) {
  if (strlen(delimiter) != 1 || strchr(",;\t", delimiter[0]) == nullptr) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("unknown delimiter: %s", quote_literal_cstr(delimiter)),
                    errhint("The delimiter can be ',', ';' or E'\\t'.")));
  }
  return delimiter[0];
}

// A spreadsheet takes the byte order mark as a promise of UTF-8.
void CheckEncodingForSpreadsheet() {
  if (GetDatabaseEncoding() != PG_UTF8) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("profile spreadsheet needs a database with encoding UTF8, not %s",
                           GetDatabaseEncodingName()),
                    errhint("Use profile portal or raw.")));
  }
  if (pg_get_client_encoding() != PG_UTF8) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("profile spreadsheet needs client_encoding UTF8, not %s",
                           pg_get_client_encoding_name()),
                    errhint("SET client_encoding = 'UTF8', or use profile portal or raw.")));
  }
}

}  // namespace

CsvProfile FindCsvProfile(const char *name, const char *delimiter) {
  CsvProfile profile;
  profile.style.dialect.delimiter = CheckedDelimiter(delimiter);
  if (strcmp(name, "raw") == 0) {
    return profile;
  }

  profile.style.times = TimestampForm::kWallClock;
  if (strcmp(name, "portal") == 0) {
    profile.style.dialect.quote_what_looks_like_null = false;
    return profile;
  }

  if (strcmp(name, "spreadsheet") != 0) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("unknown profile: %s", quote_literal_cstr(name)),
                    errhint("The profile can be 'raw', 'portal' or 'spreadsheet'.")));
  }
  CheckEncodingForSpreadsheet();
  profile.style.guard_spreadsheet = true;
  profile.style.line_end = "\r\n";
  profile.file_begin = "\xEF\xBB\xBF";
  return profile;
}

}  // namespace vidyo_cdr
