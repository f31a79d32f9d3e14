// Escaped texts the slow and obvious way, and what a browser reads of them: what the unit tests and
// the fuzz target hold HtmlWriter against.
#pragma once

#include "core/html/text_width.hpp"
#include "core/html/writer.hpp"

#include <algorithm>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "test_memory.hpp"

namespace vidyo_cdr {

inline const std::string kReferenceReplacement = "\xef\xbf\xbd";

// A code as UTF-8, whether or not it is a character.
inline std::string Utf8Of(char32_t code, size_t size) {
  const auto low_bits = [code](int shift) {
    return static_cast<char>(0x80 | ((code >> shift) & 0x3f));
  };
  switch (size) {
    case 1:
      return {static_cast<char>(code)};
    case 2:
      return {static_cast<char>(0xc0 | code >> 6), low_bits(0)};
    case 3:
      return {static_cast<char>(0xe0 | code >> 12), low_bits(6), low_bits(0)};
    default:
      return {static_cast<char>(0xf0 | code >> 18), low_bits(12), low_bits(6), low_bits(0)};
  }
}

// The shortest form of a code.
inline std::string Utf8Of(char32_t code) {
  return Utf8Of(code, code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4);
}

// The characters of a text: each that is the shortest form of a code which is no surrogate, and all
// other bytes as U+FFFD.
inline std::vector<char32_t> CodesOf(std::string_view text) {
  std::vector<char32_t> codes;
  while (!text.empty()) {
    size_t size = 1;
    char32_t code = 0xfffd;
    for (size_t length = 1; length <= std::min<size_t>(4, text.size()); length++) {
      char32_t read = static_cast<unsigned char>(text[0]);
      read &= length == 1 ? 0xffU : 0xffU >> (length + 1);
      for (size_t i = 1; i < length; i++) {
        read = read << 6 | (static_cast<unsigned char>(text[i]) & 0x3fU);
      }
      const bool is_character = read <= 0x10ffff && (read < 0xd800 || read > 0xdfff);
      if (is_character && Utf8Of(read) == text.substr(0, length)) {
        size = length;
        code = read;
      }
    }
    codes.push_back(code);
    text.remove_prefix(size);
  }
  return codes;
}

// Whether HTML and Unicode let a character stand in a page without harm.
inline bool ReferenceIsShown(char32_t code) {
  if (code == '\t' || code == '\n') {
    return true;
  }
  static const std::u32string harmful =
      U"\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069";
  const bool is_control = code <= 0x1f || (code >= 0x7f && code <= 0x9f);
  const char32_t last = code % 0x10000;
  const bool is_noncharacter =
      (code >= 0xfdd0 && code <= 0xfdef) || last == 0xfffe || last == 0xffff;
  return !is_control && !is_noncharacter && harmful.find(code) == std::u32string::npos;
}

// What a browser has to show of a text.
inline std::string ReferenceShown(std::string_view text) {
  std::string shown;
  for (const char32_t code : CodesOf(text)) {
    shown += ReferenceIsShown(code) ? Utf8Of(code) : kReferenceReplacement;
  }
  return shown;
}

// The text with its entities read back; "?" when a character stands in it that may not, or an
// ampersand that begins no entity.
inline std::string Unescaped(std::string_view html) {
  static const std::map<std::string, char> entities = {
      {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
  std::string text;
  for (size_t i = 0; i < html.size(); i++) {
    if (html[i] != '&') {
      if (std::string_view("<>\"'").find(html[i]) != std::string_view::npos) {
        return "?";
      }
      text += html[i];
      continue;
    }
    const size_t end = html.find(';', i);
    const auto entity = end == std::string_view::npos
                            ? entities.end()
                            : entities.find(std::string(html.substr(i, end + 1 - i)));
    if (entity == entities.end()) {
      return "?";
    }
    text += entity->second;
    i = end;
  }
  return text;
}

inline std::string WrittenText(std::string_view text) {
  TestMemory memory;
  HtmlWriter html(memory.Get());
  html.Text(text);
  return html.IsComplete() ? std::string(html.View()) : "no memory";
}

// What HtmlWriter::Text() and Shorten() do wrong with a text, or an empty string.
inline std::string FindHtmlFault(std::string_view text, double ems) {
  const std::string written = WrittenText(text);
  const std::string shown = ReferenceShown(text);
  if (Unescaped(written) != shown) {
    return "wrote <" + written + "> for what is to be shown as <" + shown + ">";
  }
  const ShortenedText shortened = Shorten(text, ems);
  if (shortened.text != text.substr(0, shortened.text.size())) {
    return "what is shortened is not the beginning";
  }
  if (!shortened.is_cut) {
    return shortened.text == text && TextEms(text) <= ems ? "" : "not shortened";
  }
  if (TextEms(text) <= ems || (TextEms(shortened.text) + 1 > ems && !shortened.text.empty())) {
    return "shortened to a wrong width";
  }
  const size_t count = CodesOf(shortened.text).size();
  const std::vector<char32_t> codes = CodesOf(text);
  std::vector<char32_t> begin = codes;
  begin.resize(std::min(count, codes.size()));
  return CodesOf(shortened.text) == begin ? "" : "cut through a character";
}

}  // namespace vidyo_cdr
