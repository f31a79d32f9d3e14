// PostgreSQL's time zones for the core.
#pragma once

#include "base/postgres.hpp"
#include "core/time/zone_offset.hpp"

namespace vidyo_cdr {

// The zone's offset at a moment and until its next change; `zone` is a pg_tz. A FindZoneOffset.
ZoneOffset FindOffsetOfZone(int64_t utc_seconds, void *zone) noexcept;

// Finds a time zone by its name; an unknown one is an error, with that hint.
pg_tz *FindZone(const char *name, const char *hint =
                                      "Specify the portal's time zone by a name listed in "
                                      "pg_timezone_names, such as 'America/New_York'.");

}  // namespace vidyo_cdr
