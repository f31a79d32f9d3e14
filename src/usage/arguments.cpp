// Reading arguments, and saying what could have stood there.
#include "usage/arguments.hpp"

#include "base/settings.hpp"
#include "base/values.hpp"
#include "base/zones.hpp"
#include "core/record_code.hpp"

namespace vidyo_cdr {

namespace {

constexpr int64_t kSecondsPerMinute = 60;
constexpr int64_t kDaysPerWeek = 7;

// Whether an interval is one of the lengths that buckets can have.
bool ToLength(const Interval &interval, BucketLength *length) {
  const int32_t months = interval.month;
  if (months != 0) {
    *length = {BucketLength::kMonths, months};
    return interval.day == 0 && interval.time == 0 &&
           (months == 1 || months == 3 || months == 6 || months == 12);
  }
  if (interval.day < 0 || interval.day > kDaysPerWeek || interval.time < 0 ||
      interval.time > kDaysPerWeek * USECS_PER_DAY ||
      interval.time % (kSecondsPerMinute * USECS_PER_SEC) != 0) {
    return false;
  }
  const int64_t minutes =
      int64_t{interval.day} * kMinutesPerDay + interval.time / (kSecondsPerMinute * USECS_PER_SEC);
  if (minutes == kMinutesPerDay || minutes == kDaysPerWeek * kMinutesPerDay) {
    *length = {BucketLength::kDays, static_cast<int32_t>(minutes / kMinutesPerDay)};
    return true;
  }
  *length = {BucketLength::kSeconds, static_cast<int32_t>(minutes * kSecondsPerMinute)};
  return minutes > 0 && minutes < kMinutesPerDay && kMinutesPerDay % minutes == 0;
}

// Whether a field's values can be groups: not what differs in each record.
bool IsGroupColumn(int32_t column) {
  return column != kCallID && column != kJoinTime && column != kLeaveTime;
}

// The fields to group by, as a list; palloc'ed.
const char *GroupColumnNames() {
  StringInfoData names;
  initStringInfo(&names);
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    if (IsGroupColumn(i)) {
      appendStringInfo(&names, "%s%s", names.len == 0 ? "" : ", ", kColumns[i].name.data());
    }
  }
  return names.data;
}

// Raises 22023 for an endpoint type, written as in a call.
[[noreturn]] void RejectEndpointType(const char *type) {
  ereport(ERROR,
          (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("unknown endpoint type: %s", type),
           errhint("Valid endpoint types are R, D, G, L and C; NULL instead of the array "
                   "stands for all.")));
  pg_unreachable();
}

void CheckEndpointType(Datum value, bool is_null) {
  if (is_null) {
    RejectEndpointType("NULL");
  }
  const std::string_view type = TextOf(value);
  if (type.empty() || FindCode(kEndpointType, type) != type) {
    RejectEndpointType(quote_literal_cstr(TextDatumGetCString(value)));
  }
}

}  // namespace

BucketArgument ReadBucket(FunctionCallInfo fcinfo, int number) {
  if (PG_ARGISNULL(number)) {
    return {true, {}};
  }
  BucketArgument bucket = {};
  if (!ToLength(*PG_GETARG_INTERVAL_P(number), &bucket.length)) {
    const Datum text = DirectFunctionCall1(interval_out, PG_GETARG_DATUM(number));
    ereport(ERROR,
            (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
             errmsg("unknown bucket: %s", quote_literal_cstr(DatumGetCString(text))),
             errhint("Valid buckets are whole minutes that divide a day, '1 minute' to '12 hours', "
                     "'1 day', '7 days', '1 month', '3 months', '6 months', '1 year', and NULL "
                     "for the whole range.")));
  }
  return bucket;
}

pg_tz *ReadZone(FunctionCallInfo fcinfo, int number) {
  if (PG_ARGISNULL(number)) {
    return session_timezone;
  }
  return FindZone(
      text_to_cstring(PG_GETARG_TEXT_PP(number)),
      "Specify a time zone by a name listed in pg_timezone_names, such as 'America/New_York'.");
}

int32_t ReadGroupColumn(FunctionCallInfo fcinfo, int number) {
  if (PG_ARGISNULL(number)) {
    return kRecordColumnCount;
  }
  const char *name = text_to_cstring(PG_GETARG_TEXT_PP(number));
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    if (IsGroupColumn(i) && pg_strcasecmp(name, kColumns[i].name.data()) == 0) {
      return i;
    }
  }
  ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                  errmsg("unknown field to group by: %s", quote_literal_cstr(name)),
                  errhint("Valid fields are %s.", GroupColumnNames())));
  pg_unreachable();
}

ArrayType *ReadEndpointTypes(FunctionCallInfo fcinfo, int number) {
  if (PG_ARGISNULL(number)) {
    return nullptr;
  }
  ArrayType *types = PG_GETARG_ARRAYTYPE_P(number);
  Datum *values;
  bool *nulls;
  int count;
  deconstruct_array(types, TEXTOID, -1, false, TYPALIGN_INT, &values, &nulls, &count);
  for (int i = 0; i < count; i++) {
    CheckEndpointType(values[i], nulls[i]);
  }
  return types;
}

}  // namespace vidyo_cdr
