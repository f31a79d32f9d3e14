// The manifest as a file of its folder, and the files that it lists.
#include "client/manifest_file.hpp"

#include "client/file_name.hpp"
#include "client/messages.hpp"

namespace vidyo_cdr {

std::optional<Manifest> ReadManifest(const Folder &folder, const std::string &name) {
  const std::optional<std::string> text = ReadTextFile(folder, name);
  if (!text) {
    return std::nullopt;
  }
  try {
    return ParseManifest(*text);
  } catch (const Error &error) {
    throw Error("could not read the manifest " + folder.Shown(name), error.message);
  }
}

void WriteManifest(const Folder &folder, const Manifest &manifest) {
  WriteTextFile(folder, kManifestName, FormatManifest(manifest));
  folder.Sync();
}

FileState CheckFile(const Folder &folder, const FileEntry &file) {
  if (!file.written) {
    return FileState::kPending;
  }
  const std::optional<FileSum> sum = SumFile(folder, file.name);
  if (!sum) {
    return FileState::kMissing;
  }
  const bool is_same = sum->bytes == file.written->bytes && sum->sha256 == file.written->sha256;
  return is_same ? FileState::kAsListed : FileState::kDifferent;
}

}  // namespace vidyo_cdr
