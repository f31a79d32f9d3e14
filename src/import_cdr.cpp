// import_cdr(csv, time_zone, profile) and import_cdr_file(path, time_zone, profile, encoding):
// records in, from the portal's CSV files.
#include <new>

#include "csv_import.hpp"
#include "csv_input.hpp"
#include "guard.hpp"
#include "pg_headers.hpp"
#include "zone_rules.hpp"

namespace vidyo_cdr {

namespace {

// A text argument; one that is NULL is refused.
const char *TextArgument(FunctionCallInfo fcinfo, int number, const char *name) {
  if (PG_ARGISNULL(number)) {
    ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("%s must not be NULL", name)));
  }
  return text_to_cstring(PG_GETARG_TEXT_PP(number));
}

int FindEncoding(const char *name) {
  const int encoding = pg_char_to_encoding(name);
  if (encoding < 0) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("unknown encoding: %s", quote_literal_cstr(name)),
                    errhint("The encoding can be any that client_encoding can be, such as 'UTF8' "
                            "or 'LATIN1'.")));
  }
  return encoding;
}

void CheckProfile(const char *name) {
  if (strcmp(name, "raw") != 0 && strcmp(name, "portal") != 0 && strcmp(name, "spreadsheet") != 0) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("unknown profile: %s", quote_literal_cstr(name)),
                    errhint("The profile can be 'raw', 'portal' or 'spreadsheet'.")));
  }
}

// What both functions are asked for.
CsvImportRequest ReadRequest(FunctionCallInfo fcinfo) {
  CsvImportRequest request = {};
  request.zone_name = TextArgument(fcinfo, 1, "time_zone");
  request.zone = FindZone(request.zone_name);
  request.profile = TextArgument(fcinfo, 2, "profile");
  CheckProfile(request.profile);
  request.is_guarded = strcmp(request.profile, "spreadsheet") == 0;
  return request;
}

// Imports, and returns the row of import_id and counts.
Datum Import(FunctionCallInfo fcinfo, const CsvImportRequest &request, CsvInput &input) {
  TupleDesc columns;
  if (get_call_result_type(fcinfo, nullptr, &columns) != TYPEFUNC_COMPOSITE) {
    elog(ERROR, "return type must be a row type");
  }
  SPI_connect();
  const CsvImportResult result =
      ImportCsv(get_func_namespace(fcinfo->flinfo->fn_oid), request, input);
  SPI_finish();

  Datum values[] = {
      Int64GetDatum(result.import_id),       Int64GetDatum(result.counts.inserted),
      Int64GetDatum(result.counts.updated),  Int64GetDatum(result.counts.unchanged),
      Int64GetDatum(result.counts.rejected), Int64GetDatum(result.counts.ambiguous_times)};
  bool nulls[lengthof(values)] = {};
  return HeapTupleGetDatum(heap_form_tuple(BlessTupleDesc(columns), values, nulls));
}

Datum ImportText(FunctionCallInfo fcinfo) {
  PreventCommandIfReadOnly("import_cdr()");
  if (PG_ARGISNULL(0)) {
    ereport(ERROR, (errcode(ERRCODE_NULL_VALUE_NOT_ALLOWED), errmsg("csv must not be NULL")));
  }
  CsvImportRequest request = ReadRequest(fcinfo);
  request.kind = "text";
  const text *csv = PG_GETARG_TEXT_PP(0);
  TextInput input({VARDATA_ANY(csv), VARSIZE_ANY_EXHDR(csv)});
  return Import(fcinfo, request, input);
}

Datum ImportFile(FunctionCallInfo fcinfo) {
  PreventCommandIfReadOnly("import_cdr_file()");
  CheckMayReadServerFiles();
  const char *path = TextArgument(fcinfo, 0, "path");
  CsvImportRequest request = ReadRequest(fcinfo);
  request.kind = "file";
  request.source = path;
  FileInput input(path, FindEncoding(TextArgument(fcinfo, 3, "encoding")));
  const Datum result = Import(fcinfo, request, input);
  input.Close();
  return result;
}

}  // namespace

}  // namespace vidyo_cdr

extern "C" {

PG_FUNCTION_INFO_V1(vidyo_cdr_import);
PG_FUNCTION_INFO_V1(vidyo_cdr_import_file);

Datum vidyo_cdr_import(PG_FUNCTION_ARGS) { VIDYO_CDR_GUARD(return vidyo_cdr::ImportText(fcinfo)); }

Datum vidyo_cdr_import_file(PG_FUNCTION_ARGS) {
  VIDYO_CDR_GUARD(return vidyo_cdr::ImportFile(fcinfo));
}

}  // extern "C"
