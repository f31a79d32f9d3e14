// The columns of an export.
#pragma once

#include <iterator>
#include <string_view>

#include "core/record_column.hpp"

namespace vidyo_cdr {

// The fields of ConferenceCall2 in their order, spelled as documented: the header of a file.
inline constexpr std::string_view kExportColumns[] = {"CallID",
                                                      "UniqueCallID",
                                                      "ConferenceName",
                                                      "TenantName",
                                                      "ConferenceType",
                                                      "EndpointType",
                                                      "CallerID",
                                                      "CallerName",
                                                      "JoinTime",
                                                      "LeaveTime",
                                                      "CallState",
                                                      "Direction",
                                                      "RouterID",
                                                      "GwPrefix",
                                                      "GwID",
                                                      "ReferenceNumber",
                                                      "ApplicationName",
                                                      "ApplicationVersion",
                                                      "DeviceModel",
                                                      "EndpointPublicIPAddress",
                                                      "AccessType",
                                                      "RoomType",
                                                      "RoomOwner",
                                                      "ApplicationOS",
                                                      "CallCompletionCode",
                                                      "EndpointGUID",
                                                      "Extension"};

inline constexpr int kExportColumnCount = static_cast<int>(std::size(kExportColumns));
static_assert(kExportColumnCount == kRecordColumnCount, "each column has a name");

}  // namespace vidyo_cdr
