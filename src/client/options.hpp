// The command line.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace vidyo_cdr {

enum class Task { kExport, kList, kVerify, kPage };
enum class ProgressStyle { kBarOnTerminal, kLines, kNone };
enum class PasswordPrompt { kWhenNeeded, kNever, kAlways };

struct ConnectionOptions {
  std::optional<std::string> database;  // a name or a connection string
  std::optional<std::string> host;
  std::optional<std::string> port;
  std::optional<std::string> user;
  PasswordPrompt prompt = PasswordPrompt::kWhenNeeded;
};

// The range as it was asked for; the server says which moments that is.
struct RangeOptions {
  std::optional<std::string> start;
  std::optional<std::string> end;
  std::optional<std::string> through;
  std::optional<std::string> month;  // YYYY-MM
  std::optional<std::string> year;   // YYYY
  std::optional<std::string> time_zone;
};

// The form of the files.
struct FileFormat {
  std::string profile = "raw";
  std::string delimiter = ",";
  bool has_header = true;
  bool is_gzipped = false;
};

struct Options {
  Task task = Task::kExport;
  ConnectionOptions connection;
  RangeOptions range;
  FileFormat format;
  std::vector<std::string> tenants;  // none: all in one
  bool each_tenant = false;
  std::string output = "-";  // a file, a folder, or - for standard output
  bool split = false;
  bool force = false;
  std::string manifest;  // what to verify
  ProgressStyle progress = ProgressStyle::kBarOnTerminal;
};

// Reads the command line. Prints what --help and --version ask for and exits then; throws an Error.
Options ParseOptions(int argc, char **argv);

}  // namespace vidyo_cdr
