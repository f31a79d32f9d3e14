// What the signal handler knows is in static variables, since it may use nothing else.
#include "client/interrupt.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <atomic>
#include <climits>
#include <csignal>
#include <cstring>

#include "client/messages.hpp"

namespace vidyo_cdr {

namespace {

std::atomic<bool> is_interrupted{false};
std::atomic<PGcancel *> cancel_target{nullptr};

std::atomic<bool> is_file_doomed{false};
int doomed_folder;
char doomed_name[NAME_MAX + 1];

std::atomic<bool> is_terminal_changed{false};
int changed_terminal;
termios terminal_settings;

// Ends the program where it stands; calls async-signal-safe functions only.
[[noreturn]] void EndAtOnce() {
  if (is_file_doomed) {
    unlinkat(doomed_folder, doomed_name, 0);
  }
  if (is_terminal_changed) {
    tcsetattr(changed_terminal, TCSAFLUSH, &terminal_settings);
  }
  _exit(kFailed);
}

void HandleSignal(int) {
  const int saved_errno = errno;
  PGcancel *cancel = cancel_target;
  if (is_interrupted || cancel == nullptr) {
    EndAtOnce();
  }
  is_interrupted = true;
  char message[256];
  PQcancel(cancel, message, sizeof message);  // async-signal-safe, by libpq's promise
  errno = saved_errno;
}

}  // namespace

void HandleInterrupts() {
  for (const int signal_number : {SIGINT, SIGTERM, SIGHUP}) {
    struct sigaction action = {};
    // A signal that the caller has the program ignore, as nohup does, stays ignored.
    if (sigaction(signal_number, nullptr, &action) == 0 && action.sa_handler != SIG_IGN) {
      action = {};
      action.sa_handler = HandleSignal;
      // PQcancel may hang; then the second signal must come through.
      action.sa_flags = SA_RESTART | SA_NODEFER;
      sigaction(signal_number, &action, nullptr);
    }
  }
  std::signal(SIGXFSZ, SIG_IGN);  // a limit on a file's size is an error as a full disk is
}

bool IsInterrupted() noexcept { return is_interrupted; }

void CheckInterrupt() {
  if (is_interrupted) {
    throw Error("canceled");
  }
}

CancelTarget::CancelTarget(PGconn *connection) : cancel_(PQgetCancel(connection)) {
  cancel_target = cancel_;
}

CancelTarget::~CancelTarget() {
  cancel_target = nullptr;
  PQfreeCancel(cancel_);
}

DoomedFile::DoomedFile(int folder, const std::string &name) {
  doomed_folder = folder;
  std::strncpy(doomed_name, name.c_str(), NAME_MAX);
  is_file_doomed = true;
}

DoomedFile::~DoomedFile() { is_file_doomed = false; }

ChangedTerminal::ChangedTerminal(int descriptor, const termios &settings) {
  changed_terminal = descriptor;
  terminal_settings = settings;
  is_terminal_changed = true;
}

ChangedTerminal::~ChangedTerminal() { is_terminal_changed = false; }

}  // namespace vidyo_cdr
