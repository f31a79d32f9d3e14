// Records out of a CSV file (RFC 4180), a window of bytes at a time. A stray quote costs the line
// that it stands in, not the rest of the file. Works in the caller's buffers.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace vidyo_cdr {

// The most bytes that a record may have, without the line end behind it.
inline constexpr size_t kMaxCsvRecordSize = 1024 * 1024;

// A window of this size is never answered with kNeedMore and no byte consumed. A buffer of twice
// the size and more, filled up each time, keeps moving and reading again rare.
inline constexpr size_t kCsvWindowSize = kMaxCsvRecordSize + 1;

// Finds what separates the fields of a file: the one of comma, semicolon and TAB that is most
// frequent in its first line that is not empty, outside quotes; of two as frequent, the first of
// these. A comma where there is none.
// text: the file's first bytes, all of them or kCsvWindowSize; a UTF-8 byte order mark is skipped.
char FindCsvDelimiter(std::string_view text) noexcept;

// A field: bytes of the window, or of the scratch room when quotes in it were doubled. Any byte can
// be in it, NUL too.
struct CsvField {
  std::string_view text;  // without the quotes around it, doubled quotes undone
  bool quoted;            // tells the empty text "" from nothing
};

// What Read() found.
enum class CsvAnswer {
  kRecord,    // a record with its fields
  kBad,       // a line that cannot be read; the next one is tried
  kNeedMore,  // what is left in the window is no whole record
  kEnd,       // no more records
};

// Why a line cannot be read.
enum class CsvFault {
  kNone,
  kTextAfterQuote,  // "abc"def
  kQuoteNotClosed,  // a quoted field runs into the end of the file or the size limit
  kTooLong,         // the record is larger than the limit
  kFieldCount,      // more or fewer fields than expected
  kHoldsRecord,     // a quoted field holds the end of a line and the beginning of another
  kIsHeld,          // the line is one of those that such a field holds
  kTooManyFields,   // more fields than there is room for
};

// The bytes to read from: those not consumed before, and what follows them in the file.
struct CsvWindow {
  const char *begin;
  const char *end;
  bool at_end;  // no more bytes follow
};

// Where Read() writes.
struct CsvRoom {
  CsvField *fields;  // max_fields of them, at least 1
  int max_fields;
  char *scratch;  // as many bytes as a record may have
};

// One record or line of the file.
struct CsvPiece {
  // Bytes of the window that are done with, whatever the answer: the record or line, its line end,
  // and what was skipped before it.
  size_t consumed = 0;
  // The record, or the bad line, as it stands in the file, without its line end.
  std::string_view raw;
  // The number of the line in which it starts; the file's first is 1.
  int64_t line = 0;
  // How many fields were written (kRecord) or found (kFieldCount, where reading stops at the first
  // that is too many).
  int field_count = 0;
  CsvFault fault = CsvFault::kNone;
  // The bad line is longer than a record may be; raw holds its beginning, the rest is skipped.
  bool cut = false;
};

// Reads a file's records in order.
//
// Lines end with LF, CRLF or CR; lines without a byte are skipped, but counted. A field that begins
// with a quote goes on to the closing one, over line ends too, and behind that only a delimiter or
// a line end may stand. A quote inside an unquoted field is a plain character, since people type
// such names and not every program quotes for them.
//
// Two stray quotes can make one valid record of two lines, when people have such a name. So a
// quoted field with a line end in it and as many delimiters as a record has is taken for that, in
// records of nine fields and more, which every file of the portal has. It may also be one name that
// somebody made up to hold a whole record, so all of its lines are bad: none may come in as a
// record that nobody wrote.
//
// When another record cannot be read, its first line alone is bad and reading goes on behind it.
// The answers do not depend on how the file is cut into windows.
class CsvReader {
 public:
  // delimiter: what FindCsvDelimiter() gave. max_record_size: smaller in tests only,
  // where it is 3 or more.
  explicit CsvReader(char delimiter, size_t max_record_size = kMaxCsvRecordSize) noexcept
      : delimiter_(delimiter), max_record_size_(max_record_size) {}

  // From now on a record must have that many fields, as the header had; 0: any number.
  void ExpectFields(int count) noexcept { expected_fields_ = count; }

  // Reads the next record into room and piece. After kNeedMore, which never comes at_end, the
  // caller drops the consumed bytes and adds others behind the rest. After the other answers the
  // next window begins behind the consumed bytes. What fields and piece refer to is valid as long
  // as the window's bytes stay where they are and the scratch room is not used again.
  CsvAnswer Read(const CsvWindow &window, const CsvRoom &room, CsvPiece *piece) noexcept;

 private:
  struct Scan;

  const char *SkipToRecord(const CsvWindow &window) noexcept;
  const char *PassLineEnd(const char *at, const char *end) noexcept;
  Scan ScanFrom(const char *start, const CsvWindow &window, const CsvRoom &room) const noexcept;
  void ScanFields(const char *start, const CsvRoom &room, Scan *scan) const noexcept;
  void EndRecord(const char *start, const char *at, const CsvRoom &room, Scan *scan) const noexcept;
  bool HoldsRecord(const CsvField &field) const noexcept;
  CsvAnswer Accept(const char *start, const Scan &scan, const CsvWindow &window,
                   const CsvRoom &room, CsvPiece *piece) noexcept;
  CsvAnswer Reject(const char *start, const Scan &scan, const CsvWindow &window,
                   CsvPiece *piece) noexcept;
  CsvAnswer Consume(const char *until, const CsvWindow &window, CsvAnswer answer,
                    CsvPiece *piece) noexcept;

  char delimiter_;
  size_t max_record_size_;
  int expected_fields_ = 0;
  int64_t line_ = 1;
  uint64_t offset_ = 0;        // bytes consumed
  uint64_t read_in_vain_ = 0;  // bytes behind bad lines that were read to find them bad
  uint64_t held_until_ = 0;    // lines that begin before this are held by a quoted field
  bool after_cr_ = false;      // the last byte consumed was a CR that may be half a CRLF
  bool in_cut_line_ = false;
};

}  // namespace vidyo_cdr
