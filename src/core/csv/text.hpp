// Text as a CSV field, quoted where it must be, exactly as PostgreSQL's COPY writes it. Works in
// the caller's buffers; in the header, since it runs for each field of an export.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/sse2.hpp"

namespace vidyo_cdr {

// How fields are told apart. Delimiter, quote and escape are single bytes of an encoding that
// embeds no ASCII bytes in longer characters, as all of PostgreSQL's server encodings are.
struct CsvDialect {
  char delimiter = ',';
  char quote = '"';
  char escape = '"';
  // How NULL is written; the view must outlive the dialect's users. Text that looks the same is
  // quoted, so that the two can be told apart.
  std::string_view null_text;
  // False where an empty text and NULL shall look the same.
  bool quote_what_looks_like_null = true;
  // A record of a single field must not be the line "\.", which ends COPY's data.
  bool single_field = false;
};

// Most fields need no quotes, so a text is copied and looked through in one go, 16 bytes at a time;
// only when a special byte turns up is the field written again, quoted.
class CsvTextWriter {
 public:
  explicit CsvTextWriter(const CsvDialect &dialect) noexcept : dialect_(dialect) {
#ifdef VIDYO_CDR_SSE2
    std::memset(delimiters_, dialect.delimiter, sizeof delimiters_);
    std::memset(quotes_, dialect.quote, sizeof quotes_);
#endif
  }

  // Room that Write() needs for a text of that size in bytes.
  static constexpr size_t MaxSize(size_t text_size) noexcept { return 2 * text_size + 2; }

  // Writes text as a field to out, which has MaxSize() bytes, and returns the end of what it wrote.
  // force_quotes: quote the field whatever it holds.
  [[gnu::always_inline]] char *Write(char *out, std::string_view text,
                                     bool force_quotes) const noexcept {
    if (!force_quotes && !LooksLikeSomethingElse(text) &&
        CopyWithoutSpecial(out, text.data(), text.size())) {
      return out + text.size();
    }
    return WriteQuoted(out, text);
  }

 private:
  // Whether the bare text would be read as NULL, or as the end of COPY's data.
  bool LooksLikeSomethingElse(std::string_view text) const noexcept {
    return (text.size() == dialect_.null_text.size() && dialect_.quote_what_looks_like_null &&
            text == dialect_.null_text) ||
           (dialect_.single_field && text == "\\.");
  }

  bool IsSpecial(char byte) const noexcept {
    return byte == dialect_.delimiter || byte == dialect_.quote || byte == '\n' || byte == '\r';
  }

  // Copies the text and returns true, unless it meets a special byte. Reads and writes nothing
  // beyond the text's size: where 16 bytes are too many, the last piece overlaps the one before.
  [[gnu::always_inline]] bool CopyWithoutSpecial(char *out, const char *text,
                                                 size_t size) const noexcept {
#ifdef VIDYO_CDR_SSE2
    if (size >= 16) {
      for (size_t done = 0; done + 16 < size; done += 16) {
        if (!CopyBlock(out + done, text + done)) {
          return false;
        }
      }
      return CopyBlock(out + size - 16, text + size - 16);
    }
    if (size >= 8) {
      const auto first = CopyPiece<int64_t>(out, text);
      const auto last = CopyPiece<int64_t>(out + size - 8, text + size - 8);
      return !HasSpecial(_mm_set_epi64x(last, first));
    }
    if (size >= 4) {
      const auto first = CopyPiece<int32_t>(out, text);
      const auto last = CopyPiece<int32_t>(out + size - 4, text + size - 4);
      return !HasSpecial(_mm_set_epi32(0, 0, last, first));
    }
#endif
    for (size_t i = 0; i < size; i++) {
      if (IsSpecial(text[i])) {
        return false;
      }
      out[i] = text[i];
    }
    return true;
  }

  char *WriteQuoted(char *out, std::string_view text) const noexcept {
    *out++ = dialect_.quote;
    for (const char byte : text) {
      if (byte == dialect_.quote || byte == dialect_.escape) {
        *out++ = dialect_.escape;
      }
      *out++ = byte;
    }
    *out++ = dialect_.quote;
    return out;
  }

#ifdef VIDYO_CDR_SSE2
  static __m128i Load(const char *from) noexcept {
    return _mm_loadu_si128(reinterpret_cast<const __m128i *>(from));
  }

  template <typename Piece>
  static Piece CopyPiece(char *out, const char *text) noexcept {
    Piece piece;
    std::memcpy(&piece, text, sizeof piece);
    std::memcpy(out, &piece, sizeof piece);
    return piece;
  }

  bool CopyBlock(char *out, const char *text) const noexcept {
    const __m128i block = Load(text);
    _mm_storeu_si128(reinterpret_cast<__m128i *>(out), block);
    return !HasSpecial(block);
  }

  bool HasSpecial(__m128i block) const noexcept {
    const __m128i field_ends = _mm_or_si128(_mm_cmpeq_epi8(block, Load(delimiters_)),
                                            _mm_cmpeq_epi8(block, Load(quotes_)));
    const __m128i line_ends = _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('\n')),
                                           _mm_cmpeq_epi8(block, _mm_set1_epi8('\r')));
    return _mm_movemask_epi8(_mm_or_si128(field_ends, line_ends)) != 0;
  }

  // Sixteen of each; bytes, since an object in a caller's buffer may lack a vector's alignment.
  char delimiters_[16];
  char quotes_[16];
#endif
  CsvDialect dialect_;
};

}  // namespace vidyo_cdr
