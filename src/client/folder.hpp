// A folder that files are written into, and the files on their way there. A file is written under a
// temporary name, forced to disk, and renamed, so that under its own name it is complete or not
// there.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "client/interrupt.hpp"

namespace vidyo_cdr {

// An open file; closed at the end.
class Descriptor {
 public:
  explicit Descriptor(int number = -1) : number_(number) {}
  Descriptor(Descriptor &&other) noexcept : number_(other.Release()) {}
  Descriptor &operator=(Descriptor &&other) noexcept;
  ~Descriptor();

  int get() const { return number_; }
  bool IsOpen() const { return number_ >= 0; }
  int Release();

 private:
  int number_;
};

// What is under a name.
enum class Presence { kNothing, kFile, kOther };

class Folder {
 public:
  // Opens a folder; throws if it is missing.
  explicit Folder(std::string path);

  // Makes the folder first, if it is missing, and forces its name to disk.
  static Folder Make(const std::string &path);
  static bool Exists(const std::string &path);

  // How messages name a file in it.
  std::string Shown(const std::string &name) const;

  Presence Find(const std::string &name) const;

  // Keeps other runs out, for as long as the folder is open; throws if one is at work.
  void KeepOthersOut();

  // Removes the temporary files of runs that have ended before their own end.
  void RemoveDeadFiles() const;

  // Forces renamed files to disk.
  void Sync() const;

  int get() const { return descriptor_.get(); }

 private:
  std::string path_;
  Descriptor descriptor_;
};

enum class Replace { kNever, kExisting };

// A file under its temporary name; it is removed again, unless it gets its own name.
class TemporaryFile {
 public:
  explicit TemporaryFile(const Folder &folder);
  ~TemporaryFile();
  TemporaryFile(const TemporaryFile &) = delete;
  TemporaryFile &operator=(const TemporaryFile &) = delete;

  int get() const { return descriptor_.get(); }

  // Forces the file to disk and gives it its name. The folder is not synced yet.
  void Commit(const std::string &name, Replace replace);

 private:
  const Folder &folder_;
  std::string name_;
  std::optional<DoomedFile> doomed_;
  Descriptor descriptor_;
};

// Puts a text into a file, by renaming it; the folder is not synced yet.
void WriteTextFile(const Folder &folder, const std::string &name, std::string_view text);

// The text of a file; nullopt: there is no such file.
std::optional<std::string> ReadTextFile(const Folder &folder, const std::string &name);

// The size of a file and its SHA-256; nullopt: there is no such file.
struct FileSum {
  int64_t bytes;
  std::string sha256;
};
std::optional<FileSum> SumFile(const Folder &folder, const std::string &name);

}  // namespace vidyo_cdr
