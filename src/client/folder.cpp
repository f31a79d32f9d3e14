// Files that are complete under their names. A temporary file is locked by its process, so that a
// dead run's can be told from one that is being written, on any machine that shares the folder.
#include "client/folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "client/messages.hpp"
#include "client/output_stream.hpp"
#include "client/sha256.hpp"

namespace vidyo_cdr {

namespace {

constexpr char kTemporaryPrefix[] = ".export_cdr-";

// A name that no other process uses: by process and time.
std::string TemporaryName() {
  static int count = 0;
  timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  return kTemporaryPrefix + std::to_string(getpid()) + "-" + std::to_string(now.tv_sec) + "." +
         std::to_string(now.tv_nsec) + "-" + std::to_string(++count) + ".tmp";
}

bool HasNames(int descriptor) {
  struct stat status;
  return fstat(descriptor, &status) == 0 && status.st_nlink > 0;
}

// Makes a file that is locked. Between the two another run may take it for a dead one's and remove
// it; then there is a next try. Where there are no locks, no run takes away another one's files.
Descriptor MakeLockedFile(const Folder &folder, const std::string &name) {
  while (true) {
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
    Descriptor file(openat(folder.get(), name.c_str(), flags, 0666));
    if (!file.IsOpen()) {
      throw SystemError("create a file in " + folder.Shown(""));
    }
    flock(file.get(), LOCK_EX);
    if (HasNames(file.get())) {
      return file;
    }
  }
}

// Opens a file to read it; not open: there is none. Anything but a regular file, which may never
// end or never answer, is refused.
Descriptor OpenToRead(const Folder &folder, const std::string &name) {
  Descriptor file(openat(folder.get(), name.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.IsOpen() && errno != ENOENT) {
    throw SystemError("open file " + folder.Shown(name));
  }
  struct stat status;
  if (file.IsOpen() && (fstat(file.get(), &status) != 0 || !S_ISREG(status.st_mode))) {
    throw Error(folder.Shown(name) + " is not a regular file");
  }
  return file;
}

// Hands the bytes of an open file to a function, piece by piece.
template <typename Taker>
void ReadAll(const Descriptor &file, const std::string &shown_name, Taker taker) {
  std::vector<char> room(size_t{256} * 1024);
  ssize_t count;
  while ((count = read(file.get(), room.data(), room.size())) != 0) {
    CheckInterrupt();
    if (count < 0 && errno != EINTR) {
      throw SystemError("read file " + shown_name);
    }
    if (count > 0) {
      taker(std::string_view(room.data(), static_cast<size_t>(count)));
    }
  }
}

// Renames within a folder, and fails with EEXIST when the new name is taken.
int RenameWithoutReplacing(int folder, const char *from, const char *to) {
#ifdef RENAME_NOREPLACE
  const int result = renameat2(folder, from, folder, to, RENAME_NOREPLACE);
  if (result == 0 || (errno != EINVAL && errno != ENOSYS)) {
    return result;
  }
#endif
  // A system or file system without such a rename: a link does not replace either.
  return linkat(folder, from, folder, to, 0) == 0 ? unlinkat(folder, from, 0) : -1;
}

}  // namespace

Descriptor &Descriptor::operator=(Descriptor &&other) noexcept {
  std::swap(number_, other.number_);
  return *this;
}

Descriptor::~Descriptor() {
  if (IsOpen()) {
    close(number_);
  }
}

int Descriptor::Release() { return std::exchange(number_, -1); }

Folder::Folder(std::string path) : path_(std::move(path)) {
  descriptor_ = Descriptor(open(path_.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor_.IsOpen()) {
    throw SystemError("open folder \"" + path_ + "\"");
  }
}

Folder Folder::Make(const std::string &path) {
  if (mkdir(path.c_str(), 0777) != 0 && errno != EEXIST) {
    throw SystemError("create folder \"" + path + "\"");
  }
  Folder folder(path);
  const Descriptor parent(openat(folder.get(), "..", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!parent.IsOpen() || fsync(parent.get()) != 0) {
    throw SystemError("fsync the folder of \"" + path + "\"");
  }
  return folder;
}

bool Folder::Exists(const std::string &path) {
  struct stat status;
  return stat(path.c_str(), &status) == 0 && S_ISDIR(status.st_mode);
}

std::string Folder::Shown(const std::string &name) const {
  if (name.empty()) {
    return "folder \"" + path_ + "\"";
  }
  const bool is_here = path_ == ".";
  const char *separator = path_.back() == '/' ? "" : "/";
  return "\"" + (is_here ? name : path_ + separator + name) + "\"";
}

Presence Folder::Find(const std::string &name) const {
  struct stat status;
  if (fstatat(get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0) {
    return S_ISREG(status.st_mode) ? Presence::kFile : Presence::kOther;
  }
  if (errno != ENOENT) {
    throw SystemError("look for file " + Shown(name));
  }
  return Presence::kNothing;
}

void Folder::KeepOthersOut() {
  if (flock(get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
    throw Error("another export_cdr is writing to " + Shown(""));
  }
}

void Folder::RemoveDeadFiles() const {
  // A copy, since closing the list closes what it was made of.
  const std::unique_ptr<DIR, int (*)(DIR *)> list(
      fdopendir(openat(get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)), closedir);
  if (!list) {
    throw SystemError("read " + Shown(""));
  }
  while (const dirent *entry = readdir(list.get())) {
    const std::string name = entry->d_name;
    if (name.rfind(kTemporaryPrefix, 0) != 0) {
      continue;
    }
    const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
    const Descriptor file(openat(get(), name.c_str(), flags));
    if (file.IsOpen() && flock(file.get(), LOCK_SH | LOCK_NB) == 0 &&
        unlinkat(get(), name.c_str(), 0) == 0) {
      PrintInfo("removed " + Shown(name) + ", which a run that was killed has left");
    }
  }
}

void Folder::Sync() const {
  if (fsync(get()) != 0) {
    throw SystemError("fsync " + Shown(""));
  }
}

TemporaryFile::TemporaryFile(const Folder &folder) : folder_(folder), name_(TemporaryName()) {
  doomed_.emplace(folder.get(), name_);
  descriptor_ = MakeLockedFile(folder, name_);
}

TemporaryFile::~TemporaryFile() {
  if (!name_.empty()) {
    unlinkat(folder_.get(), name_.c_str(), 0);
  }
}

void TemporaryFile::Commit(const std::string &name, Replace replace) {
  if (fsync(get()) != 0) {
    throw SystemError("fsync file " + folder_.Shown(name));
  }
  CheckInterrupt();
  const int folder = folder_.get();
  const int result = replace == Replace::kExisting
                         ? renameat(folder, name_.c_str(), folder, name.c_str())
                         : RenameWithoutReplacing(folder, name_.c_str(), name.c_str());
  if (result != 0) {
    throw SystemError("rename a temporary file to " + folder_.Shown(name));
  }
  name_.clear();
  doomed_.reset();
}

void WriteTextFile(const Folder &folder, const std::string &name, std::string_view text) {
  TemporaryFile file(folder);
  WriteAll(file.get(), text, folder.Shown(name));
  file.Commit(name, Replace::kExisting);
}

std::optional<std::string> ReadTextFile(const Folder &folder, const std::string &name) {
  const Descriptor file = OpenToRead(folder, name);
  if (!file.IsOpen()) {
    return std::nullopt;
  }
  std::string text;
  ReadAll(file, folder.Shown(name), [&](std::string_view bytes) { text += bytes; });
  return text;
}

std::optional<FileSum> SumFile(const Folder &folder, const std::string &name) {
  const Descriptor file = OpenToRead(folder, name);
  if (!file.IsOpen()) {
    return std::nullopt;
  }
  FileSum sum = {};
  Sha256 sha256;
  ReadAll(file, folder.Shown(name), [&](std::string_view bytes) {
    sum.bytes += static_cast<int64_t>(bytes.size());
    sha256.Add(bytes);
  });
  sum.sha256 = sha256.Hex();
  return sum;
}

}  // namespace vidyo_cdr
