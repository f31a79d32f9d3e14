// Names of files.
#include "client/file_name.hpp"

#include "client/sha256.hpp"

namespace vidyo_cdr {

namespace {

constexpr size_t kLongestName = 100;
constexpr size_t kSumDigits = 8;
constexpr std::string_view kPrefix = "cdr-";

// By itself, since isalnum() goes by the locale.
bool IsPlain(char byte) {
  return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
         (byte >= '0' && byte <= '9') || byte == '.' || byte == '_' || byte == '-';
}

std::string EncodeByte(char byte) {
  constexpr char kDigits[] = "0123456789ABCDEF";
  const auto value = static_cast<unsigned char>(byte);
  return IsPlain(byte) ? std::string(1, byte)
                       : std::string{'%', kDigits[value >> 4], kDigits[value & 15]};
}

}  // namespace

std::string EncodeName(std::string_view name) {
  std::string encoded;
  for (const char byte : name) {
    const std::string next = EncodeByte(byte);
    if (encoded.size() + next.size() > kLongestName) {
      return encoded + "~" + Sha256Hex(name).substr(0, kSumDigits);
    }
    encoded += next;
  }
  return encoded;
}

std::string RangeFileName(const std::optional<std::string> &tenant,
                          const std::optional<std::string> &start_label,
                          const std::optional<std::string> &end_label, bool is_gzipped) {
  std::string name(kPrefix);
  if (tenant) {
    name += EncodeName(*tenant) + "-";
  }
  name += EncodeName(start_label.value_or("begin")) + "-" + EncodeName(end_label.value_or("end"));
  return name + (is_gzipped ? ".csv.gz" : ".csv");
}

bool IsRangeFileName(std::string_view name) {
  if (name.substr(0, kPrefix.size()) != kPrefix) {
    return false;
  }
  for (const char byte : name) {
    if (!IsPlain(byte) && byte != '%' && byte != '~') {
      return false;
    }
  }
  return true;
}

SplitPath SplitAtLastSlash(const std::string &path) {
  const size_t slash = path.rfind('/');
  if (slash == std::string::npos) {
    return {".", path};
  }
  return {slash == 0 ? "/" : path.substr(0, slash), path.substr(slash + 1)};
}

}  // namespace vidyo_cdr
