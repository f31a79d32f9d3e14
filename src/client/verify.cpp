// Checking files against their manifest.
#include "client/verify.hpp"

#include <cstdio>

#include "client/file_name.hpp"
#include "client/manifest_file.hpp"
#include "client/messages.hpp"
#include "client/numbers.hpp"

namespace vidyo_cdr {

namespace {

const char *NameOf(FileState state) {
  switch (state) {
    case FileState::kAsListed:
      return "ok";
    case FileState::kMissing:
      return "missing";
    case FileState::kDifferent:
      return "different";
    case FileState::kPending:
      return "not written yet";
  }
  return "";
}

}  // namespace

void VerifyManifest(const std::string &path, bool is_quiet) {
  const SplitPath split =
      Folder::Exists(path) ? SplitPath{path, kManifestName} : SplitAtLastSlash(path);
  const Folder folder(split.folder);
  const std::optional<Manifest> manifest = ReadManifest(folder, split.name);
  if (!manifest) {
    throw Error("there is no manifest " + folder.Shown(split.name));
  }
  int64_t wrong = 0;
  for (const FileEntry &file : manifest->files) {
    const FileState state = CheckFile(folder, file);
    wrong += static_cast<int64_t>(state != FileState::kAsListed);
    if (!is_quiet || state != FileState::kAsListed) {
      std::printf("%s: %s\n", file.name.c_str(), NameOf(state));
    }
  }
  if (manifest->files.empty() && !is_quiet) {
    std::printf("the manifest lists no files\n");
  }
  if (std::fflush(stdout) != 0) {
    throw SystemError("write to standard output");
  }
  if (wrong > 0) {
    throw Error(WithCommas(wrong) + " of " +
                Counted(static_cast<int64_t>(manifest->files.size()), "file") +
                (wrong == 1 ? " is" : " are") + " not as the manifest lists them");
  }
}

}  // namespace vidyo_cdr
