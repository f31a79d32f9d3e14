// What the program tells its user, all of it on standard error and in the form of PostgreSQL's own
// clients.
#pragma once

#include <exception>
#include <string>

namespace vidyo_cdr {

inline constexpr char kProgram[] = "export_cdr";

inline constexpr int kFailed = 1;     // exit code of all failures but one
inline constexpr int kOverLimit = 2;  // more records than one export may have

// What has gone wrong, as it is shown.
struct Error : std::exception {
  explicit Error(std::string text, std::string more = "", std::string advice = "")
      : message(std::move(text)), detail(std::move(more)), hint(std::move(advice)) {}

  const char *what() const noexcept override { return message.c_str(); }

  std::string message;
  std::string detail;
  std::string hint;
  std::string sqlstate;  // when the server has refused something
  int exit_code = kFailed;
};

// An error of a system call on something, with errno's text: "could not open file "x": ...".
Error SystemError(const std::string &what);

void PrintError(const Error &error);
void PrintWarning(const std::string &message, const std::string &detail = "",
                  const std::string &hint = "");

// Prints a line for information; nothing after BeQuiet().
void PrintInfo(const std::string &message);
void BeQuiet();

// Shows a line that the next one replaces; an empty one takes it away. Messages come above it.
void ShowStatusLine(const std::string &line);

}  // namespace vidyo_cdr
