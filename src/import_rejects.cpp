// Storing refused records. One import runs at a time, so looking for a row and adding it cannot be
// torn apart by another.
#include "import_rejects.hpp"

#include "text_datum.hpp"

namespace vidyo_cdr {

namespace {

constexpr const char *kRowsName = "incoming_rejects";

// Whether a stored reject is the incoming one: the same text, refused for the same reason, which
// can be imported in the same way. $1 is this import; %1$s the schema.
constexpr const char *kIsSameReject =
    "pg_catalog.hashtextextended(stored.raw_text, 0)"
    " OPERATOR(pg_catalog.=) pg_catalog.hashtextextended(incoming.raw_text, 0)"
    " AND stored.raw_text OPERATOR(pg_catalog.=) incoming.raw_text"
    " AND stored.reason OPERATOR(pg_catalog.=) incoming.reason"
    " AND coalesce(stored.field, '') OPERATOR(pg_catalog.=)"
    " coalesce(incoming.field, '')"
    " AND this.import_id OPERATOR(pg_catalog.=) $1"
    " AND earlier.import_id OPERATOR(pg_catalog.=) stored.import_id"
    " AND earlier.header OPERATOR(pg_catalog.=) this.header"
    " AND earlier.delimiter OPERATOR(pg_catalog.=) this.delimiter"
    " AND earlier.time_zone OPERATOR(pg_catalog.=) this.time_zone"
    " AND earlier.profile OPERATOR(pg_catalog.=) this.profile";

TupleDesc RejectColumns() {
  struct Column {
    const char *name;
    Oid type;
  };
  constexpr Column kColumns[] = {
      {"line", INT8OID},  {"callid", INT8OID}, {"uniquecallid", TEXTOID}, {"raw_text", TEXTOID},
      {"field", TEXTOID}, {"reason", TEXTOID}, {"contradicts", BOOLOID}};
  TupleDesc columns = CreateTemplateTupleDesc(lengthof(kColumns));
  AttrNumber number = 1;
  for (const Column &column : kColumns) {
    TupleDescInitEntry(columns, number++, column.name, column.type, -1, 0);
  }
  return columns;
}

}  // namespace

ImportRejects::ImportRejects(const char *schema, int64_t import_id)
    : schema_(quote_identifier(schema)), import_id_(import_id), rows_(kRowsName, RejectColumns()) {}

void ImportRejects::Add(const Reject &reject) {
  const char *field = reject.field != nullptr ? reject.field : "";
  const Datum values[] = {Int64GetDatum(reject.line),
                          Int64GetDatum(reject.call_id),
                          TextDatum(reject.unique_call_id),
                          TextDatum(reject.raw_text),
                          TextDatum(field),
                          TextDatum(reject.reason),
                          BoolGetDatum(reject.contradicts)};
  const bool nulls[] = {reject.line == 0,
                        !reject.has_call_id,
                        reject.unique_call_id.data() == nullptr,
                        false,
                        reject.field == nullptr,
                        false,
                        false};
  rows_.Add(values, nulls);
}

void ImportRejects::Store() {
  if (rows_.Count() > 0) {
    StoreRows();
  }
  rows_.Close();
}

void ImportRejects::StoreRows() {
  const char *earlier =
      psprintf("%s.cdr_import AS earlier, %s.cdr_import AS this", schema_, schema_);
  rows_.Run(psprintf("UPDATE %s.cdr_import_reject AS stored SET last_seen_at = pg_catalog.now()"
                     " FROM (SELECT DISTINCT raw_text, field, reason FROM %s) AS incoming, %s"
                     " WHERE %s",
                     schema_, kRowsName, earlier, kIsSameReject),
            SPI_OK_UPDATE, {{INT8OID, Int64GetDatum(import_id_)}});
  rows_.Run(psprintf("INSERT INTO %s.cdr_import_reject (import_id, line, callid, uniquecallid,"
                     " raw_text, field, reason, contradicts)"
                     " SELECT DISTINCT ON (raw_text, field, reason) $1, line, callid,"
                     " uniquecallid, raw_text, field, reason, contradicts"
                     " FROM %s AS incoming WHERE NOT EXISTS"
                     " (SELECT FROM %s.cdr_import_reject AS stored, %s WHERE %s)"
                     " ORDER BY raw_text, field, reason, line",
                     schema_, kRowsName, schema_, earlier, kIsSameReject),
            SPI_OK_INSERT, {{INT8OID, Int64GetDatum(import_id_)}});
}

void ImportRejects::Resolve(const char *schema, int64_t import_id, ArrayType *accepted_call_ids) {
  const char *quoted = quote_identifier(schema);
  const char *statement = psprintf(
      "UPDATE %s.cdr_import_reject AS reject SET resolved_at = pg_catalog.now()"
      " FROM %s.ConferenceCall2 AS record, %s.cdr_import AS earlier, %s.cdr_import AS this"
      " WHERE reject.resolved_at IS NULL"
      " AND reject.callid OPERATOR(pg_catalog.=) ANY ($2)"
      " AND record.CallID OPERATOR(pg_catalog.=) reject.callid"
      " AND (reject.uniquecallid IS NULL"
      " OR reject.uniquecallid OPERATOR(pg_catalog.=) record.UniqueCallID)"
      " AND this.import_id OPERATOR(pg_catalog.=) $1"
      " AND earlier.import_id OPERATOR(pg_catalog.=) reject.import_id"
      // A record that contradicts the stored one is resolved by its own feed alone.
      " AND (NOT reject.contradicts OR (this.kind OPERATOR(pg_catalog.=) 'feed'"
      " AND earlier.kind OPERATOR(pg_catalog.=) 'feed'"
      " AND earlier.source OPERATOR(pg_catalog.=) this.source))",
      quoted, quoted, quoted, quoted);
  RunStatement(
      statement, SPI_OK_UPDATE,
      {{INT8OID, Int64GetDatum(import_id)}, {INT8ARRAYOID, PointerGetDatum(accepted_call_ids)}});
}

}  // namespace vidyo_cdr
