// Keeping cdr_import.
#include "import_log.hpp"

#include "statement.hpp"
#include "text_datum.hpp"

namespace vidyo_cdr {

void WaitForOtherImports(Oid schema) {
  const Oid table = get_relname_relid("cdr_import", schema);
  if (!OidIsValid(table)) {
    ereport(ERROR,
            (errcode(ERRCODE_UNDEFINED_TABLE),
             errmsg("table cdr_import is missing from schema \"%s\"", get_namespace_name(schema)),
             errhint("ALTER EXTENSION vidyo_cdr UPDATE brings the extension's objects up to "
                     "the library.")));
  }
  // Conflicts with itself, and neither with reading nor with writing.
  if (!ConditionalLockRelationOid(table, ShareUpdateExclusiveLock)) {
    ereport(NOTICE, (errmsg("waiting for another import to finish")));
    LockRelationOid(table, ShareUpdateExclusiveLock);
  }
}

int64_t LogImportBegin(const char *schema, const ImportDescription &description) {
  const char *statement = psprintf(
      "INSERT INTO %s.cdr_import (kind, source, header, delimiter, time_zone, profile)"
      " VALUES ($1, $2, $3, $4, $5, $6) RETURNING import_id",
      quote_identifier(schema));
  const bool has_source = description.source != nullptr;
  RunStatement(statement, SPI_OK_INSERT_RETURNING,
               {{TEXTOID, CStringGetTextDatum(description.kind)},
                {TEXTOID, CStringGetTextDatum(has_source ? description.source : ""), !has_source},
                {TEXTOID, TextDatum(description.header)},
                {TEXTOID, TextDatum({&description.delimiter, 1})},
                {TEXTOID, CStringGetTextDatum(description.time_zone)},
                {TEXTOID, CStringGetTextDatum(description.profile)}});
  bool is_null;
  return DatumGetInt64(SPI_getbinval(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1, &is_null));
}

void LogImportCounts(const char *schema, int64_t import_id, const ImportCounts &counts) {
  const char *statement = psprintf(
      "UPDATE %s.cdr_import SET inserted = $2, updated = $3, unchanged = $4, rejected = $5,"
      " ambiguous_times = $6 WHERE import_id OPERATOR(pg_catalog.=) $1",
      quote_identifier(schema));
  RunStatement(statement, SPI_OK_UPDATE,
               {{INT8OID, Int64GetDatum(import_id)},
                {INT8OID, Int64GetDatum(counts.inserted)},
                {INT8OID, Int64GetDatum(counts.updated)},
                {INT8OID, Int64GetDatum(counts.unchanged)},
                {INT8OID, Int64GetDatum(counts.rejected)},
                {INT8OID, Int64GetDatum(counts.ambiguous_times)}});
}

}  // namespace vidyo_cdr
