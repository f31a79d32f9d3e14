// Looks for a text that could leave its place in a page, that is shown otherwise than the reference
// says, or that is cut through a character. libFuzzer calls it; build with
//   clang++ -std=c++17 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
//           -Isrc -Itest/unit test/fuzz/html_text_fuzz.cpp src/core/*.cpp src/core/html/*.cpp
//           -o html_text_fuzz
// and run for a while: ./html_text_fuzz -max_total_time=20
#include "reference_html.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size == 0) {
    return 0;
  }
  // A block of the text's own size, so that the sanitizer sees its end.
  const size_t text_size = size - 1;
  const std::unique_ptr<char[]> exact(new char[text_size]);
  std::copy_n(data + 1, text_size, exact.get());
  const std::string fault =
      vidyo_cdr::FindHtmlFault(std::string_view(exact.get(), text_size), data[0] / 4.0);
  if (!fault.empty()) {
    std::fprintf(stderr, "%s\n", fault.c_str());
    std::abort();
  }
  return 0;
}
