// SHA-256, by OpenSSL.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

namespace vidyo_cdr {

class Sha256 {
 public:
  Sha256();
  void Add(std::string_view bytes);

  // The sum in 64 hexadecimal digits; nothing can be added afterwards.
  std::string Hex();

 private:
  struct Free {
    void operator()(EVP_MD_CTX *context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> context_;
};

std::string Sha256Hex(std::string_view bytes);

}  // namespace vidyo_cdr
