// import_cdr(csv, time_zone, profile) and import_cdr_file(path, time_zone, profile, encoding):
// records in, from the portal's CSV files.
#include "import/functions.hpp"
#include "base/postgres.hpp"
#include "base/values.hpp"
#include "base/zones.hpp"
#include "import/csv_import.hpp"
#include "import/csv_input.hpp"
#include "writing/csv_profile.hpp"

namespace vidyo_cdr {

namespace {

int FindEncoding(const char *name) {
  const int encoding = pg_char_to_encoding(name);
  if (encoding < 0) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("unknown encoding: %s", quote_literal_cstr(name)),
                    errhint("Valid encodings are those that client_encoding accepts, such as "
                            "'UTF8' or 'LATIN1'.")));
  }
  return encoding;
}

// What both functions are asked for.
CsvImportRequest ReadRequest(FunctionCallInfo fcinfo) {
  CsvImportRequest request = {};
  request.zone_name = TextArgument(fcinfo, 1, pg_get_timezone_name(session_timezone));
  request.zone = FindZone(request.zone_name);
  request.profile = TextArgument(fcinfo, 2, "raw");
  request.is_guarded = FindCsvForm(request.profile) == CsvForm::kSpreadsheet;
  return request;
}

// The columns of the result. Not looked up, since the function may have been dropped by now.
TupleDesc ResultColumns() {
  constexpr ColumnOfRows kResult[] = {{"import_id", INT8OID}, {"inserted", INT8OID},
                                      {"updated", INT8OID},   {"unchanged", INT8OID},
                                      {"rejected", INT8OID},  {"ambiguous_times", INT8OID}};
  return BlessTupleDesc(DescribeRows(kResult));
}

// Imports, and returns the row of import_id and counts.
Datum Import(const CsvImportRequest &request, CsvInput &input) {
  SPI_connect();
  const CsvImportResult result = ImportCsv(request, input);
  SPI_finish();

  Datum values[] = {
      Int64GetDatum(result.import_id),       Int64GetDatum(result.counts.inserted),
      Int64GetDatum(result.counts.updated),  Int64GetDatum(result.counts.unchanged),
      Int64GetDatum(result.counts.rejected), Int64GetDatum(result.counts.ambiguous_times)};
  bool nulls[lengthof(values)] = {};
  return HeapTupleGetDatum(heap_form_tuple(ResultColumns(), values, nulls));
}

}  // namespace

Datum ImportCdr(FunctionCallInfo fcinfo) {
  PreventCommandIfReadOnly("import_cdr()");
  RequireArgument(fcinfo, 0, "csv");
  CsvImportRequest request = ReadRequest(fcinfo);
  request.kind = "text";
  TextInput input(TextOf(PG_GETARG_DATUM(0)));
  return Import(request, input);
}

Datum ImportCdrFile(FunctionCallInfo fcinfo) {
  PreventCommandIfReadOnly("import_cdr_file()");
  CheckMayReadServerFiles();
  const char *path = RequiredText(fcinfo, 0, "path");
  CsvImportRequest request = ReadRequest(fcinfo);
  request.kind = "file";
  request.source = path;
  FileInput input(path, FindEncoding(TextArgument(fcinfo, 3, "UTF8")));
  const Datum result = Import(request, input);
  input.Close();
  return result;
}

}  // namespace vidyo_cdr
