// Rows for queries, as what PostgreSQL calls an ephemeral named relation.
#include "base/named_rows.hpp"

#include "base/memory.hpp"

namespace vidyo_cdr {

void NamedRows::Put(const Datum *values, const bool *nulls) {
  if (rows_ == nullptr) {
    rows_ = InMemoryContext(context_, [] { return tuplestore_begin_heap(false, false, work_mem); });
  }
  tuplestore_putvalues(rows_, columns_, const_cast<Datum *>(values), const_cast<bool *>(nulls));
  count_++;
}

void NamedRows::Close() {
  if (rows_ != nullptr) {
    tuplestore_end(rows_);
    rows_ = nullptr;
  }
}

uint64_t NamedRows::Run(const char *statement, int expected,
                        std::initializer_list<Parameter> parameters) {
  // A level of SPI's own, since what SPI notes of the name lives in the memory context that is
  // current.
  SPI_connect();
  EphemeralNamedRelationData relation = {};
  relation.md.name = const_cast<char *>(name_);
  relation.md.tupdesc = columns_;
  relation.md.enrtype = ENR_NAMED_TUPLESTORE;
  relation.md.enrtuples = static_cast<double>(count_);
  relation.reldata = rows_;
  if (SPI_register_relation(&relation) != SPI_OK_REL_REGISTER) {
    elog(ERROR, "could not register rows \"%s\"", name_);
  }
  const uint64_t processed = RunStatement(statement, expected, parameters);
  SPI_finish();
  return processed;
}

char *NamedRows::ArraySource(TupleDesc columns) {
  StringInfoData arrays;
  StringInfoData names;
  initStringInfo(&arrays);
  initStringInfo(&names);
  for (int i = 0; i < columns->natts; i++) {
    const char *separator = i > 0 ? ", " : "";
    appendStringInfo(&arrays, "%spg_catalog.unnest($%d)", separator, i + 1);
    appendStringInfo(&names, "%s%s", separator,
                     quote_identifier(NameStr(TupleDescAttr(columns, i)->attname)));
  }
  return psprintf("ROWS FROM (%s) AS rows_in_memory (%s)", arrays.data, names.data);
}

// Copies the rows' values, those of one column after those of the other.
void NamedRows::ReadColumns(Datum *values, bool *nulls) {
  TupleTableSlot *slot = MakeSingleTupleTableSlot(columns_, &TTSOpsMinimalTuple);
  tuplestore_rescan(rows_);
  for (int64_t row = 0; tuplestore_gettupleslot(rows_, true, false, slot); row++) {
    slot_getallattrs(slot);
    for (int column = 0; column < columns_->natts; column++) {
      const Form_pg_attribute attribute = TupleDescAttr(columns_, column);
      const int64_t place = column * count_ + row;
      nulls[place] = slot->tts_isnull[column];
      values[place] = nulls[place] ? Datum{0}
                                   : datumCopy(slot->tts_values[column], attribute->attbyval,
                                               attribute->attlen);
    }
  }
  ExecDropSingleTupleTableSlot(slot);
}

// The values of one column as an array.
Parameter NamedRows::ArrayOf(int column, Datum *values, bool *nulls) const {
  const Form_pg_attribute attribute = TupleDescAttr(columns_, column);
  int dimensions[] = {static_cast<int>(count_)};
  int bounds[] = {1};
  ArrayType *array =
      construct_md_array(values, nulls, 1, dimensions, bounds, attribute->atttypid,
                         attribute->attlen, attribute->attbyval, attribute->attalign);
  return {get_array_type(attribute->atttypid), PointerGetDatum(array)};
}

uint64_t NamedRows::RunWithArrays(const char *statement, int expected) {
  const int column_count = columns_->natts;
  auto *values = AllocateArray<Datum>(count_ * column_count);
  auto *nulls = AllocateArray<bool>(count_ * column_count);
  ReadColumns(values, nulls);
  auto *arrays = AllocateArray<Parameter>(column_count);
  for (int column = 0; column < column_count; column++) {
    arrays[column] = ArrayOf(column, values + column * count_, nulls + column * count_);
  }
  return RunStatement(statement, expected, arrays, column_count);
}

}  // namespace vidyo_cdr
