// The columns of ConferenceCall2: the one place that knows what each of them is.
#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>

namespace vidyo_cdr {

// The columns by number, in their order.
enum RecordColumn : int32_t {
  kCallID,
  kUniqueCallID,
  kConferenceName,
  kTenantName,
  kConferenceType,
  kEndpointType,
  kCallerID,
  kCallerName,
  kJoinTime,
  kLeaveTime,
  kCallState,
  kDirection,
  kRouterID,
  kGwPrefix,
  kGwID,
  kReferenceNumber,
  kApplicationName,
  kApplicationVersion,
  kDeviceModel,
  kEndpointPublicIPAddress,
  kAccessType,
  kRoomType,
  kRoomOwner,
  kApplicationOS,
  kCallCompletionCode,
  kEndpointGUID,
  kExtension,
  kRecordColumnCount
};

// The base type of a column's values in the database. Coded fields are domains over it.
enum class ColumnType { kInt64, kInt16, kText, kMoment, kAddress };

// How the text of a field becomes a value, and what an empty field means.
enum class ConversionRule {
  kCallNumber,      // CallID
  kText,            // empty is ''
  kNullableText,    // empty and bare is NULL
  kTextOrNull,      // empty is NULL, quoted or not
  kCode,            // one of the codes; required
  kCodeOrNull,      // one of the codes; empty is NULL
  kTime,            // required
  kTimeOrNull,      // empty is NULL
  kCompletionCode,  // a digit; empty is 0, "not available"
};

struct Column {
  std::string_view name;  // spelled as documented; ends with a zero byte
  ColumnType type;
  ConversionRule rule;
  bool is_required;    // a file must have it
  bool is_identity;    // records of one CallID that differ in it are of two calls
  bool is_rewritable;  // an import may change it in a stored record
};

namespace column_traits {
inline constexpr bool kRequired = true;
inline constexpr bool kOptional = false;
inline constexpr bool kIdentity = true;
inline constexpr bool kDetail = false;
inline constexpr bool kRewritable = true;
inline constexpr bool kNeverRewritten = false;

// clang-format off
inline constexpr Column kTable[] = {
    {"CallID", ColumnType::kInt64, ConversionRule::kCallNumber, kRequired, kDetail, kNeverRewritten},
    {"UniqueCallID", ColumnType::kText, ConversionRule::kText, kRequired, kIdentity, kNeverRewritten},
    {"ConferenceName", ColumnType::kText, ConversionRule::kText, kRequired, kDetail, kRewritable},
    {"TenantName", ColumnType::kText, ConversionRule::kText, kRequired, kDetail, kNeverRewritten},
    {"ConferenceType", ColumnType::kText, ConversionRule::kCode, kRequired, kDetail, kRewritable},
    {"EndpointType", ColumnType::kText, ConversionRule::kCode, kRequired, kDetail, kRewritable},
    {"CallerID", ColumnType::kText, ConversionRule::kText, kOptional, kDetail, kRewritable},
    {"CallerName", ColumnType::kText, ConversionRule::kNullableText, kOptional, kDetail, kRewritable},
    {"JoinTime", ColumnType::kMoment, ConversionRule::kTime, kRequired, kIdentity, kNeverRewritten},
    {"LeaveTime", ColumnType::kMoment, ConversionRule::kTimeOrNull, kOptional, kDetail, kRewritable},
    {"CallState", ColumnType::kText, ConversionRule::kCode, kRequired, kDetail, kRewritable},
    {"Direction", ColumnType::kText, ConversionRule::kCode, kRequired, kDetail, kRewritable},
    {"RouterID", ColumnType::kText, ConversionRule::kNullableText, kOptional, kDetail, kRewritable},
    {"GwPrefix", ColumnType::kText, ConversionRule::kTextOrNull, kOptional, kDetail, kRewritable},
    {"GwID", ColumnType::kText, ConversionRule::kTextOrNull, kOptional, kDetail, kRewritable},
    {"ReferenceNumber", ColumnType::kText, ConversionRule::kNullableText, kOptional, kDetail, kRewritable},
    {"ApplicationName", ColumnType::kText, ConversionRule::kNullableText, kOptional, kDetail, kRewritable},
    {"ApplicationVersion", ColumnType::kText, ConversionRule::kNullableText, kOptional, kDetail, kRewritable},
    {"DeviceModel", ColumnType::kText, ConversionRule::kNullableText, kOptional, kDetail, kRewritable},
    {"EndpointPublicIPAddress", ColumnType::kAddress, ConversionRule::kTextOrNull, kOptional, kDetail, kRewritable},
    {"AccessType", ColumnType::kText, ConversionRule::kCodeOrNull, kOptional, kDetail, kRewritable},
    {"RoomType", ColumnType::kText, ConversionRule::kCodeOrNull, kOptional, kDetail, kRewritable},
    {"RoomOwner", ColumnType::kText, ConversionRule::kText, kOptional, kDetail, kRewritable},
    {"ApplicationOS", ColumnType::kText, ConversionRule::kNullableText, kOptional, kDetail, kRewritable},
    {"CallCompletionCode", ColumnType::kInt16, ConversionRule::kCompletionCode, kOptional, kDetail, kRewritable},
    {"EndpointGUID", ColumnType::kText, ConversionRule::kText, kOptional, kDetail, kRewritable},
    {"Extension", ColumnType::kText, ConversionRule::kNullableText, kOptional, kDetail, kRewritable},
};
// clang-format on
}  // namespace column_traits

inline constexpr auto &kColumns = column_traits::kTable;
static_assert(std::size(kColumns) == kRecordColumnCount, "each column has a row");

// A set of columns: the bit 1 << column for each.
using ColumnSet = uint32_t;
static_assert(kRecordColumnCount < 32, "a ColumnSet has a bit for each column");

constexpr ColumnSet Only(int32_t column) noexcept { return ColumnSet{1} << column; }

inline constexpr ColumnSet kAllColumns = Only(kRecordColumnCount) - 1;

constexpr bool HasColumn(ColumnSet columns, int32_t column) noexcept {
  return (columns & Only(column)) != 0;
}

// The columns of which a trait, such as &Column::is_required, is true.
constexpr ColumnSet ColumnsWith(bool Column::*trait) noexcept {
  ColumnSet columns = 0;
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    columns |= kColumns[i].*trait ? Only(i) : 0;
  }
  return columns;
}

}  // namespace vidyo_cdr
