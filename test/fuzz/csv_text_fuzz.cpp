// Looks for a dialect and a text that CsvTextWriter writes otherwise than the reference does, or
// that make it touch bytes it was not given. libFuzzer calls it; build with
//   clang++ -std=c++17 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
//           -Isrc -Itest/unit test/fuzz/csv_text_fuzz.cpp -o csv_text_fuzz
// and run for a while: ./csv_text_fuzz -max_total_time=20
#include "core/csv/text.hpp"

#include "reference_csv.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

namespace vidyo_cdr {
namespace {

// A byte that COPY's options can be: the usual ones, or any but NUL.
char TakeOptionByte(FuzzedDataProvider &input) {
  constexpr char kUsual[] = {',', ';', '\t', '|', '"', '\'', '\\'};
  return input.ConsumeBool() ? input.PickValueInArray(kUsual)
                             : static_cast<char>(input.ConsumeIntegralInRange<int>(1, 255));
}

// What looks like NULL; without line ends, delimiter and quote, which COPY does not accept there.
std::string TakeNullText(FuzzedDataProvider &input, const CsvDialect &dialect) {
  const std::string usual[] = {"", "NULL", "-", "\\N", "\\."};
  std::string text =
      input.ConsumeBool() ? input.PickValueInArray(usual) : input.ConsumeRandomLengthString(40);
  const std::string refused{'\r', '\n', '\0', dialect.delimiter, dialect.quote};
  text.erase(
      std::remove_if(text.begin(), text.end(),
                     [&refused](char byte) { return refused.find(byte) != std::string::npos; }),
      text.end());
  return text;
}

// The text: as it comes, the NULL text with something around it, or a few bytes that matter among
// many that do not.
std::string TakeText(FuzzedDataProvider &input, const CsvDialect &dialect) {
  const int kind = input.ConsumeIntegralInRange<int>(0, 3);
  if (kind == 0) {
    return input.ConsumeRemainingBytesAsString();
  }
  if (kind == 1) {
    return std::string(dialect.null_text) + input.ConsumeRandomLengthString(2);
  }
  std::string text(input.ConsumeIntegralInRange<size_t>(0, 300), input.ConsumeBool() ? 'a' : '\\');
  const char bytes[] = {dialect.delimiter, dialect.quote, dialect.escape, '\r', '\n', '.'};
  while (!text.empty() && input.remaining_bytes() > 0) {
    const size_t place = input.ConsumeIntegralInRange<size_t>(0, text.size() - 1);
    text[place] = input.PickValueInArray(bytes);
  }
  return text;
}

void TryInput(FuzzedDataProvider &input) {
  CsvDialect dialect;
  dialect.delimiter = TakeOptionByte(input);
  dialect.quote = TakeOptionByte(input);
  dialect.escape = input.ConsumeBool() ? dialect.quote : TakeOptionByte(input);
  dialect.quote_what_looks_like_null = input.ConsumeBool();
  dialect.single_field = input.ConsumeBool();
  const bool force_quotes = input.ConsumeIntegralInRange<int>(0, 7) == 0;
  if (dialect.delimiter == dialect.quote || dialect.delimiter == '\r' ||
      dialect.delimiter == '\n') {
    return;  // COPY refuses such a dialect
  }
  const std::string null_text = TakeNullText(input, dialect);
  dialect.null_text = null_text;

  // The sanitizer must see the end of the text, which std::string puts a NUL behind.
  const std::string text = TakeText(input, dialect);
  const std::unique_ptr<char[]> exact(new char[text.size()]);
  std::copy(text.begin(), text.end(), exact.get());

  const std::string fault =
      FindFault(dialect, std::string_view(exact.get(), text.size()), force_quotes);
  if (!fault.empty()) {
    std::fprintf(stderr,
                 "delimiter 0x%02x, quote 0x%02x, escape 0x%02x, NULL <%s>, quote what looks like "
                 "NULL %d, single field %d, force quotes %d, text <%s> of %zu bytes: %s\n",
                 static_cast<unsigned char>(dialect.delimiter),
                 static_cast<unsigned char>(dialect.quote),
                 static_cast<unsigned char>(dialect.escape), null_text.c_str(),
                 dialect.quote_what_looks_like_null, dialect.single_field, force_quotes,
                 text.c_str(), text.size(), fault.c_str());
    std::abort();
  }
}

}  // namespace
}  // namespace vidyo_cdr

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  FuzzedDataProvider input(data, size);
  vidyo_cdr::TryInput(input);
  return 0;
}
