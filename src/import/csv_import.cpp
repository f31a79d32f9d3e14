// From the bytes of a file to records.
#include "import/csv_import.hpp"

#include <type_traits>

#include "base/memory.hpp"
#include "core/csv/header.hpp"
#include "core/csv/spreadsheet_guard.hpp"
#include "import/record_import.hpp"

namespace vidyo_cdr {

namespace {

// How many records go by between two messages on the progress.
constexpr int64_t kProgressStep = 100000;

// A file while it is read.
class CsvFile {
 public:
  explicit CsvFile(CsvInput &input)
      : input_(input), delimiter_(FindDelimiter(input)), reader_(delimiter_) {
    room_.fields = AllocateArray<CsvField>(kMaxCsvFields);
    room_.max_fields = kMaxCsvFields;
    room_.scratch = AllocateArray<char>(kMaxCsvRecordSize);
  }

  char Delimiter() const { return delimiter_; }
  const CsvField *Fields() const { return room_.fields; }
  void ExpectFields(int count) { reader_.ExpectFields(count); }

  // Reads the next record or line. What it refers to is valid until the next call.
  CsvAnswer Next(CsvPiece *piece) {
    for (;;) {
      input_.Drop(consumed_);
      const CsvAnswer answer = reader_.Read(input_.Window(), room_, piece);
      consumed_ = piece->consumed;
      if (answer != CsvAnswer::kNeedMore) {
        return answer;
      }
      input_.Drop(consumed_);
      consumed_ = 0;
      input_.ReadMore();
    }
  }

 private:
  // Gets enough of the file to see its first line.
  static char FindDelimiter(CsvInput &input) {
    const auto size = [&] {
      return static_cast<size_t>(input.Window().end - input.Window().begin);
    };
    while (!input.Window().at_end && size() < kCsvWindowSize) {
      input.ReadMore();
    }
    return FindCsvDelimiter({input.Window().begin, size()});
  }

  CsvInput &input_;
  char delimiter_;
  CsvReader reader_;
  CsvRoom room_;
  size_t consumed_ = 0;
};
static_assert(std::is_trivially_destructible_v<CsvFile>);

// A header and what follows from it.
struct HeaderLine {
  std::string_view raw_text;
  int field_count;
  int columns[kMaxCsvFields];  // of each field: its column, or kUnknownColumn
  ColumnSet given;
};

[[noreturn]] void RefuseHeader(const char *message) {
  ereport(ERROR, (errcode(ERRCODE_BAD_COPY_FILE_FORMAT), errmsg("%s", message),
                  errhint("The first line must be the header that the portal and export_cdr write: "
                          "CallID,UniqueCallID,ConferenceName and so on.")));
  pg_unreachable();
}

// Tells which fields of the file are left out.
void NoticeUnknownColumns(const CsvField *fields, const HeaderLine &header) {
  StringInfoData names;
  initStringInfo(&names);
  for (int i = 0; i < header.field_count; i++) {
    if (header.columns[i] == kUnknownColumn) {
      const std::string_view name = fields[i].text;
      appendStringInfo(&names, "%s\"%.*s\"", names.len > 0 ? ", " : "",
                       pg_mbcliplen(name.data(), static_cast<int>(name.size()), NAMEDATALEN),
                       name.data());
    }
  }
  if (names.len > 0) {
    ereport(NOTICE,
            (errmsg("ignoring columns that ConferenceCall2 does not have: %s", names.data)));
  }
}

// Reads the first record as the header.
HeaderLine *ReadHeader(CsvFile &file) {
  CsvPiece piece;
  const CsvAnswer answer = file.Next(&piece);
  if (answer == CsvAnswer::kEnd) {
    RefuseHeader("the CSV text is empty");
  }
  if (answer == CsvAnswer::kBad) {
    RefuseHeader("the CSV text has no header");
  }

  auto *header = static_cast<HeaderLine *>(palloc(sizeof(HeaderLine)));
  header->raw_text = {pnstrdup(piece.raw.data(), piece.raw.size()), piece.raw.size()};
  header->field_count = piece.field_count;
  const CsvHeader columns = MapCsvHeader(file.Fields(), piece.field_count, header->columns);
  header->given = columns.given;
  switch (columns.fault) {
    case CsvHeaderFault::kNoHeader:
      RefuseHeader("the CSV text has no header");
    case CsvHeaderFault::kColumnTwice:
      RefuseHeader(psprintf("the header has duplicate columns: %s", ColumnList(columns.twice)));
    case CsvHeaderFault::kColumnMissing:
      RefuseHeader(
          psprintf("the header is missing required columns: %s", ColumnList(columns.missing)));
    case CsvHeaderFault::kNone:
      break;
  }
  NoticeUnknownColumns(file.Fields(), *header);
  file.ExpectFields(header->field_count);
  return header;
}

// Why a line was refused that is no record. wrong_count: the words for more or fewer fields than
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

}  // namespace

CsvImportResult ImportCsv(const CsvImportRequest &request, CsvInput &input) {
  CsvFile file(input);
  const HeaderLine *header = ReadHeader(file);
  const ImportDescription description = {request.kind,     request.source,    header->raw_text,
                                         file.Delimiter(), request.zone_name, request.profile};
  RecordImport *import =
      RecordImport::Begin(LockImportTables(), description, header->given, request.zone);
  char *unguarded = request.is_guarded ? AllocateArray<char>(kMaxCsvRecordSize) : nullptr;
  const char *wrong_count =
      psprintf("has more or fewer fields than the header, which has %d", header->field_count);

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
      SortFields(file.Fields(), *header, unguarded, &record);
      import->Take(record, piece.line, piece.raw);
    } else {
      Reject reject;
      reject.line = piece.line;
      reject.raw_text = WholeCharacters(piece);
      reject.reason = ReasonOf(piece, wrong_count);
      import->Refuse(reject);
    }
    if (++pieces % kProgressStep == 0) {
      ereport(NOTICE, (errmsg("%lld records read so far", static_cast<long long>(pieces))));
    }
  }
  import->Flush();
  import->Finish();
  return {import->ImportId(), import->Counts()};
}

}  // namespace vidyo_cdr
