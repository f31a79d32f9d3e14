// Matching a header's names; see the header file for the rules.
#include "core/csv/header.hpp"

#include <algorithm>
#include <string_view>

#include "core/columns.hpp"
#include "core/text_from.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr ColumnSet kRequiredColumns = ColumnsWith(&Column::is_required);

// The portal's documentation spells one column in two words. GWPrefix, GWID and ApplicationOs
// differ in case only.
constexpr std::string_view kSpelledCallState = "Call State";

// Of ASCII letters only, whatever the locale.
constexpr char LowerCase(char byte) noexcept {
  return byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte - 'A' + 'a') : byte;
}

bool SameName(std::string_view a, std::string_view b) noexcept {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return LowerCase(x) == LowerCase(y); });
}

std::string_view WithoutBlanksAround(std::string_view text) noexcept {
  constexpr std::string_view kBlanks = " \t";
  const size_t end = text.find_last_not_of(kBlanks) + 1;
  return TextFrom(text.substr(0, end), std::min(text.find_first_not_of(kBlanks), end));
}

int FindColumn(std::string_view field) noexcept {
  const std::string_view name = WithoutBlanksAround(field);
  if (SameName(name, kSpelledCallState)) {
    return kCallState;
  }
  for (int column = 0; column < kRecordColumnCount; column++) {
    if (SameName(name, kColumns[column].name)) {
      return column;
    }
  }
  return kUnknownColumn;
}

CsvHeaderFault FindHeaderFault(const CsvHeader &header) noexcept {
  if (header.given == 0) {
    return CsvHeaderFault::kNoHeader;
  }
  if (header.twice != 0) {
    return CsvHeaderFault::kColumnTwice;
  }
  return header.missing != 0 ? CsvHeaderFault::kColumnMissing : CsvHeaderFault::kNone;
}

}  // namespace

CsvHeader MapCsvHeader(const CsvField *fields, int field_count, int *columns) noexcept {
  CsvHeader header = {};
  for (int i = 0; i < field_count; i++) {
    columns[i] = FindColumn(fields[i].text);
    if (columns[i] != kUnknownColumn) {
      const ColumnSet column = Only(columns[i]);
      header.twice |= header.given & column;
      header.given |= column;
    }
  }
  header.missing = kRequiredColumns & ~header.given;
  header.fault = FindHeaderFault(header);
  return header;
}

}  // namespace vidyo_cdr
