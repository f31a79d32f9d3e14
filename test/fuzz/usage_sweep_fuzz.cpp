// Looks for calls of which the sweep makes other figures than a brute force by seconds, or that
// make it touch bytes it was not given. libFuzzer calls it; build with
//   clang++ -std=c++17 -O1 -g -fsanitize=fuzzer,address,undefined -fno-sanitize-recover=all
//           -Isrc -Itest/unit test/fuzz/usage_sweep_fuzz.cpp src/core/*/*.cpp -o usage_sweep_fuzz
// and run for a while: ./usage_sweep_fuzz -max_total_time=20
#include "reference_usage.hpp"

#include <fuzzer/FuzzedDataProvider.h>

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace vidyo_cdr {
namespace {

ReferenceCall TakeCall(FuzzedDataProvider &input, bool is_grouped) {
  ReferenceCall call = {};
  call.join = input.ConsumeIntegralInRange<int64_t>(0, 60);
  call.is_connected = input.ConsumeBool();
  call.end =
      call.is_connected ? call.join + input.ConsumeIntegralInRange<int64_t>(0, 30) : call.join;
  call.has_unknown_end = call.is_connected && call.end == call.join && input.ConsumeBool();
  call.is_legacy = input.ConsumeBool();
  call.group = is_grouped ? input.ConsumeIntegralInRange<uint32_t>(0, 4) : 0;
  call.meeting = input.ConsumeRandomLengthString(3);
  call.tenant = input.ConsumeRandomLengthString(2);
  call.caller = input.ConsumeRandomLengthString(3);
  return call;
}

ReferenceRange TakeRange(FuzzedDataProvider &input) {
  ReferenceRange range = {};
  range.has_start = input.ConsumeBool();
  range.has_end = input.ConsumeBool();
  range.start = input.ConsumeIntegralInRange<int64_t>(-10, 60);
  range.end = range.start + input.ConsumeIntegralInRange<int64_t>(1, 60);
  range.bucket_seconds = input.PickValueInArray<int32_t>({0, 1, 2, 5, 10, 30, 60});
  range.is_grouped = input.ConsumeBool();
  return range;
}

}  // namespace
}  // namespace vidyo_cdr

extern "C" int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  FuzzedDataProvider input(data, size);
  const vidyo_cdr::ReferenceRange range = vidyo_cdr::TakeRange(input);
  std::vector<vidyo_cdr::ReferenceCall> calls;
  while (input.remaining_bytes() > 0) {
    calls.push_back(vidyo_cdr::TakeCall(input, range.is_grouped));
  }
  const auto swept = vidyo_cdr::SweptCells(calls, range);
  const auto expected = vidyo_cdr::ReferenceCells(calls, range);
  if (swept != expected) {
    for (const std::string &cell : swept) {
      std::fprintf(stderr, "swept    %s\n", cell.c_str());
    }
    for (const std::string &cell : expected) {
      std::fprintf(stderr, "expected %s\n", cell.c_str());
    }
    std::abort();
  }
  return 0;
}
