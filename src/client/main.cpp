// export_cdr: exports call detail records of a VidyoPortal from PostgreSQL to files.
#include <new>

#include "client/export.hpp"
#include "client/interrupt.hpp"
#include "client/messages.hpp"
#include "client/options.hpp"
#include "client/verify.hpp"

namespace {

void Run(int argc, char **argv) {
  const vidyo_cdr::Options options = vidyo_cdr::ParseOptions(argc, argv);
  const bool is_quiet = options.progress == vidyo_cdr::ProgressStyle::kNone;
  if (is_quiet) {
    vidyo_cdr::BeQuiet();
  }
  vidyo_cdr::HandleInterrupts();
  if (options.task == vidyo_cdr::Task::kVerify) {
    vidyo_cdr::VerifyManifest(options.manifest, is_quiet);
  } else {
    vidyo_cdr::RunExport(options);
  }
}

}  // namespace

int main(int argc, char **argv) {
  try {
    Run(argc, argv);
    return 0;
  } catch (const vidyo_cdr::Error &error) {
    vidyo_cdr::PrintError(error);
    return error.exit_code;
  } catch (const std::exception &exception) {
    vidyo_cdr::PrintError(vidyo_cdr::Error(exception.what()));
    return vidyo_cdr::kFailed;
  }
}
