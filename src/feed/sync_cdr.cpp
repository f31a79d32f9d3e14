// sync_cdr(source, time_zone, batch_size): brings in what is new on a running portal.
#include "feed/functions.hpp"
#include "base/postgres.hpp"
#include "base/procedure.hpp"
#include "base/values.hpp"
#include "base/zones.hpp"
#include "feed/source_relation.hpp"
#include "feed/sync.hpp"

namespace vidyo_cdr {

namespace {

SyncRequest ReadRequest(FunctionCallInfo fcinfo) {
  RequireArgument(fcinfo, 0, "source");
  SyncRequest request = {};
  request.source = PG_GETARG_OID(0);
  request.zone_name = RequiredText(fcinfo, 1, "time_zone");
  request.zone = FindZone(request.zone_name);
  request.batch_size = BatchSizeArgument(fcinfo, 2);
  return request;
}

}  // namespace

Datum SyncCdr(FunctionCallInfo fcinfo) {
  RequireNonatomicCall(fcinfo, "sync_cdr");
  PreventCommandIfReadOnly("sync_cdr");
  SPI_connect_ext(SPI_OPT_NONATOMIC);
  const SyncRequest request = ReadRequest(fcinfo);
  // Keeps a second sync of the same source away, over commits.
  const LOCKTAG lock = SessionLockOn(request.source);
  if (LockAcquire(&lock, ExclusiveLock, true, true) == LOCKACQUIRE_NOT_AVAIL) {
    const SourceRelation source = FindSourceRelation(request.source);
    ereport(NOTICE,
            (errmsg("another sync of \"%s.%s\" is already running", source.schema, source.name)));
  } else {
    RunWithSessionLock(lock, [&request] { RunSync(request); });
  }
  SPI_finish();
  PG_RETURN_VOID();
}

}  // namespace vidyo_cdr
