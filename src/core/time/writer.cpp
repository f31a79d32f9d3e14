// Writing moments digit by digit.
#include "core/time/writer.hpp"

#include <charconv>
#include <cstring>

#include "core/time/date.hpp"

#include "core/no_postgres.hpp"

namespace vidyo_cdr {

namespace {

char *WriteTwoDigits(char *out, int64_t value) noexcept {
  out[0] = static_cast<char>('0' + value / 10);
  out[1] = static_cast<char>('0' + value % 10);
  return out + 2;
}

char *WriteWord(char *out, const char *word) noexcept {
  const size_t size = std::strlen(word);
  std::memcpy(out, word, size);
  return out + size;
}

// Writes the fraction of a second without trailing zeros; nothing when there is none.
char *WriteFraction(char *out, int64_t microseconds) noexcept {
  if (microseconds == 0) {
    return out;
  }
  *out = '.';
  for (int place = 6; place >= 1; place--) {
    out[place] = static_cast<char>('0' + microseconds % 10);
    microseconds /= 10;
  }
  char *end = out + 7;
  while (end[-1] == '0') {
    end--;
  }
  return end;
}

}  // namespace

TimestampWriter::TimestampWriter(TimestampForm form, FindZoneOffset find_offset,
                                 void *zone) noexcept
    : form_(form), find_offset_(find_offset), zone_(zone) {
  TakeDate(0);
}

// Makes the text of a date the remembered one.
void TimestampWriter::TakeDate(int64_t day) noexcept {
  const Date date = DateOfDay(day);
  before_christ_ = date.year <= 0;
  const int64_t year = before_christ_ ? 1 - date.year : date.year;

  char *out = date_text_;
  for (int64_t padding = 1000; padding > 1 && year < padding; padding /= 10) {
    *out++ = '0';
  }
  out = std::to_chars(out, date_text_ + sizeof date_text_, year).ptr;
  *out++ = '-';
  out = WriteTwoDigits(out, date.month);
  *out++ = '-';
  out = WriteTwoDigits(out, date.day);
  date_size_ = static_cast<size_t>(out - date_text_);
  day_ = day;
}

// Makes the offset at a moment the remembered one, with its text: +HH, +HH:MM or +HH:MM:SS.
void TimestampWriter::TakeOffset(int64_t utc_seconds) noexcept {
  offset_ = find_offset_(utc_seconds, zone_);
  offset_size_ = 0;
  if (form_ == TimestampForm::kWallClock) {
    return;
  }
  const int32_t size = offset_.seconds_east < 0 ? -offset_.seconds_east : offset_.seconds_east;
  const int32_t minutes = size / 60 % 60;
  const int32_t seconds = size % 60;
  char *out = offset_text_;
  *out++ = offset_.seconds_east < 0 ? '-' : '+';
  const int32_t hours = size / 3600;
  // A POSIX zone can be up to 167 hours away.
  out = hours < 100 ? WriteTwoDigits(out, hours) : std::to_chars(out, out + 3, hours).ptr;
  if (minutes != 0 || seconds != 0) {
    *out++ = ':';
    out = WriteTwoDigits(out, minutes);
  }
  if (seconds != 0) {
    *out++ = ':';
    out = WriteTwoDigits(out, seconds);
  }
  offset_size_ = static_cast<size_t>(out - offset_text_);
}

char *TimestampWriter::Write(char *out, int64_t utc_microseconds) noexcept {
  if (utc_microseconds == kMinusInfinity) {
    return WriteWord(out, "-infinity");
  }
  if (utc_microseconds == kInfinity) {
    return WriteWord(out, "infinity");
  }

  const FloorDivision utc(utc_microseconds, kMicrosecondsPerSecond);
  const int64_t utc_seconds = utc.quotient;
  if (utc_seconds < offset_.valid_from || utc_seconds >= offset_.valid_until) {
    TakeOffset(utc_seconds);
  }
  const FloorDivision local(utc_seconds + offset_.seconds_east, kSecondsPerDay);
  if (local.quotient != day_) {
    TakeDate(local.quotient);
  }
  const int64_t second_of_day = local.remainder;

  std::memcpy(out, date_text_, date_size_);
  out += date_size_;
  *out++ = ' ';
  out = WriteTwoDigits(out, second_of_day / 3600);
  *out++ = ':';
  out = WriteTwoDigits(out, second_of_day / 60 % 60);
  *out++ = ':';
  out = WriteTwoDigits(out, second_of_day % 60);
  if (form_ == TimestampForm::kWithOffset) {
    out = WriteFraction(out, utc.remainder);
  }
  std::memcpy(out, offset_text_, offset_size_);
  out += offset_size_;
  return before_christ_ ? WriteWord(out, " BC") : out;
}

}  // namespace vidyo_cdr
