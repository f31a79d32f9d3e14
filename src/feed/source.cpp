// Asking a feed's relation. Every question is planned anew with the CallIDs written into it:
// mysql_fdw sends such conditions to the portal, but not parameters in all of its plans.
#include "feed/source.hpp"

#include <charconv>

#include "base/memory.hpp"
#include "base/statement.hpp"
#include "base/values.hpp"
#include "core/columns.hpp"
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

// The calls that meet conditions. %1$s are the fields, %2$s the relation.
constexpr const char *kReadCalls = R"sql(
SELECT %1$s FROM %2$s WHERE %3$s)sql";

// Conditions on the column %2$s. The list is what IN stands for, with an operator that no
// search_path can replace. %1$s leads over from the condition before it.
constexpr const char *kInRange =
    R"sql(%1$s(%2$s OPERATOR(pg_catalog.>=) %3$lld AND %2$s OPERATOR(pg_catalog.<=) %4$lld))sql";

constexpr const char *kInList =
    R"sql(%1$s%2$s OPERATOR(pg_catalog.=) ANY ('{%3$s}'::pg_catalog.int8[]))sql";

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

// Rejects a call that the source cannot deliver.
void RejectUnreadable(int64_t call_id, const ErrorData *failure, RecordImport *import) {
  Reject reject;
  reject.raw_text = psprintf(INT64_FORMAT, call_id);
  reject.has_call_id = true;
  reject.call_id = call_id;
  reject.reason = psprintf("cannot be read from the source: %s", failure->message);
  import->AddReject(reject);
}

}  // namespace

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
  const char *query = psprintf(kReadHighest, relation_.call_id_name, relation_.quoted_name);
  // mysql_fdw takes a connection that broke for the end of such an answer, and reports it with
  // the next question.
  return ReadOneCallId(query, call_id) || ReadOneCallId(query, call_id);
}

bool FeedSource::ReadNextCallId(int64_t above, int64_t *call_id) const {
  const char *query =
      psprintf(kReadNext, relation_.call_id_name, relation_.quoted_name, LongLong(above));
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
      appendStringInfo(&conditions, kInRange, conditions.len > 0 ? " OR " : "",
                       relation_.call_id_name, LongLong(range.first), LongLong(range.last));
    }
  }
  if (single.len > 0) {
    appendStringInfo(&conditions, kInList, conditions.len > 0 ? " OR " : "", relation_.call_id_name,
                     single.data);
  }
  return psprintf(kReadCalls, relation_.field_names, relation_.quoted_name, conditions.data);
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
  CountFailedQuestion(relation_.name);

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
  RejectUnreadable(range.first, failure, import);
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
  for (int i = 0; i < relation_.field_count; i++) {
    appendStringInfoString(&raw_text, i > 0 ? "," : "");
    const char *value = SPI_getvalue(row, columns, i + 1);
    if (value == nullptr) {
      continue;
    }
    const RecordColumn column = relation_.fields[i];
    record.fields[column] = {value, true};
    if (!AppendField(&raw_text, value)) {
      reject.field = kColumns[column].name.data();
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
  import->AddReject(reject);
  return call_id;
}

}  // namespace vidyo_cdr
