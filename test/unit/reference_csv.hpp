// CSV fields the slow and obvious way, from the rules that PostgreSQL's manual gives for COPY: what
// the unit tests and the fuzz target hold CsvTextWriter against.
#pragma once

#include "core/csv/text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace vidyo_cdr {

// Whether COPY ... TO quotes the text without being forced to: "if the value contains the delimiter
// character, the QUOTE character, the NULL string, a carriage return, or line feed character",
// where the NULL string counts as the whole value only; and "\." as a line of its own.
inline bool ReferenceNeedsQuotes(const CsvDialect &dialect, const std::string &text) {
  const std::string special{dialect.delimiter, dialect.quote, '\r', '\n'};
  return text.find_first_of(special) != std::string::npos ||
         (text == dialect.null_text && dialect.quote_what_looks_like_null) ||
         (text == "\\." && dialect.single_field);
}

// The text as COPY ... TO writes it: "the whole value is prefixed and suffixed by the QUOTE
// character, and any occurrence within the value of a QUOTE character or the ESCAPE character is
// preceded by the escape character".
inline std::string ReferenceField(const CsvDialect &dialect, const std::string &text,
                                  bool force_quotes) {
  if (!force_quotes && !ReferenceNeedsQuotes(dialect, text)) {
    return text;
  }
  std::string field;
  field.reserve(2 * text.size() + 2);
  field += dialect.quote;
  for (const char byte : text) {
    if (byte == dialect.quote || byte == dialect.escape) {
      field += dialect.escape;
    }
    field += byte;
  }
  return field + dialect.quote;
}

// Reads a single field as COPY ... FROM does; nothing: it is NULL.
inline std::optional<std::string> ReadField(const CsvDialect &dialect, const std::string &field) {
  if (field == dialect.null_text) {
    return std::nullopt;
  }
  std::string text;
  text.reserve(field.size());
  bool in_quotes = false;
  for (size_t i = 0; i < field.size(); i++) {
    const bool more = i + 1 < field.size();
    if (in_quotes && field[i] == dialect.escape && more &&
        (field[i + 1] == dialect.escape || field[i + 1] == dialect.quote)) {
      text += field[++i];
    } else if (field[i] == dialect.quote) {
      in_quotes = !in_quotes;
    } else {
      text += field[i];
    }
  }
  return text;
}

// Room on the heap between guard bytes. AddressSanitizer sees what the guards cannot: reading
// beyond the room, and, with no guard bytes, any access beyond it.
class GuardedRoom {
 public:
  GuardedRoom(size_t size, size_t guard_size)
      : size_(size), guard_size_(guard_size), bytes_(new char[size + 2 * guard_size]) {
    std::memset(bytes_.get(), kGuard, size + 2 * guard_size);
  }

  char *Begin() { return bytes_.get() + guard_size_; }

  // Whether all guard bytes are as they were.
  bool Intact() const {
    const char *const end = bytes_.get() + guard_size_ + size_;
    const auto is_guard = [](char byte) { return byte == kGuard; };
    return std::all_of(bytes_.get(), bytes_.get() + guard_size_, is_guard) &&
           std::all_of(end, end + guard_size_, is_guard);
  }

 private:
  static constexpr char kGuard = '\x5a';

  size_t size_;
  size_t guard_size_;
  std::unique_ptr<char[]> bytes_;
};

// What CsvTextWriter does wrong with a text, or an empty string. guard_size: guard bytes on either
// side of the room it writes to.
inline std::string FindFaultInRoom(const CsvDialect &dialect, std::string_view text,
                                   bool force_quotes, size_t guard_size) {
  const std::string text_before(text);
  const std::string expected = ReferenceField(dialect, text_before, force_quotes);

  const CsvTextWriter writer(dialect);
  GuardedRoom room(CsvTextWriter::MaxSize(text.size()), guard_size);
  const char *end = writer.Write(room.Begin(), text, force_quotes);
  if (end < room.Begin() || end > room.Begin() + CsvTextWriter::MaxSize(text.size())) {
    return "the end is outside the room";
  }
  if (!room.Intact()) {
    return "wrote beyond the room";
  }
  const std::string written(room.Begin(), static_cast<size_t>(end - room.Begin()));
  if (written != expected) {
    return "wrote <" + written + "> instead of <" + expected + ">";
  }
  if (text != text_before) {
    return "changed the text";
  }
  const bool may_be_null =
      !force_quotes && !dialect.quote_what_looks_like_null && text == dialect.null_text;
  const std::optional<std::string> back = ReadField(dialect, written);
  if (back.has_value() ? *back != text : !may_be_null) {
    return "<" + written + "> does not read back as the text";
  }
  return "";
}

// What CsvTextWriter does wrong with a text, or an empty string. The text should be a heap block of
// its own size, so that AddressSanitizer sees reads beyond it.
inline std::string FindFault(const CsvDialect &dialect, std::string_view text,
                             bool force_quotes = false) {
  const std::string fault = FindFaultInRoom(dialect, text, force_quotes, 32);
  return fault.empty() ? FindFaultInRoom(dialect, text, force_quotes, 0) : fault;
}

}  // namespace vidyo_cdr
