// From the bytes of a file to records.
#include "import/csv_import.hpp"

#include "base/memory.hpp"
#include "base/statement.hpp"
#include "base/values.hpp"
#include "core/csv/spreadsheet_guard.hpp"
#include "import/csv_file.hpp"
#include "import/progress.hpp"
#include "import/record_import.hpp"

namespace vidyo_cdr {

namespace {

// How many records go by between two messages on the progress, and until the next figures of it.
constexpr int64_t kMessageStep = 100000;
constexpr int64_t kProgressStep = 1000;

// Why a line is rejected that is no record. wrong_count: the words for more or fewer fields than
// the header has.
const char *ReasonOf(const CsvPiece &piece, const char *wrong_count) {
  if (piece.cut) {
    return "is longer than 1 MB, and was cut";
  }
  switch (piece.fault) {
    case CsvFault::kTextAfterQuote:
      return "has text after a closing quote";
    case CsvFault::kQuoteNotClosed:
      return "has a quote that is not closed";
    case CsvFault::kTooLong:
      return "belongs to a record of more than 1 MB";
    case CsvFault::kHoldsRecord:
      return "has a quote that is closed only in another record";
    case CsvFault::kIsHeld:
      return "is inside a quote that an earlier line opens";
    case CsvFault::kFieldCount:
    case CsvFault::kTooManyFields:
      return wrong_count;
    case CsvFault::kNone:
      break;
  }
  return nullptr;
}

// A line that cannot be read, as it stands in the file; one that was cut may end within a
// character.
std::string_view WholeCharacters(const CsvPiece &piece) {
  const int size = static_cast<int>(piece.raw.size());
  return piece.cut
             ? piece.raw.substr(0, static_cast<size_t>(pg_mbcliplen(piece.raw.data(), size, size)))
             : piece.raw;
}

// Sorts fields by columns, and takes a spreadsheet's guards off, for which `room` has as many bytes
// as the record.
void SortFields(const CsvField *fields, const HeaderLine &header, char *room, RecordText *record) {
  for (int i = 0; i < header.field_count; i++) {
    if (header.columns[i] != kUnknownColumn) {
      std::string_view text = fields[i].text;
      if (room != nullptr) {
        const char *end = RemoveSpreadsheetGuard(room, text);
        text = {room, static_cast<size_t>(end - room)};
        room += text.size();
      }
      record->fields[header.columns[i]] = {text, fields[i].quoted};
    }
  }
}

// Takes all records of a file, and rejects the lines that are none.
void TakeRecords(CsvFile &file, const HeaderLine &header, bool is_guarded,
                 const ImportProgress &progress, RecordImport *import) {
  char *unguarded = is_guarded ? AllocateArray<char>(kMaxCsvRecordSize) : nullptr;
  const char *wrong_count =
      psprintf("has more or fewer fields than the header, which has %d", header.field_count);
  RecordText record;
  CsvPiece piece;
  int64_t pieces = 0;
  for (;;) {
    CHECK_FOR_INTERRUPTS();
    const CsvAnswer answer = file.Next(&piece);
    if (answer == CsvAnswer::kEnd) {
      break;
    }
    if (answer == CsvAnswer::kRecord) {
      SortFields(file.Fields(), header, unguarded, &record);
      import->Take(record, piece.line, piece.raw);
    } else {
      Reject reject;
      reject.line = piece.line;
      reject.raw_text = WholeCharacters(piece);
      reject.reason = ReasonOf(piece, wrong_count);
      import->AddReject(reject);
    }
    if (++pieces % kProgressStep == 0) {
      progress.Show(import->Counts());
    }
    if (pieces % kMessageStep == 0) {
      ereport(NOTICE, (errmsg("%lld records read so far", LongLong(pieces))));
    }
  }
}

// Imports a file from its beginning.
CsvImportResult ImportOnce(const CsvImportRequest &request, CsvInput &input, Insertion insertion) {
  CsvFile file(input);
  const HeaderLine *header = file.ReadHeader();
  const ImportDescription description = {request.kind,     request.source,    header->raw_text,
                                         file.Delimiter(), request.zone_name, request.profile};
  const Extension extension = LockImportTables();
  const ImportProgress progress(FindMemberRelation(extension, "conferencecall2"), input);
  RecordImport *import =
      RecordImport::Begin(extension, description, header->given, request.zone, insertion);
  TakeRecords(file, *header, request.is_guarded, progress, import);
  import->Flush();
  import->Finish();
  progress.End();
  return {import->ImportId(), import->Counts()};
}

// Whether an error came of a record that the table has already. It may come of a unique index that
// somebody has made, too; then the second attempt fails as well. Citus does not tell the table of
// an error on a node.
bool IsAboutStoredRecord(const ErrorData &error) {
  if (error.sqlerrcode != ERRCODE_UNIQUE_VIOLATION) {
    return false;
  }
  if (error.schema_name == nullptr || error.table_name == nullptr) {
    return true;
  }
  return strcmp(error.table_name, "conferencecall2") == 0 &&
         strcmp(error.schema_name, GetExtension().schema_name) == 0;
}

}  // namespace

CsvImportResult ImportCsv(const CsvImportRequest &request, CsvInput &input) {
  if (input.CanRewind()) {
    CsvImportResult result = {};
    ErrorData *error =
        TryInSubtransaction([&] { result = ImportOnce(request, input, Insertion::kOrFail); });
    if (error == nullptr) {
      return result;
    }
    if (!IsAboutStoredRecord(*error)) {
      ReThrowError(error);
    }
    ereport(NOTICE, (errmsg("starting again, since others may have stored a record of this import"),
                     errdetail("The first attempt failed: %s.", error->message)));
    input.Rewind();
  }
  return ImportOnce(request, input, Insertion::kUnlessStored);
}

}  // namespace vidyo_cdr
