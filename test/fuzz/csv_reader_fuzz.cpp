// Looks for a file that CsvReader reads otherwise than the reference does, or otherwise through
// other windows, of which it loses a byte, or that makes it touch bytes it was not given. libFuzzer
// calls it; build with
//   clang++ -std=c++17 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
//           -Isrc -Itest/unit test/fuzz/csv_reader_fuzz.cpp src/core/csv/reader.cpp
//           src/core/csv/header.cpp -o csv_reader_fuzz
// and run for a while: ./csv_reader_fuzz -max_total_time=20
#include "core/csv/reader.hpp"

#include "core/csv/header.hpp"
#include "core/columns.hpp"
#include "reference_csv_reader.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

namespace vidyo_cdr {
namespace {

// The file: as it comes, or made of what matters.
std::string TakeFile(FuzzedDataProvider &input) {
  if (input.ConsumeBool()) {
    return input.ConsumeRemainingBytesAsString();
  }
  const std::string parts[] = {",",      "\"",  "\"\"", "\n",   "\r",
                               "\r\n",   "a",   ";",    "\t",   "\xEF\xBB\xBF",
                               "\",\"",  "x\"", "\"\n", ",\"a", "abcdefghijklmnopqrst",
                               "CallID", "\n\n"};
  std::string file;
  while (input.remaining_bytes() > 0) {
    file += input.PickValueInArray(parts);
  }
  return file;
}

// A file, and how it is read.
struct Case {
  CsvSetting setting;
  uint64_t window_seed = 0;
  std::string file;
};

Case TakeCase(FuzzedDataProvider &input) {
  Case taken;
  taken.setting.max_record_size = input.ConsumeIntegralInRange<size_t>(3, 300);
  taken.setting.max_fields = input.ConsumeIntegralInRange<int>(1, 40);
  taken.setting.expected_fields = input.ConsumeIntegralInRange<int>(0, 12);
  const bool find_delimiter = input.ConsumeBool();
  taken.window_seed = input.ConsumeIntegral<uint64_t>();
  taken.file = TakeFile(input);
  if (find_delimiter) {
    taken.setting.delimiter = FindCsvDelimiter(taken.file);
  }
  return taken;
}

void Check(const Case &tried, const char *windows, const std::string &fault) {
  if (fault.empty()) {
    return;
  }
  std::fprintf(stderr,
               "delimiter 0x%02x, at most %zu bytes and %d fields, %d expected, %s, file <%s> of "
               "%zu bytes: %s\n",
               static_cast<unsigned>(tried.setting.delimiter), tried.setting.max_record_size,
               tried.setting.max_fields, tried.setting.expected_fields, windows, tried.file.c_str(),
               tried.file.size(), fault.c_str());
  std::abort();
}

// The bytes by which the window grows next: a simple generator, the same for the same seed.
size_t NextSize(uint64_t *state) {
  *state = *state * 6364136223846793005U + 1442695040888963407U;
  return 1 + (*state >> 33U) % 40;
}

// Each record as a header: columns that exist, or none.
void TryHeaders(const Case &tried) {
  for (const ReadPiece &piece : ReferenceCsvReader(tried.setting, tried.file).ReadAll()) {
    std::vector<CsvField> fields;
    for (const std::string &field : piece.fields) {
      fields.push_back({std::string_view(field).substr(1), field[0] == 'q'});
    }
    std::vector<int> columns(fields.size());
    const CsvHeader header =
        MapCsvHeader(fields.data(), static_cast<int>(fields.size()), columns.data());
    for (const int column : columns) {
      if (column != kUnknownColumn &&
          (column < 0 || column >= kRecordColumnCount || !HasColumn(header.given, column))) {
        Check(tried, "as a header", "a column that is none, or is not given");
      }
    }
  }
}

void TryInput(FuzzedDataProvider &input) {
  const Case tried = TakeCase(input);
  Check(tried, "in one window", FindReaderFault(tried.setting, tried.file, [] {
          return std::numeric_limits<size_t>::max();
        }));
  uint64_t state = tried.window_seed;
  Check(tried, "in windows",
        FindReaderFault(tried.setting, tried.file, [&state] { return NextSize(&state); }));
  TryHeaders(tried);
}

}  // namespace
}  // namespace vidyo_cdr

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  FuzzedDataProvider input(data, size);
  vidyo_cdr::TryInput(input);
  return 0;
}
