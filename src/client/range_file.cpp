// One file with the records of one range.
#include "client/range_file.hpp"

#include "client/numbers.hpp"
#include "client/records.hpp"

namespace vidyo_cdr {

WrittenFile WriteRange(Session &session, const ExpectedRange &expected, const FileFormat &format,
                       Progress &progress, OutputStream &out) {
  WrittenFile written;
  written.open_calls = session.CountOpenCalls(expected.range);
  written.records = WriteRecords(session, expected.range, format, progress, out);
  if (written.records != expected.records) {
    throw Error("expected " + Counted(expected.records, "record") + ", but the server has sent " +
                WithCommas(written.records));
  }
  out.Finish();
  written.bytes = out.Written();
  written.sha256 = out.Sum();
  written.snapshot = session.origin().snapshot;
  written.time = session.origin().time;
  return written;
}

WrittenFile WriteRangeFile(Session &session, const ExpectedRange &expected,
                           const FileFormat &format, Progress &progress, const FileTarget &target) {
  const std::string shown_name = target.folder->Shown(target.name);
  TemporaryFile file(*target.folder);
  OutputStream out(file.get(), "file " + shown_name, format.is_gzipped, target.summing);
  const WrittenFile written = WriteRange(session, expected, format, progress, out);
  file.Commit(target.name, target.replace);
  progress.FinishFile(shown_name, written.records, written.bytes);
  return written;
}

void PrintSummary(const WrittenFile &written, const std::string &what) {
  PrintInfo("wrote " + Counted(written.records, "record") + " (" + Megabytes(written.bytes) +
            ") to " + what);
  if (written.open_calls > 0) {
    PrintInfo(Counted(written.open_calls, "call") +
              " of the range had not ended; export it again when they have");
  }
}

}  // namespace vidyo_cdr
