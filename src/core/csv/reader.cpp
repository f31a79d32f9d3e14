// Reading CSV; see the header for the rules.
//
// Why bad lines cannot make it slow: to find that a quote is not closed, the reader goes through up
// to 1 MB behind the line, and goes through it again for the lines that follow. A line with a stray
// quote mostly stops at the next one, but lines can be made so that each reads on through the
// following ones until there are too many fields (x"," is such a line). So the bytes read in vain
// are counted, and when they are more than four times those consumed, quoted fields may not leave
// their line until the proportion is right again. The count depends on the file alone.
#include "core/csv/reader.hpp"

#include <algorithm>
#include <cstring>

#include "core/sse2.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
constexpr uint64_t kMaxReadInVain = 4;
constexpr int kFewestFieldsToHold = 9;

bool IsLineEnd(char byte) noexcept { return byte == '\n' || byte == '\r'; }

// Bytes to look for, as a test for one byte and for sixteen.
struct LineEnds {
  bool Has(char byte) const noexcept { return IsLineEnd(byte); }
#ifdef VIDYO_CDR_SSE2
  __m128i Hits(__m128i block) const noexcept {
    return _mm_or_si128(_mm_cmpeq_epi8(block, _mm_set1_epi8('\n')),
                        _mm_cmpeq_epi8(block, _mm_set1_epi8('\r')));
  }
#endif
};

struct FieldEnds {
  char delimiter;

  bool Has(char byte) const noexcept { return byte == delimiter || IsLineEnd(byte); }
#ifdef VIDYO_CDR_SSE2
  __m128i Hits(__m128i block) const noexcept {
    return _mm_or_si128(LineEnds().Hits(block), _mm_cmpeq_epi8(block, _mm_set1_epi8(delimiter)));
  }
#endif
};

struct Quotes {
  bool Has(char byte) const noexcept { return byte == '"'; }
#ifdef VIDYO_CDR_SSE2
  __m128i Hits(__m128i block) const noexcept { return _mm_cmpeq_epi8(block, _mm_set1_epi8('"')); }
#endif
};

// The first of these bytes in [at, end), or end.
template <typename Bytes>
[[gnu::always_inline]] inline const char *Find(Bytes bytes, const char *at,
                                               const char *end) noexcept {
#ifdef VIDYO_CDR_SSE2
  for (; end - at >= 16; at += 16) {
    const __m128i block = _mm_loadu_si128(reinterpret_cast<const __m128i *>(at));
    const auto hits = static_cast<unsigned>(_mm_movemask_epi8(bytes.Hits(block)));
    if (hits != 0) {
      return at + __builtin_ctz(hits);
    }
  }
#endif
  while (at < end && !bytes.Has(*at)) {
    at++;
  }
  return at;
}

// The quote that closes a field whose text begins at `at`, or end. Sets doubled when others were
// passed.
[[gnu::always_inline]] inline const char *FindClosingQuote(const char *at, const char *end,
                                                           bool *doubled) noexcept {
  for (;;) {
    at = Find(Quotes(), at, end);
    if (end - at < 2 || at[1] != '"') {
      return at;
    }
    *doubled = true;
    at += 2;
  }
}

int64_t CountLineEnds(const char *at, const char *end) noexcept {
  int64_t count = 0;
  while ((at = Find(LineEnds(), at, end)) < end) {
    at += *at == '\r' && end - at > 1 && at[1] == '\n' ? 2 : 1;
    count++;
  }
  return count;
}

// Copies the text with each two quotes made one to out, and returns the copy.
std::string_view Undouble(std::string_view text, char *out) noexcept {
  const char *at = text.data();
  const char *const end = at + text.size();
  char *copy_end = out;
  while (at < end) {
    const char *const quote = Find(Quotes(), at, end);
    const char *const part_end = quote < end ? quote + 1 : end;
    const auto size = static_cast<size_t>(part_end - at);
    std::memcpy(copy_end, at, size);
    copy_end += size;
    at = quote < end ? quote + 2 : end;
  }
  return {out, static_cast<size_t>(copy_end - out)};
}

// Undoes the doubled quotes of a record's fields.
void UndoubleFields(CsvField *fields, int count, char *scratch) noexcept {
  for (CsvField *field = fields; field < fields + count; field++) {
    if (field->quoted && field->text.find('"') != std::string_view::npos) {
      field->text = Undouble(field->text, scratch);
      scratch += field->text.size();
    }
  }
}

std::string_view Between(const char *begin, const char *end) noexcept {
  return {begin, static_cast<size_t>(end - begin)};
}

}  // namespace

// A record looked through: where it may go to, and what was found.
struct CsvReader::Scan {
  enum class Stop {
    kRecordMayEnd,  // at a line end, or at the end of the file
    kTooLong,       // where the record is too large
    kWindowEnds,
  };

  const char *stop = nullptr;  // the record may go that far
  Stop what_stops = Stop::kWindowEnds;

  const char *end = nullptr;  // the record's end, or where its fault was found
  CsvFault fault = CsvFault::kNone;
  bool complete = false;  // found its end, or a fault
  int field_count = 0;
  bool has_quoted = false;
  bool has_doubled = false;

  void Fail(const char *at, CsvFault found) noexcept {
    end = at;
    fault = found;
    complete = true;
  }

  // Both take the field at `at` and return its end, where a delimiter or a line end is or the
  // record may end; or nullptr when the field has no such end, for which complete and fault tell
  // why.
  const char *PlainField(const char *at, FieldEnds field_ends, CsvField *field) noexcept;
  const char *QuotedField(const char *at, FieldEnds field_ends, CsvField *field) noexcept;

 private:
  const char *CheckStop(const char *at) noexcept;
};

[[gnu::always_inline]] inline const char *CsvReader::Scan::PlainField(const char *at,
                                                                      FieldEnds field_ends,
                                                                      CsvField *field) noexcept {
  const char *const field_end = Find(field_ends, at, stop);
  field->text = Between(at, field_end);
  field->quoted = false;
  return CheckStop(field_end);
}

[[gnu::always_inline]] inline const char *CsvReader::Scan::QuotedField(const char *at,
                                                                       FieldEnds field_ends,
                                                                       CsvField *field) noexcept {
  has_quoted = true;
  const char *const quote = FindClosingQuote(at + 1, stop, &has_doubled);
  if (quote == stop) {
    if (what_stops != Stop::kWindowEnds) {
      Fail(stop, CsvFault::kQuoteNotClosed);
    }
    return nullptr;
  }
  field->text = Between(at + 1, quote);
  field->quoted = true;
  at = quote + 1;
  if (at < stop && !field_ends.Has(*at)) {
    Fail(at, CsvFault::kTextAfterQuote);
    return nullptr;
  }
  return CheckStop(at);
}

// nullptr where the field goes on behind the stop, or may go on.
[[gnu::always_inline]] inline const char *CsvReader::Scan::CheckStop(const char *at) noexcept {
  if (at < stop || what_stops == Stop::kRecordMayEnd) {
    return at;
  }
  if (what_stops == Stop::kTooLong) {
    Fail(stop, CsvFault::kTooLong);
  }
  return nullptr;
}

CsvAnswer CsvReader::Read(const CsvWindow &window, const CsvRoom &room, CsvPiece *piece) noexcept {
  *piece = CsvPiece();
  const char *const start = SkipToRecord(window);
  const CsvWindow rest = {start, window.end, window.at_end};
  offset_ += static_cast<uint64_t>(start - window.begin);
  piece->consumed = static_cast<size_t>(start - window.begin);
  piece->line = line_;
  if (start == window.end) {
    return window.at_end ? CsvAnswer::kEnd : CsvAnswer::kNeedMore;
  }
  const Scan scan = ScanFrom(start, rest, room);
  if (!scan.complete) {
    return CsvAnswer::kNeedMore;
  }
  return scan.fault == CsvFault::kNone ? Accept(start, scan, rest, room, piece)
                                       : Reject(start, scan, rest, piece);
}

// Passes the byte order mark (a part of it is no whole record, so more bytes are asked for), the
// rest of a line that was cut, and empty lines.
const char *CsvReader::SkipToRecord(const CsvWindow &window) noexcept {
  const char *at = window.begin;
  if (offset_ == 0 && Between(at, window.end).substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    at += kByteOrderMark.size();
  }
  if (after_cr_ && at < window.end) {
    at += *at == '\n' ? 1 : 0;
    after_cr_ = false;
  }
  if (in_cut_line_) {
    at = Find(LineEnds(), at, window.end);
    in_cut_line_ = at == window.end;
  }
  while (at < window.end && IsLineEnd(*at)) {
    at = PassLineEnd(at, window.end);
  }
  return at;
}

// Passes the line end at `at`, if there is one.
const char *CsvReader::PassLineEnd(const char *at, const char *end) noexcept {
  if (at == end) {
    return at;
  }
  line_++;
  if (*at++ == '\r') {
    after_cr_ = at == end;
    at += at < end && *at == '\n' ? 1 : 0;
  }
  return at;
}

// Looks through the record at `start`, as far as it may go; not when the line is held.
CsvReader::Scan CsvReader::ScanFrom(const char *start, const CsvWindow &window,
                                    const CsvRoom &room) const noexcept {
  Scan scan;
  if (offset_ < held_until_) {
    scan.Fail(start, CsvFault::kIsHeld);
    return scan;
  }
  if (static_cast<size_t>(window.end - start) > max_record_size_) {
    scan.stop = start + max_record_size_;
    scan.what_stops = IsLineEnd(*scan.stop) ? Scan::Stop::kRecordMayEnd : Scan::Stop::kTooLong;
  } else {
    scan.stop = window.end;
    scan.what_stops = window.at_end ? Scan::Stop::kRecordMayEnd : Scan::Stop::kWindowEnds;
  }
  if (read_in_vain_ > kMaxReadInVain * (offset_ + max_record_size_)) {
    const char *const line_end = Find(LineEnds(), start, scan.stop);
    if (line_end < scan.stop) {
      scan.stop = line_end;
      scan.what_stops = Scan::Stop::kRecordMayEnd;
    }
  }
  ScanFields(start, room, &scan);
  return scan;
}

// Finds fields until the record ends or cannot be one, or the window ends.
void CsvReader::ScanFields(const char *start, const CsvRoom &room, Scan *scan) const noexcept {
  const FieldEnds field_ends{delimiter_};
  const int max_fields =
      expected_fields_ > 0 ? std::min(expected_fields_, room.max_fields) : room.max_fields;
  for (const char *at = start;; at++) {
    CsvField *const field = room.fields + scan->field_count;
    at = at < scan->stop && *at == '"' ? scan->QuotedField(at, field_ends, field)
                                       : scan->PlainField(at, field_ends, field);
    if (at == nullptr) {
      return;
    }
    scan->field_count++;
    if (at == scan->stop || IsLineEnd(*at)) {
      return EndRecord(start, at, room, scan);
    }
    if (scan->field_count == max_fields) {
      scan->field_count++;
      return scan->Fail(
          at, max_fields == expected_fields_ ? CsvFault::kFieldCount : CsvFault::kTooManyFields);
    }
  }
}

void CsvReader::EndRecord(const char *start, const char *at, const CsvRoom &room,
                          Scan *scan) const noexcept {
  scan->end = at;
  scan->complete = true;
  if (expected_fields_ > 0 && scan->field_count != expected_fields_) {
    scan->fault = CsvFault::kFieldCount;
  } else if (scan->has_quoted && expected_fields_ >= kFewestFieldsToHold &&
             Find(LineEnds(), start, at) < at &&
             std::any_of(room.fields, room.fields + scan->field_count,
                         [this](const CsvField &field) { return HoldsRecord(field); })) {
    scan->fault = CsvFault::kHoldsRecord;
  }
}

// Whether a field has a line end, and delimiters enough for a record.
bool CsvReader::HoldsRecord(const CsvField &field) const noexcept {
  const char *const end = field.text.data() + field.text.size();
  return field.quoted && Find(LineEnds(), field.text.data(), end) < end &&
         std::count(field.text.data(), end, delimiter_) >= expected_fields_ - 1;
}

CsvAnswer CsvReader::Accept(const char *start, const Scan &scan, const CsvWindow &window,
                            const CsvRoom &room, CsvPiece *piece) noexcept {
  piece->raw = Between(start, scan.end);
  piece->field_count = scan.field_count;
  if (scan.has_quoted) {
    line_ += CountLineEnds(start, scan.end);
  }
  if (scan.has_doubled) {
    UndoubleFields(room.fields, scan.field_count, room.scratch);
  }
  return Consume(PassLineEnd(scan.end, window.end), window, CsvAnswer::kRecord, piece);
}

// Gives the first line back as bad.
CsvAnswer CsvReader::Reject(const char *start, const Scan &scan, const CsvWindow &window,
                            CsvPiece *piece) noexcept {
  const bool reaches_limit = static_cast<size_t>(window.end - start) > max_record_size_;
  const char *const limit = reaches_limit ? start + max_record_size_ : window.end;
  const char *const line_end = Find(LineEnds(), start, limit);
  if (line_end == window.end && !window.at_end) {
    return CsvAnswer::kNeedMore;
  }
  if (scan.fault == CsvFault::kHoldsRecord) {
    held_until_ = offset_ + static_cast<uint64_t>(scan.end - start);
  }
  piece->raw = Between(start, line_end);
  piece->field_count = scan.field_count;
  piece->fault = scan.fault;
  piece->cut = line_end < window.end && !IsLineEnd(*line_end);
  in_cut_line_ = piece->cut;
  const char *const next = piece->cut ? line_end : PassLineEnd(line_end, window.end);
  if (scan.end > next) {
    read_in_vain_ += static_cast<uint64_t>(scan.end - next);
  }
  return Consume(next, window, CsvAnswer::kBad, piece);
}

CsvAnswer CsvReader::Consume(const char *until, const CsvWindow &window, CsvAnswer answer,
                             CsvPiece *piece) noexcept {
  offset_ += static_cast<uint64_t>(until - window.begin);
  piece->consumed += static_cast<size_t>(until - window.begin);
  return answer;
}

char FindCsvDelimiter(std::string_view text) noexcept {
  constexpr char kDelimiters[] = {',', ';', '\t'};
  if (text.substr(0, kByteOrderMark.size()) == kByteOrderMark) {
    text.remove_prefix(kByteOrderMark.size());
  }
  size_t counts[3] = {};
  const char *at = text.data();
  const char *const end = at + std::min(text.size(), kCsvWindowSize);
  while (at < end && IsLineEnd(*at)) {
    at++;
  }
  bool at_field_start = true;
  while (at < end && !IsLineEnd(*at)) {
    if (at_field_start && *at == '"') {
      bool doubled = false;
      at = FindClosingQuote(at + 1, end, &doubled);
    } else {
      const auto delimiter = std::find(kDelimiters, kDelimiters + 3, *at) - kDelimiters;
      at_field_start = delimiter < 3;
      if (at_field_start) {
        counts[delimiter]++;
      }
    }
    at += at < end ? 1 : 0;
  }
  return kDelimiters[std::max_element(counts, counts + 3) - counts];
}

}  // namespace vidyo_cdr
