// Compression in gzip's format, by zlib.
#include "client/gzip.hpp"

#include <utility>

#include "client/messages.hpp"

namespace vidyo_cdr {

namespace {

constexpr size_t kRoom = size_t{256} * 1024;
constexpr int kGzipFormat = 16;  // zlib: is added to the window's bits
constexpr int kMemoryLevel = 9;

}  // namespace

Gzip::Gzip(Taker taker) : taker_(std::move(taker)), room_(kRoom) {
  if (deflateInit2(&stream_, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + kGzipFormat,
                   kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw Error("zlib could not begin to compress");
  }
}

Gzip::~Gzip() { deflateEnd(&stream_); }

void Gzip::Compress(std::string_view bytes, int flush) {
  // zlib does not write to its input, but does not say so everywhere.
  stream_.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.data()));
  stream_.avail_in = static_cast<uInt>(bytes.size());
  do {
    stream_.next_out = room_.data();
    stream_.avail_out = static_cast<uInt>(room_.size());
    if (deflate(&stream_, flush) == Z_STREAM_ERROR) {
      throw Error("zlib could not compress");
    }
    taker_({reinterpret_cast<const char *>(room_.data()), room_.size() - stream_.avail_out});
  } while (stream_.avail_out == 0);
}

}  // namespace vidyo_cdr
