// The import's statements. They name table, columns and operators in full, so that no search_path
// can put others in their place; casts hold even where a column's type has been altered.
#include "import/stored_records.hpp"

#include "core/columns.hpp"

namespace vidyo_cdr {

namespace {

// The statements. %1$s is the extension's schema, %2$s columns, %3$s the rows in memory.
constexpr const char *kRead = R"sql(
SELECT %2$s FROM %1$s.ConferenceCall2
WHERE CallID OPERATOR(pg_catalog.=) ANY ($1))sql";

constexpr const char *kInsert = R"sql(
INSERT INTO %1$s.ConferenceCall2 (%2$s) SELECT %2$s FROM %3$s
ON CONFLICT (CallID) DO NOTHING)sql";

// %2$s are assignments.
constexpr const char *kUpdate = R"sql(
UPDATE %1$s.ConferenceCall2 AS stored SET %2$s FROM %3$s AS incoming
WHERE stored.CallID OPERATOR(pg_catalog.=) incoming.CallID)sql";

// %2$s is the sequence as a literal.
constexpr const char *kContinueAbove = R"sql(
SELECT pg_catalog.setval(%2$s::pg_catalog.regclass, $1) FROM %1$s.conferencecall2_callid_seq
WHERE last_value OPERATOR(pg_catalog.<) $1
    OR (last_value OPERATOR(pg_catalog.=) $1 AND NOT is_called))sql";

// The columns, read by their base types.
char *TypedColumnList() {
  const TupleDesc columns = ImportRecordColumns();
  StringInfoData list;
  initStringInfo(&list);
  for (int i = 0; i < columns->natts; i++) {
    const Form_pg_attribute column = TupleDescAttr(columns, i);
    appendStringInfo(&list, "%s%s::%s", i > 0 ? ", " : "", NameStr(column->attname),
                     format_type_extended(column->atttypid, -1, FORMAT_TYPE_FORCE_QUALIFY));
  }
  return list.data;
}

}  // namespace

StoredRecords::StoredRecords(const Extension &extension) {
  const char *schema = extension.quoted_schema;
  read_ = psprintf(kRead, schema, TypedColumnList());
  read_and_lock_ = psprintf("%s FOR UPDATE", read_);
  insert_ = psprintf(kInsert, schema, ColumnList(kAllColumns), kRowsName);
  // What an import may change in a stored record.
  constexpr ColumnSet kRewritable = ColumnsWith(&Column::is_rewritable);
  update_ = psprintf(kUpdate, schema, ColumnList(kRewritable, "%1$s = incoming.%1$s"), kRowsName);
  const char *sequence = psprintf("%s.conferencecall2_callid_seq", schema);
  continue_above_ = psprintf(kContinueAbove, schema, quote_literal_cstr(sequence));
}

uint64_t StoredRecords::Read(ArrayType *call_ids, bool lock) const {
  return RunStatement(lock ? read_and_lock_ : read_, SPI_OK_SELECT,
                      {{INT8ARRAYOID, PointerGetDatum(call_ids)}});
}

void StoredRecords::ContinueAbove(int64_t call_id) const {
  RunStatement(continue_above_, SPI_OK_SELECT, {{INT8OID, Int64GetDatum(call_id)}});
}

ImportRecord ReadStoredRecord(uint64_t row) {
  ImportRecord record = {};
  heap_deform_tuple(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, record.values, record.nulls);
  return record;
}

}  // namespace vidyo_cdr
