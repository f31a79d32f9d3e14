// Writing the log of purges, and forgetting one.
#include "retention/log.hpp"

#include "base/statement.hpp"
#include "base/values.hpp"
#include "retention/functions.hpp"

namespace vidyo_cdr {

namespace {

// The statements. %s is the extension's schema.
constexpr const char *kBegin = R"sql(
INSERT INTO %s.cdr_purge (before, tenant) VALUES ($1, $2) RETURNING purge_id)sql";

constexpr const char *kNote = R"sql(
UPDATE %s.cdr_purge
SET purged_to = $2, purged_to_callid = $3, records = $4, oldest = $5, newest = $6, rejects = $7,
    still_open = $8,
    finished_at = CASE WHEN $8 IS NOT NULL THEN pg_catalog.clock_timestamp() END
WHERE purge_id OPERATOR(pg_catalog.=) $1 AND forgotten_at IS NULL)sql";

constexpr const char *kForget = R"sql(
UPDATE %s.cdr_purge SET forgotten_at = pg_catalog.now(), forgotten_by = CURRENT_USER
WHERE purge_id OPERATOR(pg_catalog.=) $1 AND forgotten_at IS NULL)sql";

constexpr const char *kExists = R"sql(
SELECT FROM %s.cdr_purge WHERE purge_id OPERATOR(pg_catalog.=) $1)sql";

// Writes the row of a purge: nothing must be removed without it.
void Note(const Extension &extension, int64_t purge_id, Parameter purged_to,
          Parameter purged_to_call_id, Parameter still_open, const PurgeCounts &counts) {
  const bool has_none = counts.records == 0;
  const uint64_t noted = RunStatement(
      psprintf(kNote, extension.quoted_schema), SPI_OK_UPDATE,
      {NumberParameter(purge_id), purged_to, purged_to_call_id, NumberParameter(counts.records),
       MomentParameter(counts.oldest, has_none), MomentParameter(counts.newest, has_none),
       NumberParameter(counts.rejects), still_open});
  if (noted != 1) {
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("purge %lld was forgotten or deleted while it was running", LongLong(purge_id)),
             errhint("Call purge_cdr again.")));
  }
}

}  // namespace

int64_t LogPurgeBegin(const Extension &extension, const PurgeRequest &request) {
  const uint64_t inserted =
      RunStatement(psprintf(kBegin, extension.quoted_schema), SPI_OK_INSERT_RETURNING,
                   {MomentParameter(request.before), TextParameter(request.tenant)});
  if (inserted != 1) {
    ereport(ERROR,
            (errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
             errmsg("could not record the purge in table cdr_purge"),
             errhint("Check whether a trigger or rule on the table prevents the insertion.")));
  }
  const int64_t purge_id = DatumGetInt64(ResultValue(0, 1));
  SPI_freetuptable(SPI_tuptable);
  return purge_id;
}

void LogPurgeProgress(const Extension &extension, int64_t purge_id, PurgePosition reached,
                      const PurgeCounts &counts) {
  Note(extension, purge_id, MomentParameter(reached.join_time, reached.IsStart()),
       NumberParameter(reached.call_id, reached.IsStart()), NumberParameter(0, true), counts);
}

void LogPurgeEnd(const Extension &extension, int64_t purge_id, const PurgeRequest &request,
                 const PurgeCounts &counts) {
  Note(extension, purge_id, MomentParameter(request.before), NumberParameter(0, true),
       NumberParameter(counts.still_open), counts);
}

Datum CdrForgetPurge(FunctionCallInfo fcinfo) {
  PreventCommandIfReadOnly("cdr_forget_purge()");
  RequireArgument(fcinfo, 0, "purge_id");
  const int64_t purge_id = PG_GETARG_INT64(0);
  LockMemberTable("cdr_purge", RowExclusiveLock);
  const Extension extension = GetExtension();
  const Parameter id = NumberParameter(purge_id);
  SPI_connect();
  if (RunStatement(psprintf(kForget, extension.quoted_schema), SPI_OK_UPDATE, {id}) == 0) {
    if (RunStatement(psprintf(kExists, extension.quoted_schema), SPI_OK_SELECT, {id}) == 0) {
      ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                      errmsg("purge %lld does not exist", LongLong(purge_id)),
                      errhint("The table cdr_purge lists the purges.")));
    }
    ereport(NOTICE, (errmsg("purge %lld was forgotten before", LongLong(purge_id))));
  }
  SPI_finish();
  PG_RETURN_VOID();
}

}  // namespace vidyo_cdr
