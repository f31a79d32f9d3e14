// Messages on standard error.
#include "client/messages.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace vidyo_cdr {

namespace {

bool is_quiet = false;
bool is_line_shown = false;

// Prints a line; a label such as "error: " stands before the text.
void PrintLine(const char *label, const std::string &text) {
  std::fprintf(stderr, "%s: %s%s\n", kProgram, label, text.c_str());
}

void Print(const char *label, const std::string &message, const std::string &detail,
           const std::string &hint) {
  ShowStatusLine("");
  PrintLine(label, message);
  if (!detail.empty()) {
    PrintLine("detail: ", detail);
  }
  if (!hint.empty()) {
    PrintLine("hint: ", hint);
  }
}

}  // namespace

Error SystemError(const std::string &what) {
  return Error("could not " + what + ": " + std::strerror(errno));
}

void PrintError(const Error &error) { Print("error: ", error.message, error.detail, error.hint); }

void PrintWarning(const std::string &message, const std::string &detail, const std::string &hint) {
  Print("warning: ", message, detail, hint);
}

void PrintInfo(const std::string &message) {
  if (!is_quiet) {
    Print("", message, "", "");
  }
}

void BeQuiet() { is_quiet = true; }

void ShowStatusLine(const std::string &line) {
  if (!line.empty() || is_line_shown) {
    std::fprintf(stderr, "\r\033[K%s", line.c_str());
    std::fflush(stderr);
  }
  is_line_shown = !line.empty();
}

}  // namespace vidyo_cdr
