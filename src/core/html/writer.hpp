// Writes HTML into a buffer that grows. Whatever comes from elsewhere goes through Text(), which
// makes it harmless in the content of elements and in quoted attributes alike; markup is taken
// from the code's own literals only.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/growing_array.hpp"

namespace vidyo_cdr {

class HtmlWriter {
 public:
  explicit HtmlWriter(Memory memory) noexcept : bytes_(memory) {}

  // Adds a literal as it is.
  template <size_t N>
  HtmlWriter &Markup(const char (&literal)[N]) noexcept {
    return Append({literal, N - 1});
  }
  template <size_t N>
  HtmlWriter &Markup(char (&buffer)[N]) noexcept = delete;

  // Adds a UTF-8 text, with & < > " ' as entities. U+FFFD stands in the place of each byte that is
  // no part of a character, and of each character that has no business in a page: controls (but tab
  // and line feed), line and paragraph separators, what changes the direction of the text around
  // it (U+202A to U+202E, U+2066 to U+2069), and noncharacters.
  HtmlWriter &Text(std::string_view text) noexcept;

  // Adds the text, or its beginning and an ellipsis when it is wider than that (see
  // text_width.hpp).
  HtmlWriter &ShortText(std::string_view text, double ems) noexcept;

  // Adds a text of unknown direction, such as a name, as an element <bdi>, so that it leaves the
  // order of what stands around it alone. Shortened like ShortText().
  HtmlWriter &Name(std::string_view name, double ems) noexcept;

  // Add a number; see number.hpp.
  HtmlWriter &Number(double value, int decimals = 0) noexcept;
  HtmlWriter &ShortNumber(double value) noexcept;
  HtmlWriter &Coordinate(double value) noexcept;

  // False: there was no memory for some of it, and nothing more has been added since.
  bool IsComplete() const noexcept { return is_complete_; }

  // What has been written; valid until more is.
  std::string_view View() noexcept { return {bytes_.begin(), bytes_.Size()}; }

 private:
  HtmlWriter &Append(std::string_view bytes) noexcept;

  GrowingArray<char> bytes_;
  bool is_complete_ = true;
};

}  // namespace vidyo_cdr
