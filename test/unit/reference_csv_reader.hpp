// CSV records the slow and obvious way, a byte at a time with the whole file in hand: what the unit
// tests and the fuzz target hold CsvReader against. And the driver that reads with CsvReader
// through windows of given sizes, and checks that no byte is lost.
#pragma once

#include "core/csv/reader.hpp"

#include <algorithm>
#include <cstring>
#include <functional>
#include <memory>
#include <ostream>
#include <sstream>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace vidyo_cdr {

// How a file is read.
struct CsvSetting {
  char delimiter = ',';
  int expected_fields = 0;
  int max_fields = 1000;
  size_t max_record_size = kMaxCsvRecordSize;
};

// A piece of a file, with copies of what it refers to.
struct ReadPiece {
  int64_t line = 0;
  CsvFault fault = CsvFault::kNone;
  bool cut = false;
  int field_count = 0;
  std::string raw;
  std::vector<std::string> fields;  // "q" or "p", quoted or plain, and the text

  bool operator==(const ReadPiece &other) const {
    return line == other.line && fault == other.fault && cut == other.cut &&
           field_count == other.field_count && raw == other.raw && fields == other.fields;
  }
};

inline std::ostream &operator<<(std::ostream &out, const ReadPiece &piece) {
  out << "line " << piece.line << ", fault " << static_cast<int>(piece.fault)
      << (piece.cut ? ", cut" : "") << ", " << piece.field_count << " fields, raw <"
      << piece.raw.substr(0, 200) << "> of " << piece.raw.size() << " bytes:";
  for (const std::string &field : piece.fields) {
    out << " <" << field.substr(0, 200) << ">";
  }
  return out;
}

class ReferenceCsvReader {
 public:
  ReferenceCsvReader(const CsvSetting &setting, std::string_view text)
      : setting_(setting), text_(text) {}

  std::vector<ReadPiece> ReadAll() {
    at_ = text_.substr(0, 3) == "\xEF\xBB\xBF" ? 3 : 0;
    while (at_ < text_.size()) {
      if (IsLineEnd(at_)) {
        at_ = BehindLineEnd(at_);
        line_++;
      } else {
        ReadPiece piece;
        piece.line = line_;
        Read(&piece);
        pieces_.push_back(piece);
      }
    }
    return pieces_;
  }

 private:
  bool IsLineEnd(size_t at) const { return text_[at] == '\n' || text_[at] == '\r'; }

  size_t BehindLineEnd(size_t at) const {
    return at == text_.size() ? at : at + (text_.substr(at, 2) == "\r\n" ? 2 : 1);
  }

  size_t LineEndFrom(size_t at) const {
    return std::min(text_.find_first_of("\r\n", at), text_.size());
  }

  void Read(ReadPiece *piece) {
    size_t limit = text_.size();
    if (read_in_vain_ > 4 * (at_ + setting_.max_record_size)) {
      limit = LineEndFrom(at_);
    }
    size_t end = at_;
    piece->fault = at_ < held_until_ ? CsvFault::kIsHeld : ReadFields(limit, &end, &piece->fields);
    if (piece->fault == CsvFault::kHoldsRecord) {
      held_until_ = end;
    }
    piece->field_count = static_cast<int>(piece->fields.size());
    if (piece->fault == CsvFault::kNone) {
      piece->raw = text_.substr(at_, end - at_);
      for (size_t i = at_; i < end; i = IsLineEnd(i) ? BehindLineEnd(i) : i + 1) {
        line_ += IsLineEnd(i) ? 1 : 0;
      }
      line_ += end < text_.size() ? 1 : 0;
      at_ = BehindLineEnd(end);
      return;
    }
    piece->fields.clear();
    const size_t line_end = LineEndFrom(at_);
    piece->cut = line_end - at_ > setting_.max_record_size;
    piece->raw = text_.substr(at_, std::min(line_end - at_, setting_.max_record_size));
    const size_t next = piece->cut ? at_ + piece->raw.size() : BehindLineEnd(line_end);
    read_in_vain_ += end > next ? end - next : 0;
    line_ += line_end < text_.size() ? 1 : 0;
    at_ = BehindLineEnd(line_end);
  }

  // Reads fields from at_ on. limit: where the text counts as ended. Gives the end of the record or
  // the place of the fault.
  CsvFault ReadFields(size_t limit, size_t *end, std::vector<std::string> *fields) const {
    enum { kFieldStart, kPlain, kQuoted, kBehindQuote } state = kFieldStart;
    std::string field = "p";
    const auto expected = static_cast<size_t>(setting_.expected_fields);
    const auto room = static_cast<size_t>(setting_.max_fields);
    for (size_t i = at_;; i++) {
      *end = i;
      const bool at_end = i == limit;
      const bool at_line_end = !at_end && IsLineEnd(i) && state != kQuoted;
      if (state == kQuoted && (at_end || i - at_ == setting_.max_record_size)) {
        return CsvFault::kQuoteNotClosed;
      }
      if (at_end || at_line_end) {
        fields->push_back(field);
        if (expected > 0 && fields->size() != expected) {
          return CsvFault::kFieldCount;
        }
        return expected >= 9 && HoldRecord(*fields) ? CsvFault::kHoldsRecord : CsvFault::kNone;
      }
      if (i - at_ == setting_.max_record_size) {
        return CsvFault::kTooLong;
      }
      const char byte = text_[i];
      if (state == kQuoted) {
        if (byte == '"') {
          state = kBehindQuote;
        } else {
          field += byte;
        }
      } else if (byte == setting_.delimiter) {
        fields->push_back(field);
        field = "p";
        state = kFieldStart;
        const size_t most = expected > 0 ? std::min(expected, room) : room;
        if (fields->size() == most) {
          fields->push_back("");
          return most == expected ? CsvFault::kFieldCount : CsvFault::kTooManyFields;
        }
      } else if (byte == '"' && state == kFieldStart) {
        field = "q";
        state = kQuoted;
      } else if (byte == '"' && state == kBehindQuote) {
        field += byte;
        state = kQuoted;
      } else if (state == kBehindQuote) {
        return CsvFault::kTextAfterQuote;
      } else {
        field += byte;
        state = kPlain;
      }
    }
  }

  // Whether a quoted field has a line end and the delimiters of a record.
  bool HoldRecord(const std::vector<std::string> &fields) const {
    return std::any_of(fields.begin(), fields.end(), [this](const std::string &field) {
      return field[0] == 'q' && field.find_first_of("\r\n") != std::string::npos &&
             std::count(field.begin(), field.end(), setting_.delimiter) >=
                 setting_.expected_fields - 1;
    });
  }

  CsvSetting setting_;
  std::string_view text_;
  size_t at_ = 0;
  int64_t line_ = 1;
  size_t read_in_vain_ = 0;
  size_t held_until_ = 0;  // the end of a field that holds lines
  std::vector<ReadPiece> pieces_;
};

// Reads a file with CsvReader as a caller with a small buffer does. The buffer always ends where
// the window does, and it and the scratch room are heap blocks of their own, so that
// AddressSanitizer sees an access beyond them.
class WindowedCsvReader {
 public:
  // next_size: how many bytes the window grows by when the reader asks for more, at least 1.
  WindowedCsvReader(const CsvSetting &setting, std::string_view text,
                    std::function<size_t()> next_size)
      : setting_(setting),
        text_(text),
        next_size_(std::move(next_size)),
        reader_(setting.delimiter, setting.max_record_size),
        fields_(new CsvField[static_cast<size_t>(setting.max_fields)]),
        scratch_(new char[setting.max_record_size]) {
    reader_.ExpectFields(setting.expected_fields);
  }

  const std::vector<ReadPiece> &Pieces() const { return pieces_; }

  // Reads all, and tells what is wrong with the answers in themselves, or nothing.
  std::string ReadAll() {
    for (;;) {
      CsvPiece piece;
      const CsvAnswer answer = ReadWindow(&piece);
      const bool at_end = buffer_end_ == text_.size();
      begin_ += piece.consumed;
      if (answer == CsvAnswer::kEnd && (!at_end || begin_ != buffer_end_)) {
        fault_ = "ended before the end";
      }
      if (answer == CsvAnswer::kNeedMore && at_end) {
        fault_ = "needs more at the end";
      }
      if (answer == CsvAnswer::kNeedMore && piece.consumed == 0 &&
          buffer_end_ - begin_ > setting_.max_record_size) {
        fault_ = "needs more than the largest window";
      }
      if (!fault_.empty() || answer == CsvAnswer::kEnd) {
        return fault_;
      }
      if (answer == CsvAnswer::kNeedMore) {
        Fill();
      }
    }
  }

 private:
  // Drops what was consumed and adds some bytes.
  void Fill() {
    buffer_begin_ = begin_;
    buffer_end_ += std::min(next_size_(), text_.size() - buffer_end_);
    const size_t size = buffer_end_ - buffer_begin_;
    buffer_.reset(new char[size]);
    std::copy_n(text_.data() + buffer_begin_, size, buffer_.get());
  }

  CsvAnswer ReadWindow(CsvPiece *piece) {
    const char *const begin = buffer_.get() + (begin_ - buffer_begin_);
    const char *const end = buffer_.get() + (buffer_end_ - buffer_begin_);
    const CsvWindow window = {begin, end, buffer_end_ == text_.size()};
    const CsvRoom room = {fields_.get(), setting_.max_fields, scratch_.get()};
    const CsvAnswer answer = reader_.Read(window, room, piece);
    if (piece->consumed > buffer_end_ - begin_) {
      fault_ = "consumed more than there is";
      piece->consumed = 0;
    } else if (answer == CsvAnswer::kRecord || answer == CsvAnswer::kBad) {
      TakePiece(window, *piece, answer == CsvAnswer::kRecord);
    } else {
      CheckSkipped(window, 0, piece->consumed);
    }
    if (text_.substr(begin_, piece->consumed) != std::string_view(begin, piece->consumed)) {
      fault_ = "changed the window";
    }
    return answer;
  }

  void TakePiece(const CsvWindow &window, const CsvPiece &piece, bool is_record) {
    const auto raw_at = static_cast<size_t>(piece.raw.data() - window.begin);
    if (raw_at > piece.consumed || piece.consumed - raw_at < piece.raw.size()) {
      fault_ = "the raw text is not what was consumed";
      return;
    }
    CheckSkipped(window, 0, raw_at);
    cut_ = piece.cut;
    const size_t raw_end = raw_at + piece.raw.size();
    CheckSkipped(window, raw_end, piece.consumed);
    ReadPiece copy;
    copy.line = piece.line;
    copy.fault = piece.fault;
    copy.cut = piece.cut;
    copy.field_count = piece.field_count;
    copy.raw = piece.raw;
    for (int i = 0; is_record && i < piece.field_count; i++) {
      copy.fields.push_back((fields_[i].quoted ? "q" : "p") + std::string(fields_[i].text));
    }
    if (is_record != (piece.fault == CsvFault::kNone)) {
      fault_ = "the fault does not go with the answer";
    }
    pieces_.push_back(copy);
  }

  // What belongs to no piece is line ends, the byte order mark, and the rest of a line cut short.
  void CheckSkipped(const CsvWindow &window, size_t from, size_t until) {
    std::string_view bytes(window.begin + from, until - from);
    if (begin_ + from == 0 && bytes.substr(0, 3) == "\xEF\xBB\xBF") {
      bytes.remove_prefix(3);
    }
    for (const char byte : bytes) {
      const bool is_line_end = byte == '\n' || byte == '\r';
      cut_ = cut_ && !is_line_end;
      if (!is_line_end && !cut_) {
        fault_ = "lost bytes";
      }
    }
  }

  CsvSetting setting_;
  std::string_view text_;
  std::function<size_t()> next_size_;
  CsvReader reader_;
  std::unique_ptr<CsvField[]> fields_;
  std::unique_ptr<char[]> scratch_;
  std::unique_ptr<char[]> buffer_{new char[0]};
  size_t buffer_begin_ = 0;  // places in the text
  size_t buffer_end_ = 0;
  size_t begin_ = 0;
  bool cut_ = false;
  std::string fault_;
  std::vector<ReadPiece> pieces_;
};

// What CsvReader does wrong with a file, or an empty string. next_size: see WindowedCsvReader.
inline std::string FindReaderFault(const CsvSetting &setting, std::string_view text,
                                   const std::function<size_t()> &next_size) {
  WindowedCsvReader reader(setting, text, next_size);
  const std::string fault = reader.ReadAll();
  if (!fault.empty()) {
    return fault;
  }
  const std::vector<ReadPiece> expected = ReferenceCsvReader(setting, text).ReadAll();
  const std::vector<ReadPiece> &pieces = reader.Pieces();
  const size_t most = std::max(expected.size(), pieces.size());
  for (size_t i = 0; i < most; i++) {
    if (i >= pieces.size() || i >= expected.size() || !(pieces[i] == expected[i])) {
      std::ostringstream out;
      out << "piece " << i << " is ";
      i < pieces.size() ? out << pieces[i] : out << "missing";
      out << " instead of ";
      i < expected.size() ? out << expected[i] : out << "nothing";
      return out.str();
    }
  }
  return "";
}

}  // namespace vidyo_cdr
