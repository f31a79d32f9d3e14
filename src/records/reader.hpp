// The one way in which records leave the table: a query, run as the caller, with one access and in
// one snapshot, whose records come in order. It knows no limit of its own.
#pragma once

#include <type_traits>

#include "access/role_access.hpp"
#include "base/extension.hpp"
#include "base/postgres.hpp"
#include "records/query.hpp"
#include "records/request.hpp"
#include "records/scope.hpp"
#include "records/sink.hpp"

namespace vidyo_cdr {

// Where a request's records are.
struct RecordSource {
  Extension extension;
  Oid table;  // ConferenceCall2, locked
  RecordScope scope;
};
static_assert(std::is_trivially_destructible_v<RecordSource>);

// Finds them for the current user. Raises what LockMemberTable() raises when the table is not to be
// had.
RecordSource OpenRecords(const RecordRequest &request);

// Reads so much of the requested records as the current user, in the active snapshot, and hands
// them to the sink until it wants no more. Returns how many it took; the record after which it
// wants no more is not counted. Raises 42501 without the privilege to read them.
uint64 ReadRecords(const RecordSource &source, const RecordRequest &request,
                   const ReadExtent &extent, RecordSink &sink);

// Runs work() with the access that roles have now, however long it takes.
template <typename Work>
void WithOneAccess(const Work &work) {
  FreezeAccess();
  PG_TRY();
  { work(); }
  PG_FINALLY();
  { UnfreezeAccess(); }
  PG_END_TRY();
}

}  // namespace vidyo_cdr
