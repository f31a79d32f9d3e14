// Reading and converting a server's file.
#include "import/csv_input.hpp"

#include <sys/stat.h>

#include <algorithm>

#include "base/memory.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

constexpr size_t kBlockSize = size_t{256} * 1024;
constexpr size_t kBufferSize = 2 * kCsvWindowSize + (kBlockSize + 1) * MAX_CONVERSION_GROWTH;

// What converts text into the database's encoding, or InvalidOid when nothing has to.
Oid FindConversion(int encoding) {
  const int database_encoding = GetDatabaseEncoding();
  if (encoding == database_encoding || encoding == PG_SQL_ASCII ||
      database_encoding == PG_SQL_ASCII) {
    return InvalidOid;
  }
  const Oid conversion = FindDefaultConversionProc(encoding, database_encoding);
  if (!OidIsValid(conversion)) {
    ereport(
        ERROR,
        (errcode(ERRCODE_UNDEFINED_FUNCTION),
         errmsg("cannot convert from encoding %s to database encoding %s",
                pg_encoding_to_char(encoding), GetDatabaseEncodingName()),
         errhint("Save the file in UTF8 or in the database encoding, and specify that encoding.")));
  }
  return conversion;
}

// Opens a file and tells what it is.
FILE *OpenFile(const char *path, struct stat *status) {
  FILE *file = AllocateFile(path, PG_BINARY_R);
  if (file == nullptr) {
    const bool is_elsewhere = errno == ENOENT || errno == EACCES;
    // PostgreSQL would call these, which only the path can be the reason for, internal errors.
    const bool is_bad_path = errno == ENAMETOOLONG || errno == ELOOP || errno == ENXIO;
    ereport(ERROR,
            (is_bad_path ? errcode(ERRCODE_INVALID_PARAMETER_VALUE) : errcode_for_file_access(),
             errmsg("could not open file \"%s\" for reading: %m", path),
             is_elsewhere ? errhint("import_cdr_file reads a file on the server, as the server's "
                                    "operating system user. To import a file on the client, use "
                                    "psql: \\set csv `cat FILE`, then import_cdr(:'csv').")
                          : 0));
  }
  if (fstat(fileno(file), status) != 0) {
    ereport(ERROR, (errcode_for_file_access(), errmsg("could not stat file \"%s\": %m", path)));
  }
  if (S_ISDIR(status->st_mode)) {
    ereport(ERROR, (errcode(ERRCODE_WRONG_OBJECT_TYPE), errmsg("\"%s\" is a directory", path),
                    errhint("Specify a file; import_cdr_file reads one at a time.")));
  }
  return file;
}

bool BeginsWith(std::string_view text, std::string_view begin) {
  return text.substr(0, begin.size()) == begin;
}

// What to do about the byte at `fault`. UTF-16 begins with a mark, or has a NUL in its first
// character.
const char *HintOn(std::string_view block, size_t fault) {
  const bool is_nul = block[fault] == '\0';
  if (BeginsWith(block, "\xFF\xFE") || BeginsWith(block, "\xFE\xFF") || (is_nul && fault < 2)) {
    return "The file appears to be in UTF-16. Save it as CSV in UTF-8.";
  }
  return is_nul ? "The file contains a NUL byte: it is damaged, or it is not a CSV file."
                : "Specify the file's encoding, for example encoding => 'LATIN1'.";
}

}  // namespace

void TextInput::ReadMore() {
  CHECK_FOR_INTERRUPTS();
  const char *end = csv_.data() + csv_.size();
  const auto left = static_cast<size_t>(end - window_.end);
  window_.end += std::min(left, 2 * kCsvWindowSize);
  window_.at_end = window_.end == end;
}

FileInput::FileInput(const char *path, int encoding)
    : path_(path),
      encoding_(encoding == PG_SQL_ASCII ? GetDatabaseEncoding() : encoding),
      conversion_(FindConversion(encoding)),
      block_(AllocateArray<char>(kBlockSize)),
      buffer_(AllocateArray<char>(kBufferSize)) {
  struct stat status;
  file_ = OpenFile(path, &status);
  is_regular_ = S_ISREG(status.st_mode);
  size_ = is_regular_ ? status.st_size : 0;
  window_ = {buffer_, buffer_, false};
}

void FileInput::Rewind() {
  rewind(file_);
  window_ = {buffer_, buffer_, false};
  bytes_read_ = 0;
  block_size_ = 0;
  at_end_of_file_ = false;
  is_first_block_ = true;
  line_ = 1;
  after_cr_ = false;
}

void FileInput::Close() { FreeFile(file_); }

void FileInput::ReadMore() {
  CHECK_FOR_INTERRUPTS();
  const size_t rest = static_cast<size_t>(window_.end - window_.begin);
  memmove(buffer_, window_.begin, rest);
  window_ = {buffer_, buffer_ + rest, false};

  ReadBlock();
  const size_t valid = ValidSize();
  AppendConverted(valid);
  CountLines(block_, valid);
  block_size_ -= valid;
  memmove(block_, block_ + valid, block_size_);
  window_.at_end = at_end_of_file_ && block_size_ == 0;
}

// Fills the block up behind the bytes of a character that the last one has cut.
void FileInput::ReadBlock() {
  const size_t room = kBlockSize - block_size_;
  const size_t size = fread(block_ + block_size_, 1, room, file_);
  if (ferror(file_) != 0) {
    ereport(ERROR, (errcode_for_file_access(), errmsg("could not read file \"%s\": %m", path_)));
  }
  bytes_read_ += static_cast<int64_t>(size);
  block_size_ += size;
  at_end_of_file_ = size < room;
  const std::string_view mark = "\xEF\xBB\xBF";
  if (is_first_block_ && encoding_ == PG_UTF8 && BeginsWith({block_, block_size_}, mark)) {
    // Other encodings may lack the byte order mark.
    block_size_ -= mark.size();
    memmove(block_, block_ + mark.size(), block_size_);
  }
  is_first_block_ = false;
}

// How many bytes of the block are whole, valid characters: all but one that the block cuts.
size_t FileInput::ValidSize() const {
  const auto valid = static_cast<size_t>(
      pg_encoding_verifymbstr(encoding_, block_, static_cast<int>(block_size_)));
  const auto longest = static_cast<size_t>(pg_encoding_max_length(encoding_));
  if (valid == block_size_ || (!at_end_of_file_ && block_size_ - valid < longest)) {
    return valid;
  }
  FileInput here = *this;
  here.CountLines(block_, valid);
  ereport(ERROR,
          (errcode(ERRCODE_CHARACTER_NOT_IN_REPERTOIRE),
           errmsg("line %lld of file \"%s\" is not valid in encoding %s", LongLong(here.line_),
                  path_, pg_encoding_to_char(encoding_)),
           errdetail("The invalid byte is 0x%02x.", static_cast<unsigned char>(block_[valid])),
           errhint("%s", HintOn({block_, block_size_}, valid))));
}

// Puts the first bytes of the block into the window, in the database's encoding.
void FileInput::AppendConverted(size_t size) {
  char *end = buffer_ + (window_.end - buffer_);
  const auto room = static_cast<size_t>(buffer_ + kBufferSize - end);
  Assert(room > size * MAX_CONVERSION_GROWTH);
  if (!OidIsValid(conversion_)) {
    memcpy(end, block_, size);
    window_.end = end + size;
    return;
  }
  const int converted = pg_do_encoding_conversion_buf(
      conversion_, encoding_, GetDatabaseEncoding(), reinterpret_cast<unsigned char *>(block_),
      static_cast<int>(size), reinterpret_cast<unsigned char *>(end), static_cast<int>(room), true);
  if (converted < static_cast<int>(size)) {
    CountLines(block_, static_cast<size_t>(converted));
    ereport(ERROR, (errcode(ERRCODE_UNTRANSLATABLE_CHARACTER),
                    errmsg("line %lld of file \"%s\" contains a character that does not exist in "
                           "database encoding %s",
                           LongLong(line_), path_, GetDatabaseEncodingName()),
                    errhint("Only a database with encoding UTF8 can store every character.")));
  }
  window_.end = end + strlen(end);
}

// Counts the lines that end in the bytes: with LF, CRLF or CR.
void FileInput::CountLines(const char *bytes, size_t size) {
  for (size_t i = 0; i < size; i++) {
    if (bytes[i] == '\r' || (bytes[i] == '\n' && !after_cr_)) {
      line_++;
    }
    after_cr_ = bytes[i] == '\r';
  }
}

void CheckMayReadServerFiles() {
  if (has_privs_of_role(GetUserId(), ROLE_PG_READ_SERVER_FILES)) {
    return;
  }
#if PG_VERSION_NUM >= 160000
  ereport(ERROR, (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
                  errmsg("permission denied to import from a file"),
                  errdetail("Only roles with privileges of the \"%s\" role may import from a file.",
                            "pg_read_server_files"),
                  errhint("To import a file on the client, use psql: \\set csv `cat FILE`, then "
                          "import_cdr(:'csv').")));
#else
  ereport(ERROR,
          (errcode(ERRCODE_INSUFFICIENT_PRIVILEGE),
           errmsg("must be superuser or have privileges of the pg_read_server_files role to import "
                  "from a file"),
           errhint("To import a file on the client, use psql: \\set csv `cat FILE`, then "
                   "import_cdr(:'csv').")));
#endif
}

}  // namespace vidyo_cdr
