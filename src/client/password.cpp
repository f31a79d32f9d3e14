// Asks for a password where PostgreSQL's clients ask for it.
#include "client/password.hpp"

#include <termios.h>
#include <unistd.h>

#include <cstdio>
#include <memory>
#include <optional>

#include "client/interrupt.hpp"

namespace vidyo_cdr {

namespace {

struct CloseFile {
  void operator()(FILE *file) const { std::fclose(file); }
};
using OwnFile = std::unique_ptr<FILE, CloseFile>;

// Keeps a terminal from showing what is typed.
class WithoutEcho {
 public:
  explicit WithoutEcho(int terminal) : terminal_(terminal) {
    if (tcgetattr(terminal, &before_) == 0) {
      guard_.emplace(terminal, before_);
      termios silent = before_;
      silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
      tcsetattr(terminal, TCSAFLUSH, &silent);
    }
  }
  ~WithoutEcho() {
    if (guard_) {
      tcsetattr(terminal_, TCSAFLUSH, &before_);
    }
  }

 private:
  int terminal_;
  termios before_ = {};
  std::optional<ChangedTerminal> guard_;
};

}  // namespace

std::string AskPassword(const std::string &prompt) {
  const OwnFile terminal_in(std::fopen("/dev/tty", "r"));
  const OwnFile terminal_out(std::fopen("/dev/tty", "w"));
  const bool has_terminal = terminal_in && terminal_out;
  FILE *in = has_terminal ? terminal_in.get() : stdin;
  FILE *out = has_terminal ? terminal_out.get() : stderr;

  const WithoutEcho silence(fileno(in));
  std::fputs(prompt.c_str(), out);
  std::fflush(out);
  std::string password;
  for (int byte; (byte = std::fgetc(in)) != EOF && byte != '\n';) {
    password += static_cast<char>(byte);
  }
  std::fputs("\n", out);
  std::fflush(out);
  return password;
}

}  // namespace vidyo_cdr
