// Puts the C++ writer in the place of the receiver that PostgreSQL's COPY hands its rows to. All
// else stays PostgreSQL's: privileges, options, planning, opening the file, protocol, header,
// command tag. So every refusal is PostgreSQL's own, and every other hook sees the statement as it
// is.
//
// COPY announces itself in the utility hook, which notes the statement for its options; when its
// query starts, the executor hook decides. What is not known for certain is left to PostgreSQL.
#include "fast_copy.hpp"

#include <new>

#include "copy_output.hpp"
#include "core/export_limit.hpp"
#include "export_function.hpp"
#include "export_pipeline.hpp"
#include "guard.hpp"
#include "held_record_sink.hpp"
#include "held_rows.hpp"
#include "pg_headers.hpp"
#include "record_writer.hpp"
#include "settings.hpp"

namespace vidyo_cdr {

namespace {

ProcessUtility_hook_type next_process_utility = nullptr;
ExecutorStart_hook_type next_executor_start = nullptr;

// How many bytes go out between two looks at interrupts and progress.
constexpr size_t kPortionSize = size_t{64} * 1024;

// The COPY whose query is about to start, nullptr when there is none.
const CopyStmt *starting_copy = nullptr;

// Memory for one row at a time, made in the context that is current then.
class SingleRow final : public RowBuffer {
 public:
  SingleRow() : context_(CurrentMemoryContext) {}

  char *MakeRoom(char *out, size_t size) override {
    const size_t used = static_cast<size_t>(out - row_begin_);
    const size_t capacity = 2 * (used + size);
    char *row = static_cast<char *>(MemoryContextAllocHuge(context_, capacity));
    if (row_begin_ != nullptr) {
      memcpy(row, row_begin_, used);
      pfree(row_begin_);
    }
    row_begin_ = row;
    limit_ = row + capacity;
    return row + used;
  }

 private:
  MemoryContext context_;
};

// The receiver in the place of COPY's.
struct FastCopyReceiver {
  CopyReceiverHead head;  // first: COPY and the executor know it by its head
  const CopyStmt *statement;
  QueryDesc *query;
  RecordWriter *writer;
  CopyOutput *output;
  SingleRow *row;  // of a query that is more than a plain export
};

FastCopyReceiver *ReceiverOf(DestReceiver *self) {
  return reinterpret_cast<FastCopyReceiver *>(self);
}

// Whether the writer knows all that the statement asks for.
bool IsKnownCopy(const CopyStmt *statement) {
  bool is_csv = false;
  int encoding = pg_get_client_encoding();
  ListCell *cell;
  foreach (cell, statement->options) {
    const auto *option = lfirst_node(DefElem, cell);
    if (strcmp(option->defname, "format") == 0) {
      is_csv = strcmp(defGetString(const_cast<DefElem *>(option)), "csv") == 0;
    } else if (strcmp(option->defname, "encoding") == 0) {
      encoding = pg_char_to_encoding(defGetString(const_cast<DefElem *>(option)));
    } else if (strcmp(option->defname, "header") != 0 &&
               strcmp(option->defname, "delimiter") != 0 && strcmp(option->defname, "null") != 0 &&
               strcmp(option->defname, "quote") != 0 && strcmp(option->defname, "escape") != 0 &&
               strcmp(option->defname, "force_quote") != 0) {
      return false;
    }
  }
  const bool converts = encoding != GetDatabaseEncoding() && encoding != PG_SQL_ASCII;
  const bool to_client = statement->filename == nullptr;
  return is_csv && !converts && !statement->is_program &&
         (!to_client || whereToSendOutput == DestRemote);
}

// Whether a plan calls the function: plans note the functions that they depend on.
bool PlanCalls(const PlannedStmt *plan, Oid function) {
  const uint32 hash = GetSysCacheHashValue1(PROCOID, ObjectIdGetDatum(function));
  ListCell *cell;
  foreach (cell, plan->invalItems) {
    const auto *item = lfirst_node(PlanInvalItem, cell);
    if (item->cacheId == PROCOID && item->hashValue == hash) {
      return true;
    }
  }
  return false;
}

// Whether the executor would call export_cdr's C++ function and nothing around it: no SET clause or
// SECURITY DEFINER, no hook, no statistics, nothing that would answer in its place.
bool IsCalledPlainly(Oid function) {
  FmgrInfo called;
  fmgr_info(function, &called);
  return called.fn_addr == vidyo_cdr_export && !called.fn_strict &&
         pgstat_track_functions <= called.fn_stats;
}

// Whether a node's target list is made of columns of its function, and nothing else.
bool SelectsColumns(const List *target_list) {
  ListCell *cell;
  foreach (cell, target_list) {
    const auto *target = lfirst_node(TargetEntry, cell);
    if (target->resjunk || !IsA(target->expr, Var) || castNode(Var, target->expr)->varattno <= 0) {
      return false;
    }
  }
  return true;
}

// The call when the query is no more than columns of one call of export_cdr; nullptr otherwise.
const FuncExpr *PlainExportCall(const QueryDesc *query) {
  if (!IsA(query->planstate, FunctionScanState)) {
    return nullptr;
  }
  const auto *scan = castNode(FunctionScan, query->planstate->plan);
  if (scan->scan.plan.qual != NIL || scan->funcordinality || list_length(scan->functions) != 1 ||
      !SelectsColumns(scan->scan.plan.targetlist)) {
    return nullptr;
  }
  Node *function = linitial_node(RangeTblFunction, scan->functions)->funcexpr;
  if (!IsA(function, FuncExpr)) {
    return nullptr;
  }
  const auto *call = castNode(FuncExpr, function);
  return call->funcid == FindExportFunction() && IsCalledPlainly(call->funcid) ? call : nullptr;
}

// The columns that export_cdr promises.
TupleDesc PromisedColumns(const FuncExpr *call) {
  TupleDesc columns;
  get_expr_result_type(const_cast<Node *>(reinterpret_cast<const Node *>(call)), nullptr, &columns);
  return columns;
}

// The fields of the query's rows, each from the column of the same number, with the quotes that
// FORCE_QUOTE wants; palloc'ed.
RecordField *FieldsOf(TupleDesc columns, const CopyFormatOptions &options) {
  auto *fields =
      static_cast<RecordField *>(palloc(sizeof(RecordField) * static_cast<size_t>(columns->natts)));
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

// How the statement's options want the query's rows.
RecordStyle StyleOf(const CopyStmt *statement, TupleDesc columns) {
  CopyFormatOptions options = {};
  ProcessCopyOptions(nullptr, &options, false, statement->options);
  RecordStyle style;
  style.dialect.delimiter = options.delim[0];
  style.dialect.quote = options.quote[0];
  style.dialect.escape = options.escape[0];
  style.dialect.null_text = {options.null_print, static_cast<size_t>(options.null_print_len)};
  style.dialect.single_field = columns->natts == 1;
  style.fields = FieldsOf(columns, options);
  style.field_count = columns->natts;
  return style;
}

// The node's answer when its rows have gone out already.
TupleTableSlot *NoMoreRows(PlanState *) { return nullptr; }

// The arguments of the call, as the executor would evaluate them, read as an export's request.
ExportRequest EvaluateRequest(const FuncExpr *call, PlanState *node) {
  LOCAL_FCINFO(arguments, 3);
  InitFunctionCallInfoData(*arguments, nullptr, 3, InvalidOid, nullptr, nullptr);
  int i = 0;
  ListCell *cell;
  foreach (cell, call->args) {
    ExprState *argument = ExecInitExpr(static_cast<Expr *>(lfirst(cell)), node);
    arguments->args[i].value =
        ExecEvalExpr(argument, node->ps_ExprContext, &arguments->args[i].isnull);
    i++;
  }
  return ReadExportRequest(arguments);
}

// Feeds the records straight from the export's query to the writer, without the tuplestore and the
// scan in between, in the place of the plan's only node.
void RunPlainExport(FastCopyReceiver *self, const FuncExpr *call) {
  PlanState *node = self->query->planstate;
  if (node->instrument != nullptr) {
    InstrStartNode(node->instrument);
  }

  // The fields come from the columns of the export that the node's target list names.
  RecordStyle style = StyleOf(self->statement, self->query->tupDesc);
  RecordField *field = const_cast<RecordField *>(style.fields);
  ListCell *cell;
  foreach (cell, node->plan->targetlist) {
    field++->column = castNode(Var, lfirst_node(TargetEntry, cell)->expr)->varattno;
  }
  HeldRows *rows = HeldRows::Make(kMaxExportRecords);
  HeldRecordSink sink(style, PromisedColumns(call), rows);
  RunExport(get_func_namespace(call->funcid), EvaluateRequest(call, node), sink);
  HeldPortion portion;
  while (rows->TakeNext(kPortionSize, &portion)) {
    self->output->Send(portion);
  }
  rows->Close();

  node->ExecProcNode = NoMoreRows;
  self->query->estate->es_processed += self->head.processed;
  if (node->instrument != nullptr) {
    InstrStopNode(node->instrument, static_cast<double>(self->head.processed));
  }
}

// COPY has begun: the header is out, rows may follow.
void Start(FastCopyReceiver *self) {
  self->output = new (palloc(sizeof(CopyOutput))) CopyOutput(&self->head);
  if (const FuncExpr *call = PlainExportCall(self->query)) {
    RunPlainExport(self, call);
    return;
  }
  self->writer =
      RecordWriter::Make(StyleOf(self->statement, self->query->tupDesc), self->query->tupDesc);
  self->row = new (palloc(sizeof(SingleRow))) SingleRow;
}

void StartReceiving(DestReceiver *self, int, TupleDesc) {
  FastCopyReceiver *receiver = ReceiverOf(self);
  const MemoryContext caller_context = MemoryContextSwitchTo(receiver->query->estate->es_query_cxt);
  Start(receiver);
  MemoryContextSwitchTo(caller_context);
}

// A row of any other query over export_cdr goes out at once, as with PostgreSQL's COPY.
bool ReceiveRow(TupleTableSlot *row, DestReceiver *self) {
  FastCopyReceiver *receiver = ReceiverOf(self);
  const char *end = receiver->writer->Write(row, *receiver->row);
  const char *begin = receiver->row->RowBegin();
  const auto size = static_cast<uint32_t>(end - begin);
  receiver->output->Send({begin, size, &size, 1});
  return true;
}

void StopReceiving(DestReceiver *) {}

// Gives the query our receiver instead of COPY's.
void TakeOver(QueryDesc *query, const CopyStmt *statement) {
  auto *receiver = static_cast<FastCopyReceiver *>(
      MemoryContextAllocZero(query->estate->es_query_cxt, sizeof(FastCopyReceiver)));
  receiver->head = *reinterpret_cast<CopyReceiverHead *>(query->dest);
  receiver->head.receiver = {ReceiveRow, StartReceiving, StopReceiving, StopReceiving, DestCopyOut};
  receiver->statement = statement;
  receiver->query = query;
  query->dest = &receiver->head.receiver;
}

bool CanTakeOver(const QueryDesc *query, const CopyStmt *statement) {
#if PG_VERSION_NUM >= 200000
  return false;  // copy_output.cpp has not been compared with this version
#endif
  if (!fast_copy || query->operation != CMD_SELECT || query->plannedstmt->hasModifyingCTE ||
      !IsKnownCopy(statement)) {
    return false;
  }
  const Oid export_function = FindExportFunction();
  return OidIsValid(export_function) && PlanCalls(query->plannedstmt, export_function);
}

void StartExecutor(QueryDesc *query, int flags) {
  if (next_executor_start != nullptr) {
    next_executor_start(query, flags);
  } else {
    standard_ExecutorStart(query, flags);
  }
  if (starting_copy != nullptr && query->dest->mydest == DestCopyOut) {
    const CopyStmt *statement = starting_copy;
    starting_copy = nullptr;
    if (CanTakeOver(query, statement)) {
      TakeOver(query, statement);
    }
  }
}

void OnExecutorStart(QueryDesc *query, int flags) {
  VIDYO_CDR_GUARD(return StartExecutor(query, flags));
}

// Notes a COPY of a query while PostgreSQL runs it; a command inside it has its own note.
void ProcessUtilityNotingCopy(PlannedStmt *planned, const char *query_string, bool read_only_tree,
                              ProcessUtilityContext context, ParamListInfo params,
                              QueryEnvironment *environment, DestReceiver *receiver,
                              QueryCompletion *completion) {
  const CopyStmt *outer_copy = starting_copy;
  starting_copy = nullptr;
  if (IsA(planned->utilityStmt, CopyStmt)) {
    const auto *statement = castNode(CopyStmt, planned->utilityStmt);
    if (!statement->is_from && statement->query != nullptr) {
      starting_copy = statement;
    }
  }
  PG_TRY();
  {
    (next_process_utility != nullptr ? next_process_utility : standard_ProcessUtility)(
        planned, query_string, read_only_tree, context, params, environment, receiver, completion);
  }
  PG_FINALLY();
  { starting_copy = outer_copy; }
  PG_END_TRY();
}

void OnProcessUtility(PlannedStmt *planned, const char *query_string, bool read_only_tree,
                      ProcessUtilityContext context, ParamListInfo params,
                      QueryEnvironment *environment, DestReceiver *receiver,
                      QueryCompletion *completion) {
  VIDYO_CDR_GUARD(return ProcessUtilityNotingCopy(planned, query_string, read_only_tree, context,
                                                  params, environment, receiver, completion));
}

}  // namespace

void InstallFastCopy() {
  next_process_utility = ProcessUtility_hook;
  ProcessUtility_hook = OnProcessUtility;
  next_executor_start = ExecutorStart_hook;
  ExecutorStart_hook = OnExecutorStart;
}

}  // namespace vidyo_cdr
