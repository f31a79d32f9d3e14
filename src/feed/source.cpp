// Asking a feed's relation. Every question is planned anew with the CallIDs written into it:
// mysql_fdw sends such conditions to the portal, but not parameters in all of its plans.
#include "feed/source.hpp"

#include <charconv>

#include "base/memory.hpp"
#include "base/statement.hpp"
#include "core/columns.hpp"
#include "core/csv/header.hpp"
#include "core/csv/text.hpp"

namespace vidyo_cdr {

namespace {

// The highest CallID, and the lowest one above %3$lld. %1$s is the column, %2$s the relation. A
// WITH makes mysql_fdw send max() to the portal, which answers from its index. Without one,
// PostgreSQL turns it into an ORDER BY with LIMIT, for which the portal sorts all calls.
constexpr const char *kReadHighest = R"sql(
WITH unused AS (SELECT)
SELECT pg_catalog.max(%1$s) FROM %2$s)sql";

constexpr const char *kReadNext = R"sql(
WITH unused AS (SELECT)
SELECT pg_catalog.min(%1$s) FROM %2$s WHERE %1$s OPERATOR(pg_catalog.>) %3$lld)sql";

// Conditions on the column %2$s. The list is what IN stands for, with an operator that no
// search_path can replace. %1$s leads over from the condition before it.
constexpr const char *kInRange =
    R"sql(%1$s(%2$s OPERATOR(pg_catalog.>=) %3$lld AND %2$s OPERATOR(pg_catalog.<=) %4$lld))sql";

constexpr const char *kInList =
    R"sql(%1$s%2$s OPERATOR(pg_catalog.=) ANY ('{%3$s}'::pg_catalog.int8[]))sql";

// The columns of a relation that is open, and of each which column of ConferenceCall2 it is.
struct SourceColumns {
  Form_pg_attribute attributes[kMaxCsvFields];
  int columns[kMaxCsvFields];  // or kUnknownColumn
  int count;
  ColumnSet given;
};

// Finds the columns by their names, as those of a file are found.
SourceColumns *FindColumns(Relation relation) {
  auto *found = static_cast<SourceColumns *>(palloc0(sizeof(SourceColumns)));
  CsvField fields[kMaxCsvFields];
  const TupleDesc columns = RelationGetDescr(relation);
  for (int i = 0; i < columns->natts && found->count < kMaxCsvFields; i++) {
    const Form_pg_attribute column = TupleDescAttr(columns, i);
    if (!column->attisdropped) {
      fields[found->count] = {NameStr(column->attname), false};
      found->attributes[found->count++] = column;
    }
  }
  const CsvHeader header = MapCsvHeader(fields, found->count, found->columns);
  if (header.twice != 0) {
    ereport(ERROR, (errcode(ERRCODE_DUPLICATE_COLUMN),
                    errmsg("relation \"%s\" has duplicate columns in different spellings: %s",
                           RelationGetRelationName(relation), ColumnList(header.twice)),
                    errhint("Use a view that has each column once.")));
  }
  if (header.missing != 0) {
    ereport(ERROR,
            (errcode(ERRCODE_UNDEFINED_COLUMN),
             errmsg("relation \"%s\" is missing required columns: %s",
                    RelationGetRelationName(relation), ColumnList(header.missing)),
             errhint("sync_cdr requires the portal's column names, in upper or lower case.")));
  }
  found->given = header.given;
  return found;
}

// Opens a relation that has rows.
Relation OpenSource(Oid source) {
  // A regclass can be a number that no relation has, or that of one dropped meanwhile.
  Relation relation = try_relation_open(source, AccessShareLock);
  if (relation == nullptr) {
    ereport(ERROR, (errcode(ERRCODE_UNDEFINED_TABLE),
                    errmsg("relation with OID %u does not exist", source),
                    errhint("Specify an existing foreign table, view or table.")));
  }
  if (strchr("rpvmf", relation->rd_rel->relkind) == nullptr) {
    ereport(
        ERROR,
        (errcode(ERRCODE_WRONG_OBJECT_TYPE),
         errmsg("\"%s\" is not a table or view", RelationGetRelationName(relation)),
         errhint("sync_cdr reads a foreign table, a view or a table with the portal's columns.")));
  }
  return relation;
}

// CallIDs are compared with numbers, at the portal too.
void CheckCallIdType(Relation relation, Form_pg_attribute column) {
  const Oid type = column->atttypid;
  if (type != INT2OID && type != INT4OID && type != INT8OID) {
    ereport(ERROR, (errcode(ERRCODE_DATATYPE_MISMATCH),
                    errmsg("column \"%s\" of relation \"%s\" has type %s", NameStr(column->attname),
                           RelationGetRelationName(relation), format_type_be(type)),
                    errhint("Its type must be integer or bigint.")));
  }
}

// A text with the bytes that the database's encoding does not have as \xNN.
std::string_view ReadableText(std::string_view text) {
  StringInfoData readable;
  initStringInfo(&readable);
  while (!text.empty()) {
    const int valid =
        pg_encoding_verifymbstr(GetDatabaseEncoding(), text.data(), static_cast<int>(text.size()));
    appendBinaryStringInfo(&readable, text.data(), valid);
    text.remove_prefix(static_cast<size_t>(valid));
    if (!text.empty()) {
      appendStringInfo(&readable, "\\x%02x", static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
    }
  }
  return {readable.data, static_cast<size_t>(readable.len)};
}

// Writes a field as CSV, and returns whether it is valid in the database's encoding: a foreign
// table hands on whatever bytes the other database has.
bool AppendField(StringInfo line, std::string_view value) {
  const bool is_valid = pg_verifymbstr(value.data(), static_cast<int>(value.size()), true);
  const std::string_view field = is_valid ? value : ReadableText(value);
  const CsvTextWriter writer{CsvDialect{}};
  enlargeStringInfo(line, static_cast<int>(CsvTextWriter::MaxSize(field.size())));
  const char *end = writer.Write(line->data + line->len, field, false);
  line->len = static_cast<int>(end - line->data);
  line->data[line->len] = '\0';
  return is_valid;
}

// Whether an error is about a value: one that its column's type or domain does not take.
bool IsAboutValue(const ErrorData *error) {
  const int category = ERRCODE_TO_CATEGORY(error->sqlerrcode);
  return category == ERRCODE_DATA_EXCEPTION || category == ERRCODE_INTEGRITY_CONSTRAINT_VIOLATION;
}

// A scan of mysql_fdw that ends with an error leaves its prepared statement open on the portal
// until the session ends. The portal has room for 16,382 of them, for all its clients together.
constexpr int kMaxFailedQuestions = 8000;
int failed_questions = 0;  // in this session

// Counts a question that failed for a value, and ends the sync before the portal suffers.
void CountFailedQuestion(const char *source) {
  if (++failed_questions >= kMaxFailedQuestions) {
    ereport(ERROR, (errcode(ERRCODE_PROGRAM_LIMIT_EXCEEDED),
                    errmsg("too many values of \"%s\" do not fit its columns", source),
                    errdetail("%d queries of this session have failed, and each may have left a "
                              "statement open on the portal.",
                              failed_questions),
                    errhint("Declare the foreign table's columns as text, which sync_cdr converts "
                            "itself, and call it in a new session.")));
  }
}

// The CallID in a text, or 0.
int64_t CallIdOf(std::string_view text) {
  int64_t call_id = 0;
  std::from_chars(text.data(), text.data() + text.size(), call_id);
  return call_id;
}

}  // namespace

FeedSource::FeedSource(Oid source) {
  Relation relation = OpenSource(source);
  schema_ = get_namespace_name(RelationGetNamespace(relation));
  name_ = pstrdup(RelationGetRelationName(relation));
  relation_ = quote_qualified_identifier(schema_, name_);
  ReadColumns(relation);
  relation_close(relation, NoLock);
}

// Finds the relation's columns and makes of them the query, and the header that stands for it.
void FeedSource::ReadColumns(Relation relation) {
  const SourceColumns *found = FindColumns(relation);
  columns_ = found->given;
  StringInfoData select;
  StringInfoData header;
  initStringInfo(&select);
  initStringInfo(&header);
  appendStringInfoString(&select, "SELECT ");
  for (int i = 0; i < found->count; i++) {
    const int column = found->columns[i];
    if (column == kUnknownColumn) {
      continue;
    }
    const Form_pg_attribute attribute = found->attributes[i];
    const char *name = pstrdup(quote_identifier(NameStr(attribute->attname)));
    if (column == kCallID) {
      CheckCallIdType(relation, attribute);
      call_id_name_ = name;
    }
    appendStringInfo(&select, "%s%s", field_count_ > 0 ? ", " : "", name);
    appendStringInfo(&header, "%s%s", field_count_ > 0 ? "," : "", kColumns[column].name.data());
    Assert(field_count_ < kRecordColumnCount);  // no column comes twice
    fields_[field_count_++] = static_cast<RecordColumn>(column);
  }
  appendStringInfo(&select, " FROM %s", relation_);
  select_ = select.data;
  header_ = {header.data, static_cast<size_t>(header.len)};
}

// Runs a query that returns one CallID or NULL.
bool FeedSource::ReadOneCallId(const char *query, int64_t *call_id) const {
  RunStatement(query, SPI_OK_SELECT, {});
  const char *text =
      SPI_processed == 1 ? SPI_getvalue(SPI_tuptable->vals[0], SPI_tuptable->tupdesc, 1) : nullptr;
  if (text != nullptr) {
    *call_id = DatumGetInt64(DirectFunctionCall1(int8in, CStringGetDatum(text)));
  }
  SPI_freetuptable(SPI_tuptable);
  return text != nullptr;
}

bool FeedSource::ReadHighestCallId(int64_t *call_id) const {
  const char *query = psprintf(kReadHighest, call_id_name_, relation_);
  // mysql_fdw takes a connection that broke for the end of such an answer, and reports it with
  // the next question.
  return ReadOneCallId(query, call_id) || ReadOneCallId(query, call_id);
}

bool FeedSource::ReadNextCallId(int64_t above, int64_t *call_id) const {
  const char *query = psprintf(kReadNext, call_id_name_, relation_, static_cast<long long>(above));
  return ReadOneCallId(query, call_id) || ReadOneCallId(query, call_id);
}

// The query for the calls in the ranges.
char *FeedSource::Query(CallIdRanges ranges) const {
  StringInfoData conditions;
  StringInfoData single;
  initStringInfo(&conditions);
  initStringInfo(&single);
  for (const CallIdRange &range : ranges) {
    if (range.first == range.last) {
      appendStringInfo(&single, "%s" INT64_FORMAT, single.len > 0 ? ", " : "", range.first);
    } else {
      appendStringInfo(&conditions, kInRange, conditions.len > 0 ? " OR " : "", call_id_name_,
                       static_cast<long long>(range.first), static_cast<long long>(range.last));
    }
  }
  if (single.len > 0) {
    appendStringInfo(&conditions, kInList, conditions.len > 0 ? " OR " : "", call_id_name_,
                     single.data);
  }
  return psprintf("%s WHERE %s", select_, conditions.data);
}

// Asks for the calls in the ranges; they are then in SPI_tuptable. Returns false, with the error,
// when the source has a value that it cannot deliver; other errors are the caller's.
bool FeedSource::Ask(CallIdRanges ranges, ErrorData **failure) const {
  const char *query = Query(ranges);
  *failure = TryInSubtransaction([query] { RunStatement(query, SPI_OK_SELECT, {}); });
  if (*failure != nullptr && !IsAboutValue(*failure)) {
    ReThrowError(*failure);
  }
  return *failure == nullptr;
}

CallIdList FeedSource::Read(CallIdRanges ranges, RecordImport *import) const {
  CallIdList found;
  ReadInto(ranges, import, &found);
  found.Sort();
  return found;
}

// Reads the ranges. Where the source cannot deliver them all, they are asked for in halves, down to
// the one call that is at fault.
void FeedSource::ReadInto(CallIdRanges ranges, RecordImport *import, CallIdList *found) const {
  CHECK_FOR_INTERRUPTS();
  check_stack_depth();
  ErrorData *failure = nullptr;
  if (Ask(ranges, &failure)) {
    TakeRows(import, found);
    return;
  }
  CountFailedQuestion(name_);

  if (ranges.count > 1) {
    const int half = ranges.count / 2;
    ReadInto({ranges.ranges, half}, import, found);
    ReadInto({ranges.ranges + half, ranges.count - half}, import, found);
    return;
  }
  const CallIdRange range = ranges.ranges[0];
  if (range.first < range.last) {
    const int64_t middle = range.first + (range.last - range.first) / 2;
    const CallIdRange halves[] = {{range.first, middle}, {middle + 1, range.last}};
    ReadInto({&halves[0], 1}, import, found);
    ReadInto({&halves[1], 1}, import, found);
    return;
  }
  Reject reject;
  reject.raw_text = psprintf(INT64_FORMAT, range.first);
  reject.has_call_id = true;
  reject.call_id = range.first;
  reject.reason = psprintf("cannot be read from the source: %s", failure->message);
  import->Refuse(reject);
  found->Add(range.first);
}

// Takes the rows in SPI_tuptable.
void FeedSource::TakeRows(RecordImport *import, CallIdList *found) const {
  SPITupleTable *table = SPI_tuptable;
  const uint64_t count = SPI_processed;
  const MemoryContext row_context =
      AllocSetContextCreate(CurrentMemoryContext, "vidyo_cdr row", ALLOCSET_DEFAULT_SIZES);
  for (uint64_t row = 0; row < count; row++) {
    CHECK_FOR_INTERRUPTS();
    MemoryContextReset(row_context);
    const int64_t call_id = InMemoryContext(
        row_context, [&] { return TakeRow(table->vals[row], table->tupdesc, import); });
    if (call_id != 0) {
      found->Add(call_id);
    }
  }
  MemoryContextDelete(row_context);
  SPI_freetuptable(table);
}

// Takes a row and returns its CallID, or 0 when it has none.
int64_t FeedSource::TakeRow(HeapTuple row, TupleDesc columns, RecordImport *import) const {
  RecordText record;
  StringInfoData raw_text;
  initStringInfo(&raw_text);
  Reject reject;
  for (int i = 0; i < field_count_; i++) {
    appendStringInfoString(&raw_text, i > 0 ? "," : "");
    const char *value = SPI_getvalue(row, columns, i + 1);
    if (value == nullptr) {
      continue;
    }
    record.fields[fields_[i]] = {value, true};
    if (!AppendField(&raw_text, value)) {
      reject.field = kColumns[fields_[i]].name.data();
    }
  }
  const std::string_view raw = {raw_text.data, static_cast<size_t>(raw_text.len)};
  const int64_t call_id = CallIdOf(record.fields[kCallID].text);
  if (reject.field == nullptr) {
    import->Take(record, 0, raw);
    return call_id;
  }
  reject.raw_text = raw;
  reject.has_call_id = call_id != 0;
  reject.call_id = call_id;
  reject.reason = psprintf("is not valid in encoding %s", GetDatabaseEncodingName());
  import->Refuse(reject);
  return call_id;
}

}  // namespace vidyo_cdr
