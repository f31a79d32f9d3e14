// Writing the log of imports.
#include "import/log.hpp"

#include "base/citus.hpp"
#include "base/statement.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

// Finds a feed's row, or adds one. %1$s is the schema.
constexpr const char *kBegin = R"sql(
WITH same_feed AS (
    SELECT import_id FROM %1$s.cdr_import
    WHERE kind OPERATOR(pg_catalog.=) 'feed'
        AND $1 OPERATOR(pg_catalog.=) 'feed'
        AND source OPERATOR(pg_catalog.=) $2
        AND header OPERATOR(pg_catalog.=) $3
        AND time_zone OPERATOR(pg_catalog.=) $5
    ORDER BY import_id DESC LIMIT 1),
new AS (
    INSERT INTO %1$s.cdr_import (kind, source, header, delimiter, time_zone, profile)
    SELECT $1, $2, $3, $4, $5, $6 WHERE NOT EXISTS (SELECT FROM same_feed)
    RETURNING import_id)
SELECT import_id FROM same_feed UNION ALL SELECT import_id FROM new)sql";

// Adds counts to a row. %1$s is the schema, %2$s and %3$s are further assignments.
constexpr const char *kAddCounts = R"sql(
UPDATE %1$s.cdr_import
SET inserted = inserted OPERATOR(pg_catalog.+) $2,
    updated = updated OPERATOR(pg_catalog.+) $3,
    unchanged = unchanged OPERATOR(pg_catalog.+) $4,
    rejected = rejected OPERATOR(pg_catalog.+) $5,
    ambiguous_times = ambiguous_times OPERATOR(pg_catalog.+) $6%2$s%3$s
WHERE import_id OPERATOR(pg_catalog.=) $1)sql";

// Whether the table has a column: version 1.0 of the extension's objects has no finished_at, and
// those before 1.2 no purged.
bool HasColumn(const Extension &extension, const char *name) {
  return SearchSysCacheExistsAttName(FindMemberRelation(extension, "cdr_import"), name);
}

// How an import locks the records. On nodes nobody else may write meanwhile: Citus can lock single
// records on one shard only, and does not tell which record was in the way of an insertion.
LOCKMODE RecordsLock() {
  const Oid records = FindMemberRelation(FindExtension(), kRecordsTable);
  return CitusTableOf(records) == CitusTable::kNone ? RowExclusiveLock : ShareRowExclusiveLock;
}

}  // namespace

Extension LockImportTables() {
  // In the order in which they were made, which is that of DROP EXTENSION's locks: so the two wait
  // for each other, and do not deadlock.
  LockMemberTable("conferencecall2_callid_seq", RowExclusiveLock);
  LockMemberTable(kRecordsTable, RecordsLock());
  LockMemberTable("cdr_import", RowExclusiveLock);
  LockMemberTable("cdr_import_reject", RowExclusiveLock);
  return GetExtension();
}

void WaitForOtherImports() {
  // Conflicts with itself, and neither with reading nor with writing.
  const Oid table = FindMemberRelation(FindExtension(), "cdr_import");
  if (OidIsValid(table) && !ConditionalLockRelationOid(table, ShareUpdateExclusiveLock)) {
    ereport(NOTICE, (errmsg("waiting for another import or purge to finish")));
  }
  LockMemberTable("cdr_import", ShareUpdateExclusiveLock);
}

void CheckSchemaName(const Extension &extension) {
  const char *name = GetExtension().schema_name;
  if (strcmp(name, extension.schema_name) != 0) {
    ereport(ERROR,
            (errcode(ERRCODE_OBJECT_NOT_IN_PREREQUISITE_STATE),
             errmsg("schema \"%s\" of extension vidyo_cdr was renamed to \"%s\" during the import",
                    extension.schema_name, name),
             errhint("Run the import again.")));
  }
}

int64_t LogImportBegin(const Extension &extension, const ImportDescription &description) {
  RunStatement(psprintf(kBegin, extension.quoted_schema), SPI_OK_SELECT,
               {TextParameter(description.kind),
                TextParameter(description.source),
                {TEXTOID, TextDatum(description.header)},
                {TEXTOID, TextDatum({&description.delimiter, 1})},
                TextParameter(description.time_zone),
                TextParameter(description.profile)});
  if (SPI_processed != 1) {
    ereport(ERROR,
            (errcode(ERRCODE_TRIGGERED_DATA_CHANGE_VIOLATION),
             errmsg("could not record the import in table cdr_import"),
             errhint("Check whether a trigger or rule on the table prevents the insertion.")));
  }
  const int64_t import_id = DatumGetInt64(ResultValue(0, 1));
  SPI_freetuptable(SPI_tuptable);
  return import_id;
}

void LogImportCounts(const Extension &extension, int64_t import_id, const ImportCounts &counts) {
  const char *finished =
      HasColumn(extension, "finished_at") ? ", finished_at = pg_catalog.clock_timestamp()" : "";
  const char *purged =
      HasColumn(extension, "purged") ? ", purged = purged OPERATOR(pg_catalog.+) $7" : "";
  RunStatement(psprintf(kAddCounts, extension.quoted_schema, finished, purged), SPI_OK_UPDATE,
               {NumberParameter(import_id), NumberParameter(counts.inserted),
                NumberParameter(counts.updated), NumberParameter(counts.unchanged),
                NumberParameter(counts.rejected), NumberParameter(counts.ambiguous_times),
                NumberParameter(counts.purged)});
}

}  // namespace vidyo_cdr
