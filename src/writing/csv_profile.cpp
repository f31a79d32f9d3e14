// Checking and describing the forms of a file.
#include "writing/csv_profile.hpp"

namespace vidyo_cdr {

namespace {

char CheckedDelimiter(const char *delimiter) {
  if (strlen(delimiter) != 1 || strchr(",;\t", delimiter[0]) == nullptr) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("unknown delimiter: %s", quote_literal_cstr(delimiter)),
                    errhint("Valid delimiters are ',', ';' and E'\\t'.")));
  }
  return delimiter[0];
}

// A spreadsheet takes the byte order mark as a promise of UTF-8.
void CheckEncodingForSpreadsheet() {
  if (GetDatabaseEncoding() != PG_UTF8) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("profile \"spreadsheet\" requires database encoding UTF8, not %s",
                           GetDatabaseEncodingName()),
                    errhint("Use profile \"portal\" or \"raw\".")));
  }
  if (pg_get_client_encoding() != PG_UTF8) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("profile \"spreadsheet\" requires client encoding UTF8, not %s",
                           pg_get_client_encoding_name()),
                    errhint("Set client_encoding to UTF8, or use profile \"portal\" or \"raw\".")));
  }
}

}  // namespace

CsvForm FindCsvForm(const char *profile) {
  if (strcmp(profile, "raw") == 0) {
    return CsvForm::kRaw;
  }
  if (strcmp(profile, "portal") == 0) {
    return CsvForm::kPortal;
  }
  if (strcmp(profile, "spreadsheet") == 0) {
    return CsvForm::kSpreadsheet;
  }
  ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                  errmsg("unknown profile: %s", quote_literal_cstr(profile)),
                  errhint("Valid profiles are 'raw', 'portal' and 'spreadsheet'.")));
  pg_unreachable();
}

CsvProfile FindCsvProfile(const char *name, const char *delimiter) {
  CsvProfile profile;
  profile.style.dialect.delimiter = CheckedDelimiter(delimiter);
  switch (FindCsvForm(name)) {
    case CsvForm::kRaw:
      break;
    case CsvForm::kPortal:
      profile.style.times = TimestampForm::kWallClock;
      profile.style.dialect.quote_what_looks_like_null = false;
      break;
    case CsvForm::kSpreadsheet:
      CheckEncodingForSpreadsheet();
      profile.style.times = TimestampForm::kWallClock;
      profile.style.guard_spreadsheet = true;
      profile.style.line_end = "\r\n";
      profile.file_begin = "\xEF\xBB\xBF";
      break;
  }
  return profile;
}

}  // namespace vidyo_cdr
