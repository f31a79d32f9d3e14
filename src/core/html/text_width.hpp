// How wide a text is about, whatever the font, and texts made short enough for their place. A page
// is drawn long before a browser chooses the font, so this errs on the wide side.
#pragma once

#include <string_view>

namespace vidyo_cdr {

// The width of a UTF-8 text in ems, that is in sizes of its font.
double TextEms(std::string_view text) noexcept;

struct ShortenedText {
  std::string_view text;
  bool is_cut;  // an ellipsis belongs behind it
};

// The beginning of a UTF-8 text that is at most so many ems wide with its ellipsis, cut between
// two characters; the text itself when it is not wider.
ShortenedText Shorten(std::string_view text, double ems) noexcept;

}  // namespace vidyo_cdr
