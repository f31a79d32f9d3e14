// The manifest of a folder, as data and as JSON: what was asked for, and each file with its range,
// its size and its sum. It is written before the first file and again after each, so it always
// tells what is complete.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace vidyo_cdr {

// What an export is of. A rerun has to be of the same.
struct Request {
  std::string system_identifier;  // of the server and its standbys, by pg_control_system()
  std::string database;
  std::string role;
  std::string time_zone;
  std::optional<std::string> start_time;
  std::optional<std::string> end_time;
  std::vector<std::string> tenants;  // none: all in one
  bool each_tenant = false;
  std::string profile;
  std::string delimiter;
  bool has_header = true;
  bool is_gzipped = false;
};
bool operator==(const Request &one, const Request &other);

// Where and when the files of a run are from.
struct Origin {
  std::string host;
  std::string port;
  std::string server_version;
  std::string extension_version;
  std::string client_version;
  std::string snapshot;
  std::string time;
};

// What a complete file holds.
struct WrittenFile {
  int64_t records = 0;
  int64_t open_calls = 0;
  int64_t bytes = 0;
  std::string sha256;
  std::string snapshot;
  std::string time;
};

struct FileEntry {
  std::string name;
  std::optional<std::string> tenant;
  std::optional<std::string> start_time;
  std::optional<std::string> end_time;
  int64_t expected_records = 0;
  std::optional<WrittenFile> written;  // nullopt: pending
};

struct Manifest {
  Request request;
  Origin origin;  // of the last run
  std::vector<FileEntry> files;
};

// The manifest as JSON, and back; ParseManifest throws an Error that says what is wrong.
std::string FormatManifest(const Manifest &manifest);
Manifest ParseManifest(const std::string &json);

}  // namespace vidyo_cdr
