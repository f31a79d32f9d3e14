// Reading the options of a COPY statement.
#include "copy/statement.hpp"

#include "base/memory.hpp"

#include <algorithm>
#include <iterator>
#include <string_view>

namespace vidyo_cdr {

namespace {

// The options that change only how a record is written, or that COPY carries out itself.
bool IsKnownOption(std::string_view name) {
  constexpr std::string_view kKnown[] = {"format", "encoding", "header", "delimiter",
                                         "null",   "quote",    "escape", "force_quote"};
  return std::find(std::begin(kKnown), std::end(kKnown), name) != std::end(kKnown);
}

// The fields of the query's rows, each from the column of the same number, with the quotes that
// FORCE_QUOTE wants; palloc'ed.
RecordField *FieldsOf(TupleDesc columns, const CopyFormatOptions &options) {
  auto *fields = AllocateArray<RecordField>(columns->natts);
  for (int i = 0; i < columns->natts; i++) {
    fields[i] = {static_cast<AttrNumber>(i + 1), options.force_quote_all};
  }
  if (options.force_quote != NIL) {
    ListCell *cell;
    foreach (cell, CopyGetAttnums(columns, nullptr, options.force_quote)) {
      fields[lfirst_int(cell) - 1].force_quotes = true;
    }
  }
  return fields;
}

// The size of the line with the columns' names.
int64_t HeaderSize(TupleDesc columns, const CsvDialect &dialect) {
  const CsvTextWriter writer(dialect);
  char field[CsvTextWriter::MaxSize(NAMEDATALEN)];
  int64_t size = std::max(columns->natts, 1);  // delimiters and the line feed
  for (int i = 0; i < columns->natts; i++) {
    size += writer.Write(field, NameStr(TupleDescAttr(columns, i)->attname), false) - field;
  }
  return size;
}

}  // namespace

const CopyStmt *AsCopyOfQuery(const PlannedStmt *planned) {
  if (planned->utilityStmt == nullptr || !IsA(planned->utilityStmt, CopyStmt)) {
    return nullptr;
  }
  const auto *statement = castNode(CopyStmt, planned->utilityStmt);
  return !statement->is_from && statement->query != nullptr ? statement : nullptr;
}

const CopyStmt *FindClientCopy(const char *query_text) {
  const Portal portal = ActivePortal;
  if (portal == nullptr || portal->sourceText != query_text || list_length(portal->stmts) != 1) {
    return nullptr;
  }
  return AsCopyOfQuery(linitial_node(PlannedStmt, portal->stmts));
}

bool IsKnownCopy(const CopyStmt *statement) {
  bool is_csv = false;
  int encoding = pg_get_client_encoding();
  ListCell *cell;
  foreach (cell, statement->options) {
    auto *option = lfirst_node(DefElem, cell);
    if (!IsKnownOption(option->defname)) {
      return false;
    }
    if (strcmp(option->defname, "format") == 0) {
      is_csv = strcmp(defGetString(option), "csv") == 0;
    } else if (strcmp(option->defname, "encoding") == 0) {
      encoding = pg_char_to_encoding(defGetString(option));
    }
  }
  const bool converts = encoding != GetDatabaseEncoding() && encoding != PG_SQL_ASCII;
  const bool to_client = statement->filename == nullptr;
  return is_csv && !converts && !statement->is_program &&
         (!to_client || whereToSendOutput == DestRemote);
}

CopyForm FormOfCopy(const CopyStmt *statement, TupleDesc columns) {
  CopyFormatOptions options = {};
  ProcessCopyOptions(nullptr, &options, false, statement->options);
  CopyForm form = {};
  CsvDialect &dialect = form.style.dialect;
  dialect.delimiter = options.delim[0];
  dialect.quote = options.quote[0];
  dialect.escape = options.escape[0];
  dialect.null_text = {options.null_print, static_cast<size_t>(options.null_print_len)};
  dialect.single_field = columns->natts == 1;
  form.style.fields = FieldsOf(columns, options);
  form.style.field_count = columns->natts;
  form.header_size = options.header_line ? HeaderSize(columns, dialect) : 0;
  return form;
}

}  // namespace vidyo_cdr
