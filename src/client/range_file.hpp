// One file with the records of one range.
#pragma once

#include <cstdint>
#include <string>

#include "client/folder.hpp"
#include "client/manifest.hpp"
#include "client/options.hpp"
#include "client/output_stream.hpp"
#include "client/progress.hpp"
#include "client/session.hpp"

namespace vidyo_cdr {

// What a file has to hold.
struct ExpectedRange {
  Range range;
  int64_t records;
};

// Where it goes.
struct FileTarget {
  const Folder *folder;
  std::string name;
  Replace replace;
  Summing summing;
};

// Writes the records of a range, and checks that they are as many as expected.
WrittenFile WriteRange(Session &session, const ExpectedRange &expected, const FileFormat &format,
                       Progress &progress, OutputStream &out);

// The same into a file, which gets its name when it is complete. The folder is not synced yet.
WrittenFile WriteRangeFile(Session &session, const ExpectedRange &expected,
                           const FileFormat &format, Progress &progress, const FileTarget &target);

// Says what has been written, and how many of the calls were still open.
void PrintSummary(const WrittenFile &written, const std::string &what);

}  // namespace vidyo_cdr
