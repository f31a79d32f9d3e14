// The columns of ConferenceCall2 by number, in their order.
#pragma once

#include <cstdint>

namespace vidyo_cdr {

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

// A set of columns: the bit 1 << column for each.
using ColumnSet = uint32_t;
static_assert(kRecordColumnCount <= 32, "a ColumnSet has a bit for each column");

constexpr ColumnSet Only(int32_t column) noexcept { return ColumnSet{1} << column; }

constexpr bool HasColumn(ColumnSet columns, int32_t column) noexcept {
  return (columns & Only(column)) != 0;
}

}  // namespace vidyo_cdr
