// The import's statements. They name table, columns and operators in full, so that no search_path
// can put others in their place; casts hold even where a column's type has been altered.
#include "import/stored_records.hpp"

#include "core/columns.hpp"

namespace vidyo_cdr {

namespace {

// The statements. %1$s is the extension's schema, %2$s columns, %3$s the rows in memory; $1 and $2
// are the lowest and the highest CallID.
constexpr const char *kReadRange = R"sql(
SELECT %2$s FROM %1$s.ConferenceCall2
WHERE CallID OPERATOR(pg_catalog.>=) $1 AND CallID OPERATOR(pg_catalog.<=) $2)sql";

// $3 are the CallIDs, in a subquery for the planner not to look each of them up in its statistics.
constexpr const char *kRead =
    "%s AND CallID OPERATOR(pg_catalog.=) ANY ((SELECT $3)::pg_catalog.int8[])";

constexpr const char *kStoredAmong = R"sql(
SELECT coalesce(pg_catalog.array_agg(CallID), '{}') FROM %s.ConferenceCall2
WHERE CallID OPERATOR(pg_catalog.=) ANY ((SELECT $1)::pg_catalog.int8[]))sql";

constexpr const char *kInsert = R"sql(
INSERT INTO %1$s.ConferenceCall2 (%2$s) SELECT %2$s FROM %3$s)sql";

// %2$s are assignments here and below.
constexpr const char *kUpdate = R"sql(
UPDATE %1$s.ConferenceCall2 AS stored SET %2$s FROM %3$s AS incoming
WHERE stored.CallID OPERATOR(pg_catalog.=) incoming.CallID
    AND stored.CallID OPERATOR(pg_catalog.>=) $1 AND stored.CallID OPERATOR(pg_catalog.<=) $2)sql";

// The same on nodes, behind an insertion: Citus hands each row to its node, where for an update it
// would hand all rows to every shard.
constexpr const char *kUpdateOnNodes = "%1$s ON CONFLICT (CallID) DO UPDATE SET %2$s";

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

StoredRecords::StoredRecords(const Extension &extension, Insertion insertion) {
  const char *schema = extension.quoted_schema;
  const Oid table = FindMemberRelation(extension, kRecordsTable);  // locked
  placement_ = PlacementOf(table);
  read_range_ = psprintf(kReadRange, schema, TypedColumnList());
  read_ = psprintf(kRead, read_range_);
  const bool is_on_nodes = placement_ == Placement::kOnNodes;
  read_and_lock_ = is_on_nodes ? read_ : psprintf("%s FOR UPDATE", read_);  // LockImportTables()
  stored_among_ = psprintf(kStoredAmong, schema);
  const char *rows = is_on_nodes ? NamedRows::ArraySource(ImportRecordColumns()) : kRowsName;
  insert_ = psprintf(kInsert, schema, ColumnList(kAllColumns), rows);
  // What an import may change in a stored record.
  constexpr ColumnSet kRewritable = ColumnsWith(&Column::is_rewritable);
  update_ = is_on_nodes
                ? psprintf(kUpdateOnNodes, insert_, ColumnList(kRewritable, "%1$s = excluded.%1$s"))
                : psprintf(kUpdate, schema, ColumnList(kRewritable, "%1$s = incoming.%1$s"), rows);
  if (insertion == Insertion::kUnlessStored) {
    insert_ = psprintf("%s ON CONFLICT (CallID) DO NOTHING", insert_);
  }
  // The caller must be allowed to see what is inserted, as with ON CONFLICT; and with ON CONFLICT
  // Citus counts only the rows that come back right.
  if (is_on_nodes || (insertion == Insertion::kOrFail && PoliciesHold(table))) {
    insert_ = psprintf("%s RETURNING CallID", insert_);
    insert_result_ = SPI_OK_INSERT_RETURNING;
  }
  const char *sequence = psprintf("%s.conferencecall2_callid_seq", schema);
  continue_above_ = psprintf(kContinueAbove, schema, quote_literal_cstr(sequence));
}

uint64_t StoredRecords::Read(const CallIds &call_ids, bool lock) const {
  const Parameter lowest = NumberParameter(call_ids.lowest);
  const Parameter highest = NumberParameter(call_ids.highest);
  if (!lock && call_ids.IsDense()) {
    return RunStatement(read_range_, SPI_OK_SELECT, {lowest, highest});
  }
  return RunStatement(lock ? read_and_lock_ : read_, SPI_OK_SELECT,
                      {lowest, highest, {INT8ARRAYOID, PointerGetDatum(call_ids.all)}});
}

ArrayType *StoredRecords::StoredAmong(ArrayType *call_ids) const {
  RunStatement(stored_among_, SPI_OK_SELECT, {{INT8ARRAYOID, PointerGetDatum(call_ids)}});
  ArrayType *stored = DatumGetArrayTypePCopy(ResultValue(0, 1));
  SPI_freetuptable(SPI_tuptable);
  return stored;
}

uint64_t StoredRecords::Insert(NamedRows &records) const {
  return placement_ == Placement::kOnNodes ? records.RunWithArrays(insert_, insert_result_)
                                           : records.Run(insert_, insert_result_);
}

uint64_t StoredRecords::Update(NamedRows &records, const CallIds &call_ids) const {
  return placement_ == Placement::kOnNodes
             ? records.RunWithArrays(update_, SPI_OK_INSERT)
             : records.Run(update_, SPI_OK_UPDATE,
                           {NumberParameter(call_ids.lowest), NumberParameter(call_ids.highest)});
}

void StoredRecords::ContinueAbove(int64_t call_id) const {
  RunStatement(continue_above_, SPI_OK_SELECT, {NumberParameter(call_id)});
}

ImportRecord ReadStoredRecord(uint64_t row) {
  ImportRecord record = {};
  heap_deform_tuple(SPI_tuptable->vals[row], SPI_tuptable->tupdesc, record.values, record.nulls);
  return record;
}

}  // namespace vidyo_cdr
