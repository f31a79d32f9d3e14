// export_cdr: exports call detail records of a VidyoPortal from PostgreSQL to files.
#include <fcntl.h>
#include <unistd.h>

#include <new>

#include "client/export.hpp"
#include "client/interrupt.hpp"
#include "client/messages.hpp"
#include "client/options.hpp"
#include "client/verify.hpp"

namespace {

// Takes the places of standard streams that are closed, where the connection or a file would be
// taken for them otherwise. Nothing can be written there, so that a lost output is an error.
void FillStandardStreams() {
  int descriptor;
  do {
    descriptor = open("/dev/null", O_RDONLY);
  } while (descriptor >= 0 && descriptor <= STDERR_FILENO);
  close(descriptor);
}

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
  FillStandardStreams();
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
