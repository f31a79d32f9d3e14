// Taking records one by one.
#include "import/record_import.hpp"

#include <new>

#include "base/memory.hpp"
#include "base/values.hpp"
#include "base/zones.hpp"
#include "core/columns.hpp"
#include "core/record_code.hpp"

namespace vidyo_cdr {

namespace {

// What is wrong with a field, as cdr_import_reject tells it.
const char *ReasonOf(const ConversionFault &fault, const char *zone_name) {
  switch (fault.fault) {
    case FieldFault::kEmpty:
      return "is empty";
    case FieldFault::kNoNumber:
      return "is not a 64-bit integer";
    case FieldFault::kHighestNumber:
      return "is the highest number, and would leave none for new records";
    case FieldFault::kUnknownCode:
      return psprintf("is not one of the codes %s", CodeList(fault.column));
    case FieldFault::kNoTime:
    case FieldFault::kOtherDateStyle:
      return "is not a time of the form YYYY-MM-DD HH:MM:SS";
    case FieldFault::kTimeSkipped:
      return psprintf("is a time that the clocks of time zone %s skipped", zone_name);
    case FieldFault::kTimeOutOfRange:
      return "is outside PostgreSQL's range of timestamps";
    case FieldFault::kLeavesBeforeJoins:
      return "is before JoinTime";
    case FieldFault::kNone:
      break;
  }
  return nullptr;
}

// Whether an index entry can hold a text, which it compresses. An index of several columns has a
// few bytes more; PostgreSQL's limit for an entry is 2704.
bool FitsIndex(std::string_view text) {
  constexpr size_t kMaxSize = 2600;
  if (text.size() <= kMaxSize) {
    return true;
  }
  const void *compressed =
      DatumGetPointer(toast_compress_datum(TextDatum(text), InvalidCompressionMethod));
  return compressed != nullptr && VARSIZE_ANY(compressed) <= kMaxSize;
}

// What a field has against its record; no reason: nothing.
struct Objection {
  RecordColumn column;
  const char *reason;
};

// Finds what the table would not take of a record's values, and reads the address on the way.
Objection FindObjection(const RecordValues &values, Datum *address) {
  if (!values.is_null[kEndpointPublicIPAddress] &&
      !ReadAddress(values.texts[kEndpointPublicIPAddress], address)) {
    return {kEndpointPublicIPAddress, "is not an IP address"};
  }
  for (const RecordColumn column : {kUniqueCallID, kTenantName}) {
    if (!FitsIndex(values.texts[column])) {
      return {column, "is too long"};
    }
  }
  return {};
}

// Ends the import of a file whose first time is of another style.
void ReportDateStyle(RecordColumn column, std::string_view text, int64_t line) {
  ereport(ERROR, (errcode(ERRCODE_INVALID_DATETIME_FORMAT),
                  errmsg("line %lld: %s \"%.*s\" is not of the form YYYY-MM-DD HH:MM:SS",
                         LongLong(line), kColumns[column].name.data(),
                         pg_mbcliplen(text.data(), static_cast<int>(text.size()), NAMEDATALEN),
                         text.data()),
                  errdetail("In other date styles, day and month cannot be told apart reliably."),
                  errhint("Set DateStyle to 'ISO' and export the file again.")));
}

}  // namespace

RecordImport *RecordImport::Begin(const Extension &extension, const ImportDescription &description,
                                  ColumnSet columns, pg_tz *zone, Insertion insertion) {
  const int64_t import_id = LogImportBegin(extension, description);
  return new (palloc(sizeof(RecordImport)))
      RecordImport(extension, import_id, description.time_zone, columns, zone, insertion);
}

RecordImport::RecordImport(const Extension &extension, int64_t import_id, const char *zone_name,
                           ColumnSet columns, pg_tz *zone, Insertion insertion)
    : extension_(extension),
      zone_name_(zone_name),
      clock_(FindOffsetOfZone, zone),
      import_id_(import_id),
      batch_(extension_, import_id_, columns, insertion, &counts_),
      record_context_(
          AllocSetContextCreate(CurrentMemoryContext, "vidyo_cdr record", ALLOCSET_SMALL_SIZES)) {}

void RecordImport::Take(const RecordText &record, int64_t line, std::string_view raw_text) {
  MemoryContextReset(record_context_);
  InMemoryContext(record_context_, [&] { Convert(record, line, raw_text); });
}

// Takes or rejects a record, in memory that the next one may have.
void RecordImport::Convert(const RecordText &record, int64_t line, std::string_view raw_text) {
  RecordValues values;
  const ConversionFault fault = ConvertRecord(record, &clock_, &values);
  if (fault.fault == FieldFault::kOtherDateStyle && line != 0 && batch_.IsNew()) {
    ReportDateStyle(fault.column, record.fields[fault.column].text, line);
  }
  Datum address = 0;
  const Objection objection = fault.fault == FieldFault::kNone
                                  ? FindObjection(values, &address)
                                  : Objection{fault.column, ReasonOf(fault, zone_name_)};
  if (objection.reason == nullptr) {
    batch_.Add(values, address, line, raw_text);
    return;
  }
  Reject reject;
  reject.line = line;
  reject.raw_text = raw_text;
  reject.field = kColumns[objection.column].name.data();
  reject.reason = objection.reason;
  if (objection.column != kCallID) {
    reject.has_call_id = true;
    reject.call_id = values.call_id;
    reject.unique_call_id = record.fields[kUniqueCallID].text;
  }
  AddReject(reject);
}

void RecordImport::Flush() {
  batch_.Flush();
  batch_.ContinueNumbering();
  LogImportCounts(extension_, import_id_, counts_ - logged_);
  logged_ = counts_;
}

void RecordImport::Finish() {
  if (counts_.times_without_offset > 0) {
    ereport(NOTICE, (errmsg_plural("%lld time without an offset was read in time zone %s",
                                   "%lld times without an offset were read in time zone %s",
                                   static_cast<unsigned long>(counts_.times_without_offset),
                                   LongLong(counts_.times_without_offset), zone_name_)));
  }
  if (counts_.other_tenants > 0) {
    ereport(
        NOTICE,
        (errmsg_plural(
            "%lld record has a different tenant than the stored record; the stored tenant was kept",
            "%lld records have different tenants than the stored records; the stored tenants were "
            "kept",
            static_cast<unsigned long>(counts_.other_tenants), LongLong(counts_.other_tenants))));
  }
  if (counts_.purged > 0) {
    ereport(NOTICE,
            (errmsg_plural("%lld record was left out because its call has been purged",
                           "%lld records were left out because their calls have been purged",
                           static_cast<unsigned long>(counts_.purged), LongLong(counts_.purged)),
             errhint("The table cdr_purge lists the purges; to import their calls again, forget "
                     "them with cdr_forget_purge.")));
  }
}

}  // namespace vidyo_cdr
