// purge_cdr(before, tenant, dry_run, batch_size, with_rejects): removes old records.
#include "access/trail.hpp"
#include "base/extension.hpp"
#include "base/placement.hpp"
#include "base/postgres.hpp"
#include "base/procedure.hpp"
#include "base/settings.hpp"
#include "base/values.hpp"
#include "records/unknown_tenant.hpp"
#include "retention/expired_records.hpp"
#include "retention/functions.hpp"
#include "retention/purge.hpp"
#include "usage/live.hpp"

namespace vidyo_cdr {

namespace {

[[noreturn]] void ReportBefore(const char *message) {
  ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE), errmsg("%s", message),
                  errhint("Records that joined before this moment are removed; it has to be in the "
                          "past, such as now() - interval '1 year'.")));
  pg_unreachable();
}

TimestampTz ReadBefore(FunctionCallInfo fcinfo) {
  if (PG_ARGISNULL(0)) {
    ReportBefore("before must not be NULL");
  }
  const TimestampTz before = PG_GETARG_TIMESTAMPTZ(0);
  if (TIMESTAMP_NOT_FINITE(before)) {
    ReportBefore(psprintf("before must not be %s", TimestampText(before)));
  }
  if (before > GetCurrentTimestamp()) {
    ReportBefore(psprintf("before %s is later than now", TimestampText(before)));
  }
  return before;
}

bool Flag(FunctionCallInfo fcinfo, int number) {
  return !PG_ARGISNULL(number) && PG_GETARG_BOOL(number);
}

PurgeRequest ReadRequest(FunctionCallInfo fcinfo) {
  PurgeRequest request = {};
  request.before = ReadBefore(fcinfo);
  request.tenant = PG_ARGISNULL(1) ? nullptr : PG_GETARG_TEXT_PP(1);
  request.batch_size = BatchSizeArgument(fcinfo, 3);
  request.with_rejects = Flag(fcinfo, 4);
  request.live_since = OldestLiveJoin();
  if (request.tenant != nullptr && request.with_rejects) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("rejected records cannot be purged by tenant"),
                    errdetail("The tenant of a rejected record is not known."),
                    errhint("Leave out with_rejects, or purge all tenants.")));
  }
  return request;
}

// Makes the checks that come before anything else, with the table locked.
void CheckRequest(const PurgeRequest &request, LOCKMODE lock) {
  const Oid table = LockMemberTable("conferencecall2", lock);
  RequireHere(table, "purge_cdr");
  RequireMayPurge(table);
  if (request.tenant != nullptr) {
    NoticeUnknownTenant(table, request.tenant);
  }
}

// The line of a purge.
Trail *BeginPurgeTrail(const PurgeRequest &request) {
  if (settings.log_exports == kLogNoExports) {
    return nullptr;
  }
  StringInfoData fields;
  initStringInfo(&fields);
  AppendTrailText(&fields, "before", TimestampText(request.before));
  AppendTrailText(&fields, "tenant",
                  request.tenant == nullptr ? nullptr : text_to_cstring(request.tenant));
  return BeginTrail(CurrentMemoryContext, "purge", "purge_cdr", fields.data);
}

// Gets the lock that one purge has at a time. What waits for it holds no other lock, and no
// snapshot.
LOCKTAG LockPurges() {
  const LOCKTAG lock = SessionLockOn(FindMemberRelation(GetExtension(), "cdr_purge"));
  if (LockAcquire(&lock, ExclusiveLock, true, true) == LOCKACQUIRE_NOT_AVAIL) {
    ereport(NOTICE, (errmsg("waiting for another purge to finish")));
    SPI_commit();
    LockAcquire(&lock, ExclusiveLock, true, false);
  }
  return lock;
}

PurgeCounts Purge(const PurgeRequest &request) {
  Trail *trail = BeginPurgeTrail(request);
  PurgeCounts counts;
  RunOnTrail(trail, [&] {
    CheckRequest(request, RowExclusiveLock);
    const LOCKTAG lock = LockPurges();
    RunWithSessionLock(lock, [&] { counts = RunPurge(request, trail); });
  });
  EndTrail(trail);
  return counts;
}

PurgeCounts CountOnly(const PurgeRequest &request) {
  CheckRequest(request, AccessShareLock);
  if (request.with_rejects) {
    LockMemberTable("cdr_import_reject", AccessShareLock);
  }
  return CountExpired(GetExtension(), request);
}

// The row of the arguments that are INOUT.
Datum ResultRow(const PurgeCounts &counts) {
  constexpr ColumnOfRows kResult[] = {{"records", INT8OID},
                                      {"oldest", TIMESTAMPTZOID},
                                      {"newest", TIMESTAMPTZOID},
                                      {"still_open", INT8OID},
                                      {"rejects", INT8OID}};
  const bool has_none = counts.records == 0;
  Datum values[] = {Int64GetDatum(counts.records), TimestampTzGetDatum(counts.oldest),
                    TimestampTzGetDatum(counts.newest), Int64GetDatum(counts.still_open),
                    Int64GetDatum(counts.rejects)};
  bool nulls[lengthof(values)] = {false, has_none, has_none, false, false};
  return RowOf(kResult, values, nulls);
}

}  // namespace

Datum PurgeCdr(FunctionCallInfo fcinfo) {
  const bool is_dry_run = Flag(fcinfo, 2);
  if (!is_dry_run) {
    RequireNonatomicCall(fcinfo, "purge_cdr");
    PreventCommandIfReadOnly("purge_cdr");
  }
  SPI_connect_ext(is_dry_run ? 0 : SPI_OPT_NONATOMIC);
  const PurgeRequest request = ReadRequest(fcinfo);
  const PurgeCounts counts = is_dry_run ? CountOnly(request) : Purge(request);
  SPI_finish();
  return ResultRow(counts);
}

}  // namespace vidyo_cdr
