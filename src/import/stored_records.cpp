// The import's statements. They name table, columns and operators in full, so that no search_path
// can put others in their place; casts hold even where a column's type has been altered.
#include "import/stored_records.hpp"

#include "core/columns.hpp"

namespace vidyo_cdr {

namespace {

// What an import may change in a stored record.
constexpr ColumnSet kRewritable = ColumnsWith(&Column::is_rewritable);

// The list of columns, each as `format` has it, where %s stands for the name.
char *ColumnList(const char *format, ColumnSet left_out = 0) {
  StringInfoData list;
  initStringInfo(&list);
  for (int32_t i = 0; i < kRecordColumnCount; i++) {
    if (!HasColumn(left_out, i)) {
      const char *name = kColumns[i].name.data();
      appendStringInfoString(&list, list.len > 0 ? ", " : "");
      for (const char *byte = format; *byte != '\0'; byte++) {
        if (*byte == '%') {
          appendStringInfoString(&list, name);
        } else {
          appendStringInfoChar(&list, *byte);
        }
      }
    }
  }
  return list.data;
}

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
  const char *table = psprintf("%s.ConferenceCall2", extension.quoted_schema);
  read_ = psprintf("SELECT %s FROM %s WHERE CallID OPERATOR(pg_catalog.=) ANY ($1)",
                   TypedColumnList(), table);
  read_and_lock_ = psprintf("%s FOR UPDATE", read_);
  const char *columns = ColumnList("%");
  insert_ = psprintf("INSERT INTO %s (%s) SELECT %s FROM %s ON CONFLICT (CallID) DO NOTHING", table,
                     columns, columns, kRowsName);
  update_ = psprintf(
      "UPDATE %s AS stored SET %s FROM %s AS incoming"
      " WHERE stored.CallID OPERATOR(pg_catalog.=) incoming.CallID",
      table, ColumnList("% = incoming.%", ~kRewritable), kRowsName);
  const char *sequence = psprintf("%s.conferencecall2_callid_seq", extension.quoted_schema);
  continue_above_ = psprintf(
      "SELECT pg_catalog.setval(%s::pg_catalog.regclass, $1) FROM %s"
      " WHERE last_value OPERATOR(pg_catalog.<) $1"
      " OR (last_value OPERATOR(pg_catalog.=) $1 AND NOT is_called)",
      quote_literal_cstr(sequence), sequence);
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
