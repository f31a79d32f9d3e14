// Reading a file's bytes as CSV.
#include "import/csv_file.hpp"

#include "base/memory.hpp"
#include "import/record.hpp"

namespace vidyo_cdr {

namespace {

// Gets enough of a file to see its first line, and finds out what separates its fields.
char ReadDelimiter(CsvInput &input) {
  const auto size = [&] { return static_cast<size_t>(input.Window().end - input.Window().begin); };
  while (!input.Window().at_end && size() < kCsvWindowSize) {
    input.ReadMore();
  }
  return FindCsvDelimiter({input.Window().begin, size()});
}

// Ends an import whose first line is no header.
// Ends an import whose first line is no header.
[[noreturn]] void ReportBadHeader(const char *message) {
  ereport(ERROR, (errcode(ERRCODE_BAD_COPY_FILE_FORMAT), errmsg("%s", message),
                  errhint("The first line must be the header that the portal and export_cdr write: "
                          "CallID,UniqueCallID,ConferenceName and so on.")));
  pg_unreachable();
}

// Raises 22P04 when columns are missing, or come twice.
// Raises 22P04 when columns are missing, or come twice.
void CheckHeader(const CsvHeader &header) {
  switch (header.fault) {
    case CsvHeaderFault::kNoHeader:
      ReportBadHeader("the CSV text has no header");
    case CsvHeaderFault::kColumnTwice:
      ReportBadHeader(psprintf("the header has duplicate columns: %s", ColumnList(header.twice)));
    case CsvHeaderFault::kColumnMissing:
      ReportBadHeader(
          psprintf("the header is missing required columns: %s", ColumnList(header.missing)));
    case CsvHeaderFault::kNone:
      break;
  }
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

}  // namespace

CsvFile::CsvFile(CsvInput &input)
    : input_(input), delimiter_(ReadDelimiter(input)), reader_(delimiter_) {
  room_.fields = AllocateArray<CsvField>(kMaxCsvFields);
  room_.max_fields = kMaxCsvFields;
  room_.scratch = AllocateArray<char>(kMaxCsvRecordSize);
}

const HeaderLine *CsvFile::ReadHeader() {
  CsvPiece piece;
  const CsvAnswer answer = Next(&piece);
  if (answer == CsvAnswer::kEnd) {
    ReportBadHeader("the CSV text is empty");
  }
  if (answer == CsvAnswer::kBad) {
    ReportBadHeader("the CSV text has no header");
  }

  auto *header = static_cast<HeaderLine *>(palloc(sizeof(HeaderLine)));
  header->raw_text = {pnstrdup(piece.raw.data(), piece.raw.size()), piece.raw.size()};
  header->field_count = piece.field_count;
  const CsvHeader columns = MapCsvHeader(Fields(), piece.field_count, header->columns);
  CheckHeader(columns);
  header->given = columns.given;
  NoticeUnknownColumns(Fields(), *header);
  reader_.ExpectFields(header->field_count);
  return header;
}

CsvAnswer CsvFile::Next(CsvPiece *piece) {
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

}  // namespace vidyo_cdr
