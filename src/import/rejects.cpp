// Storing rejects. One import runs at a time, so looking for a row and adding it cannot be
// torn apart by another.
#include "import/rejects.hpp"

#include "base/memory.hpp"
#include "base/values.hpp"

namespace vidyo_cdr {

namespace {

constexpr const char *kRowsName = "incoming_rejects";

// Stores rejects, and of those stored before notes that they were seen again. A stored reject is
// the incoming one when it is the same text, rejected for the same reason, which is read in the
// same way: raw and portal are one form to an import. Scalar subqueries, which PostgreSQL leaves as
// they are, keep it to the index by text; free to choose, it goes through all that the import has
// rejected so far. $1 is this import, $2 are those CallIDs of rejects that are stored; %1$s is the
// schema, %2$s the rows.
constexpr const char *kStore = R"sql(
WITH incoming AS MATERIALIZED (
    SELECT DISTINCT ON (raw_text, field, reason) * FROM %2$s
    ORDER BY raw_text, field, reason, line),
compared AS MATERIALIZED (
    SELECT incoming.*, (
        SELECT stored.reject_id FROM %1$s.cdr_import_reject AS stored
        WHERE pg_catalog.hashtextextended(stored.raw_text, 0)
                OPERATOR(pg_catalog.=) pg_catalog.hashtextextended(incoming.raw_text, 0)
            AND stored.raw_text OPERATOR(pg_catalog.=) incoming.raw_text
            AND stored.reason OPERATOR(pg_catalog.=) ANY
                (ARRAY[incoming.reason, incoming.former_reason])
            AND coalesce(stored.field, '') OPERATOR(pg_catalog.=) coalesce(incoming.field, '')
            AND (
                SELECT earlier.header OPERATOR(pg_catalog.=) this.header
                    AND earlier.delimiter OPERATOR(pg_catalog.=) this.delimiter
                    AND earlier.time_zone OPERATOR(pg_catalog.=) this.time_zone
                    AND (earlier.profile OPERATOR(pg_catalog.=) 'spreadsheet')
                        OPERATOR(pg_catalog.=) (this.profile OPERATOR(pg_catalog.=) 'spreadsheet')
                FROM %1$s.cdr_import AS earlier, %1$s.cdr_import AS this
                WHERE earlier.import_id OPERATOR(pg_catalog.=) stored.import_id
                    AND this.import_id OPERATOR(pg_catalog.=) $1)
        LIMIT 1) AS reject_id
    FROM incoming),
seen AS (
    -- What a record had resolved is open again when that record is gone, or is contradicted.
    UPDATE %1$s.cdr_import_reject AS reject
    SET last_seen_at = pg_catalog.now(),
        (resolved_at, accepted) = (
            SELECT CASE WHEN NOT state.reopened THEN reject.resolved_at END,
                reject.accepted AND NOT state.reopened
            FROM (
                SELECT reject.accepted AND (reject.contradicts
                    OR (reject.callid OPERATOR(pg_catalog.=) ANY ($2)) IS NOT TRUE) AS reopened)
                AS state)
    WHERE reject_id OPERATOR(pg_catalog.=) ANY (ARRAY(SELECT reject_id FROM compared)))
INSERT INTO %1$s.cdr_import_reject
    (import_id, line, callid, uniquecallid, raw_text, field, reason, contradicts)
SELECT $1, line, callid, uniquecallid, raw_text, field, reason, contradicts
FROM compared WHERE reject_id IS NULL ORDER BY line)sql";

// Marks rejects as resolved by accepted records. $1 is this import, $2 and $3 are the records'
// CallIDs and UniqueCallIDs; %1$s is the schema. A record that contradicts the stored one is
// resolved by its own feed alone. The subquery keeps the planner from looking each CallID up in its
// statistics.
constexpr const char *kResolve = R"sql(
UPDATE %1$s.cdr_import_reject AS reject SET resolved_at = pg_catalog.now(), accepted = true
FROM ROWS FROM (pg_catalog.unnest($2), pg_catalog.unnest($3)) AS record (callid, uniquecallid),
    %1$s.cdr_import AS earlier, %1$s.cdr_import AS this
WHERE reject.resolved_at IS NULL
    AND reject.callid OPERATOR(pg_catalog.=) ANY ((SELECT $2)::pg_catalog.int8[])
    AND record.callid OPERATOR(pg_catalog.=) reject.callid
    AND (reject.uniquecallid IS NULL
        OR reject.uniquecallid OPERATOR(pg_catalog.=) record.uniquecallid)
    AND this.import_id OPERATOR(pg_catalog.=) $1
    AND earlier.import_id OPERATOR(pg_catalog.=) reject.import_id
    AND (NOT reject.contradicts
        OR (this.kind OPERATOR(pg_catalog.=) 'feed'
            AND earlier.kind OPERATOR(pg_catalog.=) 'feed'
            AND earlier.source OPERATOR(pg_catalog.=) this.source)))sql";

// Reasons that versions 1.0 and 1.1 worded differently, by how they begin.
struct Rewording {
  const char *now;
  const char *former;
};
constexpr Rewording kRewordings[] = {
    {"is not a 64-bit integer", "is no whole number of 64 bits"},
    {"is not one of the codes", "is none of the codes"},
    {"is not a time of the form", "is no time of the form"},
    {"is not an IP address", "is no IP address"},
    {"is outside PostgreSQL's range of timestamps", "is out of PostgreSQL's range of times"},
    {"has text after a closing quote", "has text behind a closing quote"},
    {"has a quote that is closed only in another record",
     "has a quote that is closed in another record only"},
    {"is inside a quote that an earlier line opens", "stands in a quote that a line above opens"},
};

// The reason in the words of those versions, whose rejects are not to be stored a second time.
const char *FormerReason(const char *reason) {
  for (const Rewording &rewording : kRewordings) {
    const size_t size = strlen(rewording.now);
    if (strncmp(reason, rewording.now, size) == 0) {
      return psprintf("%s%s", rewording.former, reason + size);
    }
  }
  return reason;
}

constexpr ColumnOfRows kRejectColumns[] = {
    {"line", INT8OID},  {"callid", INT8OID}, {"uniquecallid", TEXTOID}, {"raw_text", TEXTOID},
    {"field", TEXTOID}, {"reason", TEXTOID}, {"contradicts", BOOLOID},  {"former_reason", TEXTOID}};

}  // namespace

ImportRejects::ImportRejects(const Extension &extension, int64_t import_id)
    : quoted_schema_(extension.quoted_schema),
      import_id_(import_id),
      call_ids_(MemoryOf(CurrentMemoryContext)),
      rows_(kRowsName, DescribeRows(kRejectColumns)) {}

void ImportRejects::Add(const Reject &reject) {
  const char *field = reject.field != nullptr ? reject.field : "";
  const Datum values[] = {Int64GetDatum(reject.line),
                          Int64GetDatum(reject.call_id),
                          TextDatum(reject.unique_call_id),
                          TextDatum(reject.raw_text),
                          TextDatum(field),
                          TextDatum(reject.reason),
                          BoolGetDatum(reject.contradicts),
                          TextDatum(FormerReason(reject.reason))};
  const bool nulls[] = {reject.line == 0,
                        !reject.has_call_id,
                        reject.unique_call_id.data() == nullptr,
                        false,
                        reject.field == nullptr,
                        false,
                        false,
                        false};
  rows_.Add(values, nulls);
  if (reject.has_call_id) {
    call_ids_.Push(Int64GetDatum(reject.call_id));
  }
}

ArrayType *ImportRejects::CallIds() {
  return construct_array(call_ids_.begin(), static_cast<int>(call_ids_.Size()), INT8OID,
                         sizeof(int64_t), true, TYPALIGN_DOUBLE);
}

void ImportRejects::Store(ArrayType *stored_call_ids) {
  if (rows_.Count() > 0) {
    rows_.Run(psprintf(kStore, quoted_schema_, kRowsName), SPI_OK_INSERT,
              {NumberParameter(import_id_), {INT8ARRAYOID, PointerGetDatum(stored_call_ids)}});
  }
  rows_.Close();
}

void ImportRejects::Resolve(const Extension &extension, int64_t import_id, ArrayType *call_ids,
                            ArrayType *unique_call_ids) {
  RunStatement(psprintf(kResolve, extension.quoted_schema), SPI_OK_UPDATE,
               {NumberParameter(import_id),
                {INT8ARRAYOID, PointerGetDatum(call_ids)},
                {TEXTARRAYOID, PointerGetDatum(unique_call_ids)}});
}

}  // namespace vidyo_cdr
