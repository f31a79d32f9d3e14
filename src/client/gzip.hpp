// Compression in gzip's format, by zlib. The same bytes give the same file: no name and no time is
// in it.
#pragma once

#include <zlib.h>

#include <functional>
#include <string_view>
#include <vector>

namespace vidyo_cdr {

class Gzip {
 public:
  // Takes what has been compressed, piece by piece.
  using Taker = std::function<void(std::string_view)>;

  explicit Gzip(Taker taker);
  ~Gzip();
  Gzip(const Gzip &) = delete;
  Gzip &operator=(const Gzip &) = delete;

  void Add(std::string_view bytes) { Compress(bytes, Z_NO_FLUSH); }
  void Finish() { Compress({}, Z_FINISH); }

 private:
  void Compress(std::string_view bytes, int flush);

  Taker taker_;
  std::vector<unsigned char> room_;
  z_stream stream_ = {};
};

}  // namespace vidyo_cdr
