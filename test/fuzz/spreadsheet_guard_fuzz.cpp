// Looks for a text that the spreadsheet guard does not give back, leaves open to formulas, or that
// makes it touch bytes it was not given. libFuzzer calls it; build with
//   clang++ -std=c++17 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
//           -Isrc -Itest/unit test/fuzz/spreadsheet_guard_fuzz.cpp src/core/*.cpp
//           -o spreadsheet_guard_fuzz
// and run for a while: ./spreadsheet_guard_fuzz -max_total_time=20
#include "reference_guard.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace vidyo_cdr {
namespace {

// A text: as it comes, or of pieces that matter to the guard.
std::string TakeText(FuzzedDataProvider &input) {
  if (input.ConsumeBool()) {
    return input.ConsumeRemainingBytesAsString();
  }
  const std::string pieces[] = {"=",  "+",    "-",    "@",      "'",      "''",   ",",  ";",   "\t",
                                "\r", "\n",   "\r\n", "\"",     " ",      "0",    "1",  "100", ".",
                                ":",  "/",    "E",    "May",    "März",   "TRUE", "a",  "%",   "€",
                                "£",  "\xC2", "\xA0", "\u00A0", "\uFF1D", "pm",   "CHF"};
  std::string text;
  while (input.remaining_bytes() > 0) {
    text += input.PickValueInArray(pieces);
  }
  return text;
}

}  // namespace
}  // namespace vidyo_cdr

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  FuzzedDataProvider input(data, size);
  const std::string text = vidyo_cdr::TakeText(input);
  const std::string fault = vidyo_cdr::FindGuardFault(text);
  if (!fault.empty()) {
    std::fprintf(stderr, "text <%s> of %zu bytes: %s\n", text.c_str(), text.size(), fault.c_str());
    std::abort();
  }
  return 0;
}
