// sync_cdr(source, time_zone, batch_size): brings in what is new on a running portal.
#include "feed/functions.hpp"
#include "base/held_lock.hpp"
#include "base/postgres.hpp"
#include "base/values.hpp"
#include "base/zones.hpp"
#include "feed/source_relation.hpp"
#include "feed/sync.hpp"

namespace vidyo_cdr {

namespace {

constexpr int32_t kDefaultBatchSize = 10000;
constexpr int32_t kMaxBatchSize = 1000000;

// Refuses a call in whose transaction nothing can be committed.
void CheckMayCommit(FunctionCallInfo fcinfo) {
  const Node *context = fcinfo->context;
  if (context == nullptr || !IsA(context, CallContext) ||
      castNode(CallContext, const_cast<Node *>(context))->atomic) {
    ereport(ERROR, (errcode(ERRCODE_ACTIVE_SQL_TRANSACTION),
                    errmsg("sync_cdr cannot run inside a transaction block"),
                    errhint("It commits after each batch: call it with autocommit, not in a "
                            "transaction block or a function.")));
  }
}

SyncRequest ReadRequest(FunctionCallInfo fcinfo) {
  RequireArgument(fcinfo, 0, "source");
  SyncRequest request = {};
  request.source = PG_GETARG_OID(0);
  request.zone_name = RequiredText(fcinfo, 1, "time_zone");
  request.zone = FindZone(request.zone_name);
  request.batch_size = PG_ARGISNULL(2) ? kDefaultBatchSize : PG_GETARG_INT32(2);
  if (request.batch_size < 1 || request.batch_size > kMaxBatchSize) {
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("batch_size %d is out of range", PG_GETARG_INT32(2)),
                    errhint("Valid values are between 1 and %d.", kMaxBatchSize)));
  }
  return request;
}

// Keeps a second sync of the same source away, over commits. The lock is on nothing that others
// lock: relations have locks of another kind.
LOCKTAG SourceLock(Oid source) {
  LOCKTAG tag;
  SET_LOCKTAG_OBJECT(tag, MyDatabaseId, RelationRelationId, source, 0);
  return tag;
}

// Gives the lock up. A commit that failed has taken it already, as every abort does.
void Unlock(const LOCKTAG &lock) {
  if (HoldsLock(lock, ExclusiveLock)) {
    LockRelease(&lock, ExclusiveLock, true);
  }
}

// Runs the sync and gives up the lock, also after an error.
void RunLocked(const SyncRequest &request, const LOCKTAG &lock) {
  PG_TRY();
  { RunSync(request); }
  PG_CATCH();
  {
    Unlock(lock);
    PG_RE_THROW();
  }
  PG_END_TRY();
  Unlock(lock);
}

}  // namespace

Datum SyncCdr(FunctionCallInfo fcinfo) {
  CheckMayCommit(fcinfo);
  PreventCommandIfReadOnly("sync_cdr");
  SPI_connect_ext(SPI_OPT_NONATOMIC);
  const SyncRequest request = ReadRequest(fcinfo);
  const LOCKTAG lock = SourceLock(request.source);
  if (LockAcquire(&lock, ExclusiveLock, true, true) == LOCKACQUIRE_NOT_AVAIL) {
    const SourceRelation source = FindSourceRelation(request.source);
    ereport(NOTICE,
            (errmsg("another sync of \"%s.%s\" is already running", source.schema, source.name)));
  } else {
    RunLocked(request, lock);
  }
  SPI_finish();
  PG_RETURN_VOID();
}

}  // namespace vidyo_cdr
