// Names of files, and what belongs into a file's name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vidyo_cdr {

inline constexpr char kManifestName[] = "manifest.json";

// The name of a range's file: cdr-TENANT-START-END.csv, without TENANT for all of them. The labels
// of its bounds are as the server gives them; no bound is "begin" or "end".
std::string RangeFileName(const std::optional<std::string> &tenant,
                          const std::optional<std::string> &start_label,
                          const std::optional<std::string> &end_label, bool is_gzipped);

// A name as part of a file's name: bytes other than [A-Za-z0-9._-] as %XX, and one that is longer
// than 100 bytes then is cut there and told from others by ~ and 8 digits of its SHA-256.
std::string EncodeName(std::string_view name);

// Whether the name is one that RangeFileName() could give, so that no manifest leads elsewhere.
bool IsRangeFileName(std::string_view name);

// A path's folder and its last part.
struct SplitPath {
  std::string folder;
  std::string name;
};
SplitPath SplitAtLastSlash(const std::string &path);

}  // namespace vidyo_cdr
