// Bytes on their way into an open file.
#include "client/output_stream.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "client/messages.hpp"

namespace vidyo_cdr {

namespace {

// Large enough for few system calls, small enough for the processor's cache.
constexpr size_t kBufferSize = size_t{256} * 1024;

// After how many bytes the disk may begin with them.
constexpr int64_t kWriteBackSize = int64_t{2} * 1024 * 1024;

// Lets the disk begin while the rest still comes, so that there is less for fsync to wait for. A
// file that cannot have it, or a system, goes without.
void BeginWriteBack([[maybe_unused]] int descriptor) {
#ifdef SYNC_FILE_RANGE_WRITE
  sync_file_range(descriptor, 0, 0, SYNC_FILE_RANGE_WRITE);
#endif
}

}  // namespace

void WriteAll(int descriptor, std::string_view bytes, const std::string &shown_name) {
  while (!bytes.empty()) {
    const ssize_t count = write(descriptor, bytes.data(), bytes.size());
    if (count < 0 && errno != EINTR) {
      throw SystemError("write to " + shown_name);
    }
    if (count > 0) {
      bytes.remove_prefix(static_cast<size_t>(count));
    }
  }
}

OutputStream::OutputStream(int descriptor, std::string shown_name, bool is_gzipped, Summing summing)
    : descriptor_(descriptor), shown_name_(std::move(shown_name)), buffer_(new char[kBufferSize]) {
  if (is_gzipped) {
    gzip_.emplace([this](std::string_view bytes) { Write(bytes); });
  }
  if (summing == Summing::kYes) {
    summing_.emplace();
  }
}

void OutputStream::Append(std::string_view bytes) {
  appended_ += static_cast<int64_t>(bytes.size());
  while (!bytes.empty()) {
    const size_t count = std::min(bytes.size(), kBufferSize - held_);
    std::memcpy(buffer_.get() + held_, bytes.data(), count);
    held_ += count;
    bytes.remove_prefix(count);
    if (held_ == kBufferSize) {
      Flush();
    }
  }
}

void OutputStream::Finish() {
  Flush();
  if (gzip_) {
    gzip_->Finish();
  }
  if (summing_) {
    sum_ = summing_->Hex();
  }
}

void OutputStream::Flush() {
  const std::string_view bytes(buffer_.get(), std::exchange(held_, 0));
  if (gzip_) {
    gzip_->Add(bytes);
  } else {
    Write(bytes);
  }
}

void OutputStream::Write(std::string_view bytes) {
  if (summing_) {
    summing_->Add(bytes);
  }
  WriteAll(descriptor_, bytes, shown_name_);
  const int64_t before = std::exchange(written_, written_ + static_cast<int64_t>(bytes.size()));
  if (written_ / kWriteBackSize > before / kWriteBackSize) {
    BeginWriteBack(descriptor_);
  }
}

}  // namespace vidyo_cdr
