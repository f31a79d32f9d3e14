// Ctrl-C and other signals that ask the program to end. The first one cancels the query that the
// server is running, so that the program ends by its own means and takes away what is half done; a
// second one ends it at once.
#pragma once

#include <libpq-fe.h>
#include <termios.h>

#include <string>

namespace vidyo_cdr {

// Takes the signals from now on. Until there is a CancelTarget they end the program at once.
void HandleInterrupts();

// True once a signal has come.
bool IsInterrupted() noexcept;

// Throws if a signal has come. Every long loop calls it.
void CheckInterrupt();

// The connection whose query the first signal cancels, as long as the object lives.
class CancelTarget {
 public:
  explicit CancelTarget(PGconn *connection);
  ~CancelTarget();
  CancelTarget(const CancelTarget &) = delete;
  CancelTarget &operator=(const CancelTarget &) = delete;

 private:
  PGcancel *cancel_;
};

// A file, in an open folder, that is removed when the program ends at once.
class DoomedFile {
 public:
  DoomedFile(int folder, const std::string &name);
  ~DoomedFile();
  DoomedFile(const DoomedFile &) = delete;
  DoomedFile &operator=(const DoomedFile &) = delete;
};

// A terminal whose settings are given back when the program ends at once.
class ChangedTerminal {
 public:
  ChangedTerminal(int descriptor, const termios &settings);
  ~ChangedTerminal();
  ChangedTerminal(const ChangedTerminal &) = delete;
  ChangedTerminal &operator=(const ChangedTerminal &) = delete;
};

}  // namespace vidyo_cdr
