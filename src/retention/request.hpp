// What a purge was asked for, how far it has come, and what it has done.
#pragma once

#include <type_traits>

#include "base/postgres.hpp"

namespace vidyo_cdr {

// The records with JoinTime < before.
struct PurgeRequest {
  TimestampTz before;
  text *tenant;  // nullptr: all tenants
  int32_t batch_size;
  bool with_rejects;
  TimestampTz live_since;  // open calls that joined from then on stay
};
static_assert(std::is_trivially_destructible_v<PurgeRequest>);

// A place in the order of a purge, JoinTime and CallID, up to which and including records are gone.
struct PurgePosition {
  TimestampTz join_time = DT_NOBEGIN;  // which no record has
  int64_t call_id = PG_INT64_MIN;

  bool IsStart() const { return join_time == DT_NOBEGIN; }
};

inline bool operator==(PurgePosition one, PurgePosition other) {
  return one.join_time == other.join_time && one.call_id == other.call_id;
}

// Where a purge ends: times are whole microseconds.
inline PurgePosition EndOf(const PurgeRequest &request) {
  return {request.before - 1, PG_INT64_MAX};
}

struct PurgeCounts {
  int64_t records = 0;
  TimestampTz oldest = DT_NOEND;  // JoinTimes of the records; only meaningful when there are some
  TimestampTz newest = DT_NOBEGIN;
  int64_t still_open = 0;
  int64_t rejects = 0;
};

}  // namespace vidyo_cdr
