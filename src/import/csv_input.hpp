// The bytes of a CSV file, in the database's encoding, a window at a time.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"
#include "core/csv/reader.hpp"

namespace vidyo_cdr {

class CsvInput {
 public:
  // The bytes at hand.
  const CsvWindow &Window() const { return window_; }

  // Leaves out what has been read.
  void Drop(size_t size) { window_.begin += size; }

  // Gets more bytes behind those at hand, which may move. Only before the end.
  virtual void ReadMore() = 0;

  // Whether it can be read from the beginning again, as a pipe cannot.
  virtual bool CanRewind() const = 0;

  // Goes back to the beginning.
  virtual void Rewind() = 0;

  // How many bytes have been read, and how many there are; 0 where that is not known.
  virtual int64_t BytesRead() const = 0;
  virtual int64_t BytesInAll() const = 0;

 protected:
  ~CsvInput() = default;

  CsvWindow window_ = {};
};

// A text that is in memory. It is handed out in portions, so that a cancel can come between them.
class TextInput final : public CsvInput {
 public:
  explicit TextInput(std::string_view csv) : csv_(csv) { Rewind(); }

  void ReadMore() override;
  bool CanRewind() const override { return true; }
  void Rewind() override { window_ = {csv_.data(), csv_.data(), false}; }
  int64_t BytesRead() const override { return window_.begin - csv_.data(); }
  int64_t BytesInAll() const override { return static_cast<int64_t>(csv_.size()); }

 private:
  std::string_view csv_;
};
static_assert(std::is_trivially_destructible_v<TextInput>);

// A file on the server.
class FileInput final : public CsvInput {
 public:
  // Opens a file in the given encoding, in the current memory context.
  FileInput(const char *path, int encoding);

  void ReadMore() override;
  bool CanRewind() const override { return is_regular_; }
  void Rewind() override;
  int64_t BytesRead() const override { return bytes_read_; }
  int64_t BytesInAll() const override { return size_; }
  void Close();

 private:
  void ReadBlock();
  size_t ValidSize() const;
  void AppendConverted(size_t size);
  void CountLines(const char *bytes, size_t size);

  const char *path_;
  int encoding_;
  Oid conversion_;  // InvalidOid: the bytes can stay as they are
  FILE *file_;
  bool is_regular_;  // no pipe
  int64_t size_;     // 0 for a pipe
  int64_t bytes_read_ = 0;
  char *block_;  // as read from the file
  size_t block_size_ = 0;
  bool at_end_of_file_ = false;
  bool is_first_block_ = true;
  char *buffer_;      // the window's, converted
  int64_t line_ = 1;  // where the block begins
  bool after_cr_ = false;
};
static_assert(std::is_trivially_destructible_v<FileInput>);

// Refuses callers who may not read the server's files, as COPY does.
void CheckMayReadServerFiles();

}  // namespace vidyo_cdr
