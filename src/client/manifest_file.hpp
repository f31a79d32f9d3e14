// The manifest as a file of its folder, and the files that it lists.
#pragma once

#include <optional>
#include <string>

#include "client/folder.hpp"
#include "client/manifest.hpp"

namespace vidyo_cdr {

// A folder's manifest; nullopt: it has none.
std::optional<Manifest> ReadManifest(const Folder &folder, const std::string &name);

// Replaces a folder's manifest, and syncs the folder.
void WriteManifest(const Folder &folder, const Manifest &manifest);

// Whether a file is there as the manifest has it.
enum class FileState { kAsListed, kMissing, kDifferent, kPending };
FileState CheckFile(const Folder &folder, const FileEntry &file);

}  // namespace vidyo_cdr
