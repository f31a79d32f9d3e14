// Bytes on their way into an open file: gathered, compressed and summed up if that is wanted, and
// written.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "client/gzip.hpp"
#include "client/sha256.hpp"

namespace vidyo_cdr {

enum class Summing { kNo, kYes };

class OutputStream {
 public:
  // shown_name: what messages call the file.
  OutputStream(int descriptor, std::string shown_name, bool is_gzipped, Summing summing);
  OutputStream(const OutputStream &) = delete;
  OutputStream &operator=(const OutputStream &) = delete;

  void Append(std::string_view bytes);

  // Writes what is still held.
  void Finish();

  // How many bytes have been appended, and how many have gone into the file.
  int64_t Appended() const { return appended_; }
  int64_t Written() const { return written_; }

  // The sum of what is in the file, once it is finished.
  const std::string &Sum() const { return sum_; }

 private:
  void Flush();
  void Write(std::string_view bytes);

  int descriptor_;
  std::string shown_name_;
  std::unique_ptr<char[]> buffer_;
  size_t held_ = 0;
  int64_t appended_ = 0;
  int64_t written_ = 0;
  std::optional<Gzip> gzip_;
  std::optional<Sha256> summing_;
  std::string sum_;
};

// Writes all of it to an open file; throws when that fails, as on a full disk.
void WriteAll(int descriptor, std::string_view bytes, const std::string &shown_name);

}  // namespace vidyo_cdr
